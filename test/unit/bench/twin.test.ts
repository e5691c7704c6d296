/**
 * A run that is trained by us and by its twin in PyTorch (test/bench/twinTrain.py): the same steps from the same
 * checkpoint folder, and what one has written the other goes on with. Skipped where there is no PyTorch.
 */
import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBest } from '../../../models/training/best';
import { listCheckpoints, readNewestCheckpoint } from '../../../models/training/checkpoints';
import { readMetrics } from '../../../models/training/metrics/metricsFile';
import { resumeRun, startRun, type LegOptions } from '../../../models/training/trainingRun';
import { howToInstall } from '../../bench/pytorch.mjs';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { changedTwin, limitMs, settingsFor, torch, twin } from './twinRuns';

const inFolder = temporaryFolder('twin');

/** What must repeat of the steps and validations after a step: all but what they took, and what we alone translate. */
async function linesAfter(run: string, step: number): Promise<Record<string, unknown>[]> {
  const { lines } = await readMetrics(run);
  const apart = ['time', 'seconds', 'secondsLeft', 'targetTokensPerSecond', 'bleu', 'chrf', 'samples'];
  return lines
    .filter((line) => line.kind !== 'leg' && line.step > step)
    .map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => !apart.includes(name))));
}

/** Within 1e-4 where they are numbers. */
const near = (lines: readonly Record<string, unknown>[]): unknown[] =>
  lines.map((line) =>
    Object.fromEntries(
      Object.entries(line).map(([name, value]) => {
        const isMeasured = typeof value === 'number' && !Number.isInteger(value);
        return [name, isMeasured ? closeTo(value) : value];
      }),
    ),
  );

/** 1e-4 of a number, and of 1 where it is smaller. */
function closeTo(value: number): unknown {
  const digits = 4 - Math.max(0, Math.ceil(Math.log10(Math.abs(value))));
  return expect.closeTo(value, digits) as unknown;
}

const newest = async (run: string) => (await readNewestCheckpoint(run, expect.unreachable))!;

it('knows every setting of a run: what it does not honour says nothing once the corpus is there', async () => {
  const source = await readFile(path.join(import.meta.dirname, '../../bench/twinRun.py'), 'utf8');
  const known = [...source.matchAll(/^(?:SETTLED|HONOURED) = \{([^}]*)\}/gm)].flatMap(([, names]) =>
    [...names!.matchAll(/'(\w+)'/g)].map(([, name]) => name!),
  );
  expect(known.sort()).toEqual(Object.keys(await settingsFor(inFolder())).sort());
});

describe.skipIf(torch === undefined)(
  `the twin in PyTorch (${torch?.version ?? howToInstall})`,
  { timeout: limitMs },
  () => {
    let bundle: Bundle;
    let leg: LegOptions;

    beforeAll(async () => {
      bundle = await buildBundle('cli', './models/data/process/main.ts');
      leg = { checkpointEvery: 1000, keepCheckpoints: 5, threads: 1, corpusProcess: bundle.modulePath };
      const settings = await settingsFor(inFolder());
      await startRun(inFolder('ours'), settings, { ...leg, steps: 1 }, () => undefined);
      await cp(inFolder('ours'), inFolder('twin'), { recursive: true });
    });

    afterAll(() => bundle.remove());

    it('takes the same steps as we do, and goes on where we stopped', async () => {
      await resumeRun(inFolder('ours'), { ...leg, steps: 4 }, () => undefined);
      await twin('--run', inFolder('twin'), '--steps', '4');
      const expected = await linesAfter(inFolder('ours'), 1);
      expect(expected).toHaveLength(4);
      expect(await linesAfter(inFolder('twin'), 1)).toEqual(near(expected));
    });

    it('makes the same of the two passes of R-Drop', async () => {
      const settings = { ...(await settingsFor(inFolder())), rDrop: 5 };
      for (const run of ['ourPasses', 'twinPasses']) {
        await startRun(inFolder(run), settings, { ...leg, steps: 1 }, () => undefined);
      }
      await resumeRun(inFolder('ourPasses'), { ...leg, steps: 3 }, () => undefined);
      await twin('--run', inFolder('twinPasses'), '--steps', '3');
      expect(await linesAfter(inFolder('twinPasses'), 1)).toEqual(
        near(await linesAfter(inFolder('ourPasses'), 1)),
      );
    });

    it('goes on with a run in mixed precision, past what a kill has left there', async () => {
      const settings = { ...(await settingsFor(inFolder())), precision: 'mixed' as const };
      await startRun(inFolder('mixed'), settings, { ...leg, steps: 1 }, () => undefined);
      await writeFile(inFolder('mixed', '.unfinished-best.json-0123'), '{');
      await twin('--run', inFolder('mixed'), '--steps', '2');
      expect(await newest(inFolder('mixed'))).toMatchObject({
        progress: { step: 2, lossScale: { skipped: 0 } },
      });
    });

    /** A run of one step, in a folder of its own. */
    async function begun(name: string): Promise<string> {
      await startRun(inFolder(name), await settingsFor(inFolder()), { ...leg, steps: 1 }, () => undefined);
      return inFolder(name);
    }
    const stepsOf = async (run: string): Promise<number[]> =>
      (await listCheckpoints(run)).map((folder) => Number(folder.slice(-8)));

    it('saves what it has where it is told to end while it validates', async () => {
      const run = await begun('stopped');
      const lines = [
        'import os, signal',
        'validate = twinTrain.Trainer.validate',
        'def interrupted(*of):',
        '    os.kill(os.getpid(), signal.SIGINT)',
        '    return validate(*of)',
        'twinTrain.Trainer.validate = interrupted',
      ];
      await changedTwin(lines, '--run', run, '--validate-every', '3', '--checkpoint-every', '100');
      expect(await stepsOf(run)).toEqual([3, 1]);
    });

    it('writes no number for a perplexity that is none', async () => {
      const run = await begun('perplexed');
      const lines = [
        'loss = twinTrain.Trainer.loss',
        'def unlikely(*of):',
        '    smoothed, negative = loss(*of)',
        '    return smoothed, negative * 1e6',
        'twinTrain.Trainer.loss = unlikely',
      ];
      await changedTwin(lines, '--run', run, '--steps', '2');
      const after = await linesAfter(run, 1);
      expect(after.map(({ kind, perplexity }) => ({ kind, perplexity }))).toEqual([
        { kind: 'step', perplexity: null },
        { kind: 'validation', perplexity: null },
      ]);
    });

    it('writes a checkpoint out of turn where a validation is the best', async () => {
      const run = await begun('outOfTurn');
      const lines = [
        'losses = iter([2.0, 1.0, 3.0, 4.0])',
        'twinTrain.Trainer.validate = lambda *of: (next(losses), 5.0)',
      ];
      const options = ['--validate-every', '1', '--checkpoint-every', '5', '--keep-checkpoints', '1'];
      await changedTwin(lines, '--run', run, '--steps', '5', ...options);
      expect(await stepsOf(run)).toEqual([5, 3]);
      expect(await readBest(run)).toMatchObject({ step: 3, loss: 1, apart: true });
    });

    it('writes a checkpoint from which we go on', async () => {
      const [ours, theirs] = [await newest(inFolder('ours')), await newest(inFolder('twin'))];
      expect({ ...theirs.progress, seconds: 0 }).toEqual({ ...ours.progress, seconds: 0 });
      expect(theirs.model.config).toEqual(ours.model.config);
      // A key's bias has no gradient but for rounding.
      const moments = [...ours.moments.second].filter(([name]) => !name.endsWith('.key.bias'));
      for (const [name, values] of moments) {
        const others = theirs.moments.second.get(name)!;
        const difference = values.map((value, index) => Math.abs(value - others[index]!));
        expect([name, Math.max(...difference) / Math.max(...values)]).toEqual([name, expect.closeTo(0, 3)]);
      }
      for (const run of ['ours', 'twin'])
        await resumeRun(inFolder(run), { ...leg, steps: 6 }, () => undefined);
      const expected = await linesAfter(inFolder('ours'), 4);
      expect(expected).toHaveLength(3);
      expect(await linesAfter(inFolder('twin'), 4)).toEqual(near(expected));
    });
  },
);

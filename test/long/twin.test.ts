/**
 * The twin in PyTorch beyond its numbers (test/unit/bench/twin.test.ts): what it does to a run's folder, and the archive
 * that trains where we are not (`npm run bench -- pack`). Skipped where there is no PyTorch.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readBest } from '../../models/training/best';
import { listCheckpoints, readNewestCheckpoint } from '../../models/training/checkpoints';
import { readMetrics } from '../../models/training/metrics/metricsFile';
import type { RunSettings } from '../../models/training/runSettings';
import { startRun } from '../../models/training/trainingRun';
import { howToInstall, pyTorchEnvironment } from '../bench/pytorch.mjs';
import { buildBundle, type Bundle } from '../unit/bundle';
import { settingsFor, torch, twin } from '../unit/bench/twinRuns';
import { temporaryFolder } from '../unit/temporaryFolder';

const inFolder = temporaryFolder('twin');
const pack = path.resolve(import.meta.dirname, '../bench/pack.mjs');
const start = promisify(execFile);
const stepOf = async (run: string) => (await readNewestCheckpoint(run, expect.unreachable))?.progress.step;

describe.skipIf(torch === undefined)(`the twin in PyTorch (${torch?.version ?? howToInstall})`, () => {
  let bundle: Bundle;
  let begun: string;
  let run: string;
  let runs = 0;

  beforeAll(async () => {
    bundle = await buildBundle('cli');
    const corpusProcess = path.join(bundle.folder, 'dist', 'corpus.js');
    begun = inFolder('begun');
    const leg = { checkpointEvery: 1000, keepCheckpoints: 5, threads: 1, corpusProcess, steps: 1 };
    await startRun(begun, await settingsFor(inFolder()), leg, () => undefined);
  });

  afterAll(() => bundle.remove());

  beforeEach(async () => {
    run = inFolder(`run${++runs}`);
    await cp(begun, run, { recursive: true });
  });

  const polyhead = (...args: string[]) => start(process.execPath, [bundle.modulePath, ...args]);

  async function change(settings: Partial<RunSettings> & Record<string, unknown>): Promise<void> {
    const file = path.join(run, 'run.json');
    const before = JSON.parse(await readFile(file, 'utf8')) as RunSettings;
    await writeFile(file, JSON.stringify({ ...before, ...settings }));
  }

  it('keeps the newest checkpoints and the best, sets a damaged one aside, and leaves nothing else behind', async () => {
    await mkdir(path.join(run, '.unfinished-checkpoint-00000009-00000000'));
    await twin('--run', run, '--steps', '4', '--checkpoint-every', '1');
    const [newest] = await listCheckpoints(run);
    await cp(path.join(newest!, 'config.json'), path.join(newest!, 'tokenizer.json'));
    const said = await twin(
      '--run',
      run,
      '--steps',
      '5',
      '--checkpoint-every',
      '1',
      '--keep-checkpoints',
      '2',
    );
    expect(said).toContain(
      'checkpoint-00000004 is damaged and passed over: tokenizer.json is not what was written',
    );
    expect(await stepOf(run)).toBe(5);
    const names = (await readdir(run)).filter((name) => /^(\.|.*checkpoint)/.test(name)).sort();
    // Each validates better than the one before.
    const kept = [4, 5].map((step) => `checkpoint-0000000${step}`);
    expect(names).toEqual([...kept, 'damaged-checkpoint-00000004']);
    expect(await readBest(run)).toMatchObject({ step: 5, measure: 'loss', apart: false });
    await change({ peakLearningRate: 1 });
    await twin('--run', run, '--steps', '8', '--checkpoint-every', '1', '--keep-checkpoints', '2');
    expect((await listCheckpoints(run)).map((folder) => path.basename(folder).at(-1))).toEqual([
      '8',
      '7',
      '5',
    ]);
    expect(await readBest(run)).toMatchObject({ step: 5, apart: true });
  });

  it('repeats a step with dropout to the last bit', async () => {
    const losses: (number | null)[] = [];
    for (const rate of [0.3, 0.3, 0]) {
      await rm(run, { recursive: true });
      await cp(begun, run, { recursive: true });
      await change({ dropout: rate, attentionDropout: rate, feedForwardDropout: rate });
      await twin('--run', run, '--steps', '2');
      const { lines } = await readMetrics(run);
      losses.push(lines.flatMap((line) => (line.kind === 'step' && line.step === 2 ? [line.loss] : []))[0]!);
    }
    expect(losses[0]).toBe(losses[1]);
    expect(Math.abs(losses[0]! - losses[2]!)).toBeGreaterThan(1e-3);
  });

  it('trains in bfloat16 nearly as in float32', async () => {
    const losses: number[] = [];
    for (const precision of ['float32', 'bfloat16']) {
      await rm(run, { recursive: true });
      await cp(begun, run, { recursive: true });
      await twin('--run', run, '--steps', '20', '--precision', precision);
      const { lines } = await readMetrics(run);
      losses.push(lines.flatMap((line) => (line.kind === 'validation' ? [line.loss!] : [])).at(-1)!);
    }
    expect(losses[0]).not.toBe(losses[1]);
    expect(Math.abs(losses[0]! / losses[1]! - 1)).toBeLessThan(0.05);
  });

  it('refuses with a sentence what it cannot do, and says what it leaves out', async () => {
    await change({ madeUp: 5 });
    expect(await twin('--run', run, '--steps', '2')).toContain(
      'the twin does not know the settings madeUp, and trains without them.',
    );
    const lock = path.join(run, 'training.lock');
    await writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: '', token: 'x' }));
    await expect(twin('--run', run, '--steps', '3')).rejects.toThrow(
      'training.lock says that a process trains there.',
    );
    await writeFile(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), started: '', token: 'x' }));
    await twin('--run', run, '--steps', '2');
    expect(await readdir(run)).not.toContain('training.lock');
    await change({ format: 1 });
    await expect(twin('--run', run, '--steps', '3')).rejects.toThrow(
      'its batches were cut by another Polyhead',
    );
    for (const folder of await listCheckpoints(run)) await rm(folder, { recursive: true });
    await change({ format: 2 });
    await expect(twin('--run', run, '--steps', '3')).rejects.toThrow('holds no checkpoint to go on from');
  });

  it('finds the best checkpoint in an archive, however old it is', async () => {
    const options = ['--checkpoint-every', '1', '--keep-checkpoints', '1'];
    await twin('--run', run, '--steps', '2', ...options);
    await change({ peakLearningRate: 1 });
    await twin('--run', run, '--steps', '4', ...options);
    const best = await readBest(run);
    expect(best).toMatchObject({ step: 2, apart: true });
    const archive = inFolder('best.tar.gz');
    await start(process.execPath, [pack, '--run', run, '--output', archive]);
    const away = inFolder('bestAway');
    await mkdir(away);
    await start('tar', ['-xzf', archive, '-C', away]);
    const unpacked = path.join(away, 'polyhead-training', 'runs', path.basename(run));
    const packed = (await listCheckpoints(unpacked)).map((folder) => Number(folder.slice(-8)));
    expect(packed).toEqual([4, 2]);
    await twin('--run', unpacked, '--steps', '5', ...options);
    expect(await readBest(unpacked)).toEqual(best);
  });

  it('trains from an archive in an empty folder, and we go on with what comes back', async () => {
    const archive = inFolder('mine.tar.gz');
    await start(process.execPath, [pack, '--run', run, '--output', archive]);
    const away = inFolder('away');
    await mkdir(away);
    await start('tar', ['-xzf', archive, '-C', away]);
    const unpacked = path.join(away, 'polyhead-training');
    const env = { ...pyTorchEnvironment(1), PYTHON: torch!.python };
    await start('sh', ['train.sh', '--steps', '21', '--device', 'cpu'], { cwd: unpacked, env });
    // The place where it was begun has nothing of it but the archive's results.
    const name = path.basename(run);
    await start('tar', ['-xzf', path.join(unpacked, `${name}-trained.tar.gz`), '-C', path.dirname(run)]);
    expect(await stepOf(run)).toBe(21);
    const translation = polyhead('translate', '--model', run);
    translation.child.stdin!.end('3 1 4\n');
    expect((await translation).stdout).toMatch(/^.+\n$/);
    const { stderr } = await polyhead(
      'train',
      '--output',
      run,
      '--resume',
      '--steps',
      '22',
      '--threads',
      '1',
    );
    expect(stderr).not.toContain('damaged');
    const { lines } = await readMetrics(run);
    expect(lines.filter(({ kind }) => kind === 'step').map(({ step }) => step)).toEqual(
      Array.from({ length: 22 }, (_, index) => index + 1),
    );
    // Where the whole run was carried away, it goes on there as well.
    const whole = inFolder('elsewhere');
    await rename(path.join(unpacked, 'runs', name), whole);
    await polyhead('train', '--output', whole, '--resume', '--steps', '22', '--threads', '1');
    expect(await stepOf(whole)).toBe(22);
  });
});

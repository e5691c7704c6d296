/**
 * PyTorch's decoding with a cache (test/bench/twinDecode.py), which the benchmark compares with ours, says what we say.
 * Skipped where there is no PyTorch.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Decoder } from '../../../models/inference/decoder';
import { repeatedTail } from '../../../models/inference/repetition';
import { search } from '../../../models/inference/search';
import { encodeSafetensors } from '../../../models/storage/safetensors';
import { endId, firstByteId } from '../../../models/text/reservedTokens';
import { parameterShapes } from '../../../models/transformer/model';
import { howToInstall, pyTorchEnvironment } from '../../bench/pytorch.mjs';
import { configurations, randomSources, randomWeights } from '../inference/randomModels';
import { temporaryFolder } from '../temporaryFolder';
import { limitMs, torch } from './twinRuns';

const script = path.resolve(import.meta.dirname, '../../bench/twinDecodeBench.py');
const inFolder = temporaryFolder('twin-decode');

/** Asks the twin for all of these at once. */
function askTwin(
  folder: string,
  barred: readonly number[],
  orders: readonly object[],
): { targets: number[][][] }[] {
  const args = [script, '--model', folder, '--threads', '1', '--barred', barred.join(',')];
  const { stdout, stderr } = spawnSync(torch!.python, args, {
    input: orders.map((order) => `${JSON.stringify(order)}\n`).join(''),
    encoding: 'utf8',
    env: pyTorchEnvironment(1),
  });
  expect(stderr).toBe('');
  const [, ...answers] = stdout.trimEnd().split('\n');
  return answers.map((line) => JSON.parse(line) as { targets: number[][][] });
}

/** But for one that says the same again and again, which is ended by us alone. */
const speaking = configurations.filter(([name]) => name !== 'post-norm, unequal depths');

describe.skipIf(torch === undefined)(
  `decoding in PyTorch (${torch?.version ?? howToInstall})`,
  { timeout: limitMs },
  () => {
    it.each(speaking)('%s', async (name, config, seed) => {
      const weights = randomWeights(config, seed);
      const folder = inFolder(name.replaceAll(/\W+/g, '-'));
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'config.json'), JSON.stringify({ transformer: config }));
      const tensors = new Map(
        parameterShapes(config).map(({ name: tensor, shape }) => [
          tensor,
          { shape, values: weights.get(tensor)! },
        ]),
      );
      await writeFile(
        path.join(folder, 'model.safetensors'),
        Buffer.concat([...encodeSafetensors(tensors, 'F32')]),
      );
      const sources = randomSources(
        Array.from({ length: 12 }, (_, index) => ({ length: 1 + ((5 * index) % 17) })),
        3,
      );
      const barred = Array.from({ length: firstByteId }, (_, id) => id).filter((id) => id !== endId);
      const orders = [1, 4].map((beamSize) => ({
        do: 'decode',
        batches: [sources],
        beamSize,
        lengthPenalty: 0.6,
      }));
      const answers = askTwin(folder, barred, orders);
      const decoder = await Decoder.create(config, weights, 1);
      let compared = 0;
      for (const [index, settings] of orders.entries()) {
        const found = await search(decoder, sources, settings);
        found.forEach(([best], row) => {
          const said = answers[index]!.targets[0]![row]!;
          // What repeats itself is ended by us alone.
          if (best!.truncated || repeatedTail(said) > 0) return;
          compared++;
          expect(said).toEqual(best!.tokens);
        });
      }
      await decoder.dispose();
      expect(compared).toBeGreaterThan(6);
    });
  },
);

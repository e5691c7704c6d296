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
import { search, type SearchSettings } from '../../../models/inference/search';
import { encodeSafetensors } from '../../../models/storage/safetensors';
import { endId, firstByteId, firstLearnedId, startId } from '../../../models/text/reservedTokens';
import { parameterShapes } from '../../../models/transformer/model';
import { howToInstall, pyTorchEnvironment } from '../../bench/pytorch.mjs';
import { configurations, randomSources, randomWeights } from '../inference/randomModels';
import { normalised, scriptedDecoder } from '../inference/scriptedDecoder';
import { temporaryFolder } from '../temporaryFolder';
import { beside, limitMs, torch } from './twinRuns';

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
/** Its targets run on beyond the positions that were learned. */
const learned = [
  'positions that end',
  { ...speaking[0]![1], positions: 'learned', maximumPositions: 18 } as const,
  10,
] as const;

describe.skipIf(torch === undefined)(
  `decoding in PyTorch (${torch?.version ?? howToInstall})`,
  { timeout: limitMs },
  () => {
    it.each([...speaking, learned])('%s', async (name, config, seed) => {
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

/** The longest target of a source of one token and its end. */
const longest = 52;
const [a, b, other] = [55, 56, 57].map((token) => firstLearnedId + token) as [number, number, number];
const vocabularySize = firstLearnedId + 60;

/** What may follow a prefix: logits by token; all others are hardly likely. */
type Rule = (first: number | undefined, said: number) => Readonly<Record<number, number>>;

function logitsOf(rule: Rule, first: number | undefined, said: number): number[] {
  const logits = new Array<number>(vocabularySize).fill(-20);
  for (const [token, logit] of Object.entries(rule(first, said))) logits[Number(token)] = logit;
  return logits;
}

/** The twin's best translation of a source whose targets follow a rule. */
function twinFinds(
  source: readonly number[],
  { beamSize, lengthPenalty }: SearchSettings,
  rule: Rule,
): number[] {
  const table = Object.fromEntries(
    [a, b].map((first) => [
      first,
      Array.from({ length: longest + 1 }, (_, said) => logitsOf(rule, first, said)),
    ]),
  );
  const program = [
    ...beside('twinDecode'),
    'import json, torch',
    'order = json.load(sys.stdin)',
    'class Scripted:',
    '    def __init__(self, twin, source):',
    '        self.said = [[] for _ in source]',
    '    def step(self, tokens):',
    '        self.said = [said + [token] for said, token in zip(self.said, tokens.tolist())]',
    '        return torch.tensor([order["table"][str(said[1])][len(said) - 1] if said[1:] else order["first"]',
    '                             for said in self.said], dtype=torch.float32)',
    '    def go_on_from(self, rows):',
    '        self.said = [self.said[row] for row in rows.tolist()]',
    '    def keep_sources(self, rows):',
    '        pass',
    'twinDecode.Decoding = Scripted',
    'class Twin:',
    '    config = order["config"]',
    'search = twinDecode.Search(Twin, order["barred"])',
    'print(json.dumps(search.beam([order["source"]], order["beamSize"], order["lengthPenalty"])[0]))',
  ];
  const order = {
    source,
    beamSize,
    lengthPenalty,
    table,
    first: logitsOf(rule, undefined, 0),
    barred: Array.from({ length: firstByteId }, (_, id) => id).filter((id) => id !== endId),
    config: { vocabularySize, endToken: endId, decoderStartToken: startId, paddingToken: 0 },
  };
  const { stdout, stderr } = spawnSync(torch!.python, ['-c', program.join('\n')], {
    input: JSON.stringify(order),
    encoding: 'utf8',
    env: pyTorchEnvironment(1),
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as number[];
}

describe.skipIf(torch === undefined)('the twin’s beam at the longest length', { timeout: limitMs }, () => {
  const source = [other, endId];
  const settings = { beamSize: 2, lengthPenalty: 0 };
  const onward = (said: number): Record<number, number> => ({ [firstLearnedId + said]: 0 });

  it.each<[string, Rule, number]>([
    [
      'allows the end alone, and ranks by that',
      (first, said) => {
        if (first === undefined) return { [a]: -0.7, [b]: -0.8 };
        if (said < longest) return onward(said);
        return first === a ? { [other]: 0, [endId]: -6 } : { [other]: -0.4, [endId]: -1 };
      },
      longest,
    ],
    [
      'ranks what it cuts behind what has ended by itself',
      (first, said) => {
        if (first === undefined) return { [a]: -0.1, [b]: -2.5 };
        if (said === 1 && first === a) return { ...onward(said), [endId]: -1.9 };
        return said < longest ? onward(said) : { [other]: 0, [endId]: -0.5 };
      },
      1,
    ],
  ])('%s', async (_, rule, length) => {
    const decoder = scriptedDecoder(vocabularySize, (_source, prefix) =>
      normalised(Float32Array.from(logitsOf(rule, prefix[0], prefix.length))),
    );
    const [hypotheses] = await search(decoder, [source], settings);
    const { tokens } = hypotheses![0]!;
    expect(tokens).toHaveLength(length);
    expect(twinFinds(source, settings, rule)).toEqual(tokens);
  });
});

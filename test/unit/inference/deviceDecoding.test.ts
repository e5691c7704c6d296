/**
 * Decoding on a graphics card, with one in software: the processor's numbers from the same weights, and its tokens where
 * it is sure of them; what is remembered between tokens never leaves the card.
 */
import { missing } from '../training/softwareCard';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Decoder } from '../../../models/inference/decoder';
import { logProbabilitiesOf } from '../../../models/inference/decoderOutput';
import { search } from '../../../models/inference/search';
import { Session, type SessionOptions } from '../../../models/runtime/session';
import { dequantiseWeights } from '../../../models/storage/storedWeights';
import type { MixedWeights } from '../../../models/transformer/parameters';
import { temporaryFolder } from '../temporaryFolder';
import { quantisedWeights } from './quantisedModel';
import { configurations, randomSources, randomWeights } from './randomModels';
import { margin } from './slowGreedy';

const inFolder = temporaryFolder('profile');
const [, config, seed] = configurations[1]!;
const weights = dequantiseWeights(quantisedWeights(config, randomWeights(config, seed)), config);

/** Numbers of steps in which a batch is reordered, shrinks, and goes on; of each, what may follow and the attention. */
async function numbersOf(decoder: Decoder): Promise<Float32Array[]> {
  const state = await decoder.begin(randomSources([{ length: 3 }, { length: 8 }, { length: 5 }], 3));
  const steps = [
    await state.step([1, 1, 1], [0, 1, 2]),
    await state.step([290, 291, 292], [0, 1, 2]),
    await state.step([293, 290, 291], [2, 2, 1]),
  ];
  await state.keepSources([2, 0]);
  steps.push(await state.step([292, 295], [1, 2]), await state.step([294, 290], [1, 0]));
  state.dispose();
  return steps.flatMap((step) => [logProbabilitiesOf(step, config.vocabularySize), step.crossAttention.data]);
}

/** The largest |a − b| / |a| of what belongs together. */
const distance = (a: readonly Float32Array[], b: readonly Float32Array[]): number =>
  Math.max(
    ...a.map((values, index) => {
      const apart = values.map((value, place) => value - b[index]![place]!);
      return Math.hypot(...apart) / Math.hypot(...values);
    }),
  );

describe.skipIf(missing !== undefined)(`decoding on a card${missing ? ` (${missing})` : ''}`, () => {
  let cpu: Decoder;
  let gpu: Decoder;
  const sessions: Session[] = [];

  beforeAll(async () => {
    cpu = await Decoder.create(config, weights, 1);
    const create = Session.create.bind(Session);
    const spy = vi.spyOn(Session, 'create').mockImplementation(async (program, more?: SessionOptions) => {
      const session = await create(program, { ...more, profile: inFolder(`run-${sessions.length}`) });
      sessions.push(session);
      return session;
    });
    gpu = await Decoder.create(config, weights, 1, 'webgpu');
    spy.mockRestore();
  });
  afterAll(async () => {
    await cpu.dispose();
    await gpu.dispose();
  });

  it('computes the processor’s numbers, step by step, in any order of rows', async () => {
    const [wanted, found] = [await numbersOf(cpu), await numbersOf(gpu)];
    expect(found.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length));
    expect(distance(wanted, found)).toBeLessThan(2e-4);
    // As far from other weights as the test would have to see.
    const altered = new Map(weights);
    altered.set(
      'decoder.layers.2.crossAttention.key.weight',
      altered.get('decoder.layers.2.crossAttention.key.weight')!.map((value) => 1.01 * value),
    );
    const other = await Decoder.create(config, altered, 1);
    expect(distance(wanted, await numbersOf(other))).toBeGreaterThan(1e-3);
    await other.dispose();
  }, 120_000);

  it('finds the processor’s tokens with a beam', async () => {
    const sources = randomSources([{ length: 1 }, { length: 3, placeholders: 1 }], 6);
    const settings = { beamSize: 2, lengthPenalty: 0.6 };
    const [wanted, found] = [await search(cpu, sources, settings), await search(gpu, sources, settings)];
    for (const [index, [first]] of wanted.entries()) {
      const other = found[index]![0]!;
      if (first!.tokens.join() === other.tokens.join()) continue;
      // Where two are as good as equal, either may be said.
      const apart = Math.abs(first!.penalisedScore - other.penalisedScore);
      expect(
        apart,
        `sentence ${index}: ${first!.tokens.join(' ')}, and ${other.tokens.join(' ')}`,
      ).toBeLessThan(margin);
    }
    expect(new Set(wanted.map(([first]) => first!.tokens.join())).size).toBe(2);
  }, 120_000);

  it('leaves to the processor the last softmax, which it takes out anyway, and whole numbers', async () => {
    for (const session of sessions) session.endProfiling();
    const names = await readdir(inFolder());
    const nodes = await Promise.all(
      names.map(async (name) => nodesOf(await readFile(inFolder(name), 'utf8'))),
    );
    expect(
      nodes.flat().filter(({ provider }) => provider === 'WebGpuExecutionProvider').length,
    ).toBeGreaterThan(500);
    const elsewhere = nodes
      .flat()
      .filter(({ provider, ofNumbers }) => provider !== 'WebGpuExecutionProvider' && ofNumbers);
    expect([...new Set(elsewhere.map(({ operator }) => operator))]).toEqual(['LogSoftmax']);
    // Of numbers, scores alone come out: no memory does.
    const outputs = nodes.flat().filter(({ operator }) => operator === 'MemcpyToHost');
    const shapes = outputs.filter(({ ofNumbers }) => ofNumbers).map(({ shape }) => shape);
    expect(shapes.length).toBeGreaterThan(5);
    for (const shape of shapes) expect([shape.length, shape[1]]).toEqual([2, config.vocabularySize]);
  });

  it('takes the weights in 8 bits that MatMulNBits multiplies with, too', async () => {
    const quantised: MixedWeights = quantisedWeights(config, randomWeights(config, seed));
    const decoder = await Decoder.create(config, quantised, 1, 'webgpu');
    const numbers = await numbersOf(decoder);
    await decoder.dispose();
    // The processor rounds what it multiplies the bytes with to 8 bits, and the card does not.
    expect(distance(await numbersOf(cpu), numbers)).toBeLessThan(2e-4);
  }, 120_000);
});

interface ProfiledNode {
  readonly operator: string;
  readonly provider: string;
  readonly ofNumbers: boolean;
  /** Of its first output. */
  readonly shape: readonly number[];
}

function nodesOf(profile: string): ProfiledNode[] {
  const events = JSON.parse(profile) as {
    cat: string;
    args?: { provider?: string; op_name?: string; output_type_shape?: Record<string, number[]>[] };
  }[];
  return events.flatMap(({ cat, args }) => {
    if (cat !== 'Node' || args?.provider === undefined) return [];
    const types = (args.output_type_shape ?? []).flatMap((output) => Object.keys(output));
    return [
      {
        operator: args.op_name ?? '',
        provider: args.provider,
        shape: Object.values(args.output_type_shape?.[0] ?? {})[0] ?? [],
        ofNumbers: types.some((type) => type.startsWith('float')),
      },
    ];
  });
}

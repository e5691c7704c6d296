/**
 * Training on a graphics card, with one in software: the same numbers as the processor's, and nothing of the model's
 * computed by the processor.
 */
import { missing } from './softwareCard';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeBatch, type Batch } from '../../../models/data/batches';
import { EncodedCorpus } from '../../../models/data/encodedCorpus';
import { randomWords } from '../../../models/data/random';
import { Session, type SessionOptions } from '../../../models/runtime/session';
import { CpuTrainingState } from '../../../models/training/cpuTrainingState';
import { verifyGraphicsCard } from '../../../models/training/deviceProbe';
import { GpuTrainingState } from '../../../models/training/gpuTrainingState';
import { initialWeights } from '../../../models/training/initialise';
import type { TrainingState } from '../../../models/training/trainingState';
import type { StepOptions } from '../../../models/training/trainStep';
import { presetConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { temporaryFolder } from '../temporaryFolder';
import { tinySizes } from '../tinyModel';

const vocabularySize = 40;
const config = presetConfig('tiny', vocabularySize, tinySizes);
const framing = { padding: 0, start: 1, end: 2 };
const options: StepOptions = {
  dropout: { residual: 0.1, attention: 0.1, feedForward: 0.1 },
  labelSmoothing: 0.1,
  lossChunks: 2,
};

const corpus = (() => {
  const words = randomWords(8);
  const tokens = (length: number): number[] =>
    Array.from({ length }, () => 3 + (words() % (vocabularySize - 3)));
  return EncodedCorpus.from(
    Array.from({ length: 12 }, (_, pair) => ({ source: tokens(2 + pair), target: tokens(3 + (pair % 7)) })),
  );
})();
const batchOf = (pairs: readonly number[]): Batch => makeBatch(corpus, [...pairs], framing);
const whole = batchOf(Array.from({ length: 12 }, (_, pair) => pair));

const inFolder = temporaryFolder('profile');
/** Names of the sessions' profiles, written when they end. */
const profile = 'profile';

async function step(state: TrainingState, number: number): Promise<number[]> {
  const { smoothed, negativeLogLikelihood } = await state.computeGradients(
    whole,
    1 / whole.labels.length,
    number,
  );
  const { gradientNorm } = await state.applyGradients({ step: number, learningRate: 0.01, clipNorm: 1 });
  return [smoothed, negativeLogLikelihood, gradientNorm];
}

function expectClose(found: Float32Array | readonly number[], wanted: typeof found, relative = 1e-4): void {
  const values = [...wanted];
  const size = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  const apart = Math.sqrt(values.reduce((sum, value, index) => sum + (value - found[index]!) ** 2, 0));
  expect(found).toHaveLength(values.length);
  expect(apart / size).toBeLessThan(relative);
}

describe.skipIf(missing !== undefined)(`a graphics card${missing ? ` (${missing})` : ''}`, () => {
  let cpu: CpuTrainingState;
  let gpu: GpuTrainingState;
  const profiled: Session[] = [];
  const weights = initialWeights(parameterShapes(config), 4);

  beforeAll(async () => {
    cpu = await CpuTrainingState.create(config, options, 1);
    const create = Session.create.bind(Session);
    const spy = vi.spyOn(Session, 'create').mockImplementation(async (program, more?: SessionOptions) => {
      const session = await create(program, { ...more, profile: inFolder(`${profile}-${profiled.length}`) });
      profiled.push(session);
      return session;
    });
    gpu = await GpuTrainingState.create(config, options);
    spy.mockRestore();
    for (const state of [cpu, gpu]) await state.writeWeights(weights);
  }, 60_000);
  afterAll(async () => {
    await cpu.dispose();
    await gpu.dispose();
  });

  it('holds what is written to it', async () => {
    expect(await gpu.readWeights()).toEqual(weights);
    const moments = await gpu.readMoments();
    expect([...moments.first.values()].every((values) => values.every((value) => value === 0))).toBe(true);
    await expect(gpu.writeWeights(new Map())).rejects.toThrow('has no elements, where the model has');
    expect(await gpu.readWeights()).toEqual(weights);
  });

  it('computes the processor’s losses and gradients, in parts too, with the same dropout', async () => {
    const scale = 1 / whole.labels.length;
    const [a, b] = [await cpu.computeGradients(whole, scale, 7), await gpu.computeGradients(whole, scale, 7)];
    expectClose([b.smoothed, b.negativeLogLikelihood], [a.smoothed, a.negativeLogLikelihood], 1e-5);
    const gradients = await cpu.readGradients();
    expectClose(await gpu.readGradients(), gradients);
    for (const state of [cpu, gpu]) await state.addGradients(batchOf([0, 1, 2]), scale, 8);
    expectClose(await gpu.readGradients(), await cpu.readGradients());
    await gpu.writeGradients(gradients);
    expect(await gpu.readGradients()).toEqual(gradients);
    await expect(gpu.writeGradients(new Float32Array(3))).rejects.toThrow('There are 3 gradients');
  });

  it('learns the same in 20 steps', async () => {
    for (const state of [cpu, gpu]) await state.writeWeights(weights);
    const losses: number[] = [];
    for (let number = 1; number <= 20; number++) {
      const [wanted, found] = [await step(cpu, number), await step(gpu, number)];
      expectClose(found, wanted);
      losses.push(wanted[0]!);
    }
    expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!);
    const [a, b] = [await cpu.evaluate(whole), await gpu.evaluate(whole)];
    expectClose([b.smoothed], [a.smoothed]);
  }, 120_000);

  it('goes on where a processor left off, and the other way round', async () => {
    const { first, second } = await gpu.readMoments();
    await cpu.writeWeights(await gpu.readWeights());
    await cpu.writeMoments(first, second);
    expectClose(await step(gpu, 21), await step(cpu, 21));
    const moments = await cpu.readMoments();
    await gpu.writeWeights(await cpu.readWeights());
    await gpu.writeMoments(moments.first, moments.second);
    expectClose(await step(gpu, 22), await step(cpu, 22), 1e-5);
  });

  it('changes nothing where a gradient is no number', async () => {
    const before = await gpu.readWeights();
    const gradients = await gpu.readGradients();
    gradients[5] = NaN;
    await gpu.writeGradients(gradients);
    expect(await gpu.applyGradients({ step: 1, learningRate: 1, clipNorm: 1 })).toEqual({
      gradientNorm: NaN,
    });
    expect(await gpu.readWeights()).toEqual(before);
  });

  it('computes everything itself but the shapes', async () => {
    for (const session of profiled) session.endProfiling();
    const nodes = (await Promise.all(profiled.map((_, index) => nodesOf(`${profile}-${index}`)))).flat();
    expect(nodes.filter(({ provider }) => provider === 'WebGpuExecutionProvider').length).toBeGreaterThan(
      500,
    );
    expect(
      nodes.filter(({ provider, isOfModel }) => provider !== 'WebGpuExecutionProvider' && isOfModel),
    ).toEqual([]);
  });

  it('is refused where it computes other numbers', async () => {
    const wrong: Parameters<typeof verifyGraphicsCard>[0] = async (...given) => {
      const state = await CpuTrainingState.create(...given, 1);
      const honest = state.applyGradients.bind(state);
      state.applyGradients = (of) => honest({ ...of, learningRate: of.learningRate * 1.2 });
      return state;
    };
    await expect(verifyGraphicsCard(wrong)).rejects.toThrow(
      'The graphics card computes other numbers than the processor',
    );
    expect((await verifyGraphicsCard()).difference).toBeLessThan(1e-3);
  }, 60_000);
});

it('says that there is no graphics card', async () => {
  const none = (): Promise<never> =>
    Promise.reject(new Error('a.cc:136 result.status == Success was false. Failed: No supported adapters\n'));
  await expect(verifyGraphicsCard(none)).rejects.toThrow(
    'This machine has no graphics card that can train: Failed: No supported adapters.',
  );
});

interface NodeInProfile {
  readonly name: string;
  readonly provider: string;
  /** Shapes and places are whole numbers; numbers of the model and masks are none. */
  readonly isOfModel: boolean;
}

async function nodesOf(prefix: string): Promise<NodeInProfile[]> {
  const file = (await readdir(inFolder(''))).find((name) => name.startsWith(`${prefix}_`))!;
  const events = JSON.parse(await readFile(inFolder(file), 'utf8')) as {
    cat: string;
    name: string;
    args?: { provider?: string; op_name?: string; output_type_shape?: Record<string, number[]>[] };
  }[];
  return events.flatMap(({ cat, name, args }) => {
    if (cat !== 'Node' || args?.provider === undefined) return [];
    const types = (args.output_type_shape ?? []).flatMap((output) => Object.keys(output));
    const isOfModel = types.some((type) => !type.startsWith('int'));
    return { name: `${args.op_name} ${name} ${types.join()}`, provider: args.provider, isOfModel };
  });
}

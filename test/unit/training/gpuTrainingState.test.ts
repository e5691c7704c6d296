/** Training on a graphics card, with one in software: the same numbers as the processor's. */
import { missing } from './softwareCard';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CpuTrainingState } from '../../../models/training/cpuTrainingState';
import { GpuTrainingState } from '../../../models/training/gpuTrainingState';
import { initialWeights } from '../../../models/training/initialise';
import type { TrainingState } from '../../../models/training/trainingState';
import { parameterShapes } from '../../../models/transformer/model';
import { batchOf, config, options, whole } from './cardBatches';

// Compiling kernels takes seconds of a processor, and minutes of one that others use.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

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
  const weights = initialWeights(parameterShapes(config), 4);

  beforeAll(async () => {
    cpu = await CpuTrainingState.create(config, options, 1);
    gpu = await GpuTrainingState.create(config, options);
    for (const state of [cpu, gpu]) await state.writeWeights(weights);
  });
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
  });

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

  it('computes the processor’s two passes of R-Drop', async () => {
    const twice = { ...options, rDrop: 5 };
    const states = [
      await CpuTrainingState.create(config, twice, 1),
      await GpuTrainingState.create(config, twice),
    ] as const;
    try {
      for (const state of states) await state.writeWeights(weights);
      const [wanted, found] = [await step(states[0], 1), await step(states[1], 1)];
      expectClose(found, wanted);
      // The two passes say nearly the same, and what is left of their difference has fewer digits.
      expectClose(await states[1].readGradients(), await states[0].readGradients(), 1e-3);
    } finally {
      for (const state of states) await state.dispose();
    }
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
});

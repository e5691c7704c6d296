/**
 * Training in mixed precision, on the processor, which rounds as a card does: losses beside those in float32, and runs
 * that go on exactly. **No card has run it:** the one in software has no float16, and is refused for that.
 */
import { missing } from './softwareCard';
import { describe, expect, it, vi } from 'vitest';
import { readNewestCheckpoint, writeCheckpoint } from '../../../models/training/checkpoints';
import { createTrainingState } from '../../../models/training/createState';
import { Session } from '../../../models/runtime/session';
import { buildStep } from '../../../models/training/trainStep';
import { noProgress } from '../../../models/training/trainer';
import { presetConfig } from '../../../models/transformer/config';
import { beginning, besideEachOther, largestDifference, lossCurve } from '../../bench/gpu/curve';
import { temporaryFolder } from '../temporaryFolder';
import { tinyModel, tinySizes } from '../tinyModel';

vi.setConfig({ testTimeout: 180_000 });

const inFolder = temporaryFolder('mixed');

describe('training in mixed precision', () => {
  it('learns what float32 learns, and not the same numbers', async () => {
    const [float32, mixed] = [await lossCurve('cpu', 'float32', 100), await lossCurve('cpu', 'mixed', 100)];
    const rows = besideEachOther(float32, mixed);
    expect(rows.at(-1)!.float32).toBeLessThan(0.65 * rows[0]!.float32);
    expect(largestDifference(rows)).toBeLessThan(0.01);
    expect(mixed.losses).not.toEqual(float32.losses);
    expect(mixed.end.progress.lossScale).toEqual({ scale: 2 ** 16, goodSteps: 100, skipped: 0 });
    expect(float32.end.progress.lossScale).toBeUndefined();
  });

  it('halves the scale while gradients overflow, and goes on exactly from a checkpoint', async () => {
    const tooMuch = { scale: 2 ** 26, goodSteps: 5, skipped: 0 };
    const from = { ...beginning(), progress: { ...noProgress, lossScale: tooMuch } };
    const whole = await lossCurve('cpu', 'mixed', 8, from);
    const { lossScale, batch } = whole.end.progress;
    expect(lossScale!.skipped).toBeGreaterThan(2);
    expect(lossScale!.scale).toBe(2 ** (26 - lossScale!.skipped));
    expect(batch).toBe(8 + lossScale!.skipped);
    expect(whole.losses.every(Number.isFinite)).toBe(true);

    const half = await lossCurve('cpu', 'mixed', 4, from);
    // Weights and moments come back as they were from any checkpoint: this is about where the scale stands.
    const model = tinyModel();
    const moments = { first: model.weights, second: model.weights };
    await writeCheckpoint(inFolder('run'), { model, moments, progress: half.end.progress }, 1);
    const { progress } = (await readNewestCheckpoint(inFolder('run'), expect.unreachable))!;
    expect(progress).toEqual(half.end.progress);
    expect(progress.lossScale!.skipped).toBeGreaterThan(2);
    const rest = await lossCurve('cpu', 'mixed', 4, { ...half.end, progress });
    expect([...half.losses, ...rest.losses]).toEqual(whole.losses);
    expect(rest.end.weights).toEqual(whole.end.weights);
  });

  it('makes a step for cards that onnxruntime can load', async () => {
    const dropout = { residual: 0.1, attention: 0.1, feedForward: 0.1 };
    const mixed = { dropout, labelSmoothing: 0.1, lossChunks: 2, precision: 'mixed' } as const;
    const transformer = presetConfig('tiny', 24, tinySizes);
    const { program } = buildStep(transformer, mixed, 'webgpu');
    await (await Session.create(program, { threads: 1 })).dispose();
    expect(program.inputs).toEqual(buildStep(transformer, { ...mixed, precision: 'float32' }).program.inputs);
  });

  it.skipIf(missing !== undefined)(
    `says that a card has no float16${missing ? ` (${missing})` : ''}`,
    async () => {
      const dropout = { residual: 0, attention: 0, feedForward: 0 };
      const mixed = { dropout, labelSmoothing: 0, lossChunks: 1, precision: 'mixed' } as const;
      await expect(
        createTrainingState('webgpu', presetConfig('tiny', 24, tinySizes), mixed, 1),
      ).rejects.toThrow('does not compute in float16: train in float32, without --precision mixed.');
    },
  );
});

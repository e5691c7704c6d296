/** Target tokens a second of the training step, as `train --device webgpu` takes it: forward, backward and update. */
import { writeFileSync } from 'node:fs';
import type { Batch } from '../../../models/data/batches';
import { lossChunks } from '../../../models/training/loss';
import { flopsPerTargetToken } from '../../../models/training/metrics/flops';
import { GpuTrainingState } from '../../../models/training/gpuTrainingState';
import type { Precision } from '../../../models/training/precision';
import type { TrainingState } from '../../../models/training/trainingState';
import type { StepOptions } from '../../../models/training/trainStep';
import { presetConfig, type PresetName, type TransformerConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { elementCount } from '../../../models/transformer/parameters';
import { batchAsJson, makeBatches } from './batches';
import { median, report, round, type Clock } from './report';

export interface TrainingTask {
  readonly preset: PresetName;
  /** What the model has otherwise than its preset. */
  readonly changes: Partial<TransformerConfig>;
  readonly vocabularySize: number;
  readonly batchTokens: number;
  /** `float32` unless given. */
  readonly precision?: Precision;
  readonly lengths: string;
  /** Where profiles may be written. */
  readonly folder: string;
}

const dropout = { residual: 0.1, attention: 0, feedForward: 0 };
export const settings = { labelSmoothing: 0.1, clipNorm: 1, learningRate: 1e-5 };
/** Of a step in mixed precision: far from an overflow, since speed does not depend on it. */
const mixedLossScale = 1024;
const warmUps = 3;

/** Writes the batches down for PyTorch, which trains on the very same ones. */
export function writeBatches(task: TrainingTask & { readonly batchesFile: string }): Promise<void> {
  const { config, batches } = prepare(task);
  const shared = { config, dropout, ...settings, batches: batches.map(batchAsJson) };
  writeFileSync(task.batchesFile, JSON.stringify(shared));
  return Promise.resolve();
}

export async function measureTraining(task: TrainingTask, clock: Clock): Promise<void> {
  const { config, batches } = prepare(task);
  const state = await openState(task, config);
  report('opened', { seconds: round(process.uptime()) });
  const times: number[] = [];
  const speeds: number[] = [];
  const means = (side: (batch: Batch) => number): number =>
    batches.reduce((sum, batch) => sum + side(batch), 0) / batches.reduce((sum, { size }) => sum + size, 0);
  const flops = flopsPerTargetToken(config, {
    source: means(({ sourceIds }) =>
      sourceIds.reduce((count, id) => count + (id === config.paddingToken ? 0 : 1), 0),
    ),
    target: means(({ labels }) => labels.length),
  });
  for (let step = 1; ; step++) {
    const batch = batches[step % batches.length]!;
    const begun = performance.now();
    const loss = await trainStep(state, batch, step, task.precision);
    const milliseconds = performance.now() - begun;
    if (step <= warmUps) {
      report('warmUp', { step, milliseconds: round(milliseconds), loss: round(loss) });
    } else {
      times.push(milliseconds);
      speeds.push((1000 * batch.labels.length) / milliseconds);
      const tokensPerSecond = median(speeds);
      report('training', {
        steps: times.length,
        milliseconds: round(median(times)),
        targetTokensPerSecond: round(tokensPerSecond),
        teraflops: round((tokensPerSecond * flops) / 1e12),
        loss: round(loss),
      });
    }
    if (clock.isOver() || times.length >= 50) break;
  }
  report('end', { complete: times.length >= 3 });
  await state.dispose();
}

export function prepare(task: TrainingTask): { config: TransformerConfig; batches: Batch[] } {
  return {
    config: presetConfig(task.preset, task.vocabularySize, task.changes),
    batches: makeBatches(task.lengths, task.batchTokens, task.vocabularySize),
  };
}

export async function openState(
  { batchTokens, precision = 'float32' }: TrainingTask,
  config: TransformerConfig,
): Promise<TrainingState> {
  const options: StepOptions = {
    dropout,
    labelSmoothing: settings.labelSmoothing,
    lossChunks: lossChunks(batchTokens),
    precision,
  };
  const state = await GpuTrainingState.create(config, options);
  await state.writeWeights(quickWeights(config));
  return state;
}

/** @returns the loss a token; a number that is none is an error, since a step without numbers may take any time */
export async function trainStep(
  state: TrainingState,
  batch: Batch,
  step: number,
  precision: Precision = 'float32',
): Promise<number> {
  const lossScale = precision === 'mixed' ? mixedLossScale : 1;
  const { smoothed } = await state.computeGradients(batch, lossScale / batch.labels.length, step);
  const { gradientNorm } = await state.applyGradients({
    step,
    learningRate: settings.learningRate,
    clipNorm: settings.clipNorm,
    lossScale,
  });
  const loss = smoothed / batch.labels.length;
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
    throw new Error(`Step ${step} gave a loss of ${loss} and gradients of ${gradientNorm}.`);
  return loss;
}

/** Weights of the usual sizes, in a second for the 200 million of `big`: true normal numbers would take a minute. */
export function quickWeights(config: TransformerConfig): Map<string, Float32Array> {
  let word = 1;
  return new Map(
    parameterShapes(config).map(({ name, shape, initialiser }) => {
      const values = new Float32Array(elementCount(shape));
      const bound =
        initialiser === 'matrix'
          ? Math.sqrt(6 / (shape[0]! + shape[1]!))
          : initialiser === 'embedding'
            ? Math.sqrt(3 / shape.at(-1)!)
            : 0;
      if (initialiser === 'ones') values.fill(1);
      if (bound > 0) {
        for (let index = 0; index < values.length; index++) {
          word = (Math.imul(word, 1_664_525) + 1_013_904_223) | 0;
          values[index] = (bound * word) / 2 ** 31;
        }
      }
      return [name, values];
    }),
  );
}

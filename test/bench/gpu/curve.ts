/**
 * Losses in mixed precision beside those in float32: the same model, from the same weights, on the same batches of a made-up
 * task (a sequence read backwards, which takes attention to learn), by the trainer that `train` uses.
 */
import { makeBatch } from '../../../models/data/batches';
import { EncodedCorpus } from '../../../models/data/encodedCorpus';
import type { FedBatch } from '../../../models/data/process/door';
import { randomWords } from '../../../models/data/random';
import type { Device } from '../../../models/runtime/session';
import { CpuTrainingState } from '../../../models/training/cpuTrainingState';
import { GpuTrainingState } from '../../../models/training/gpuTrainingState';
import { initialWeights } from '../../../models/training/initialise';
import type { Precision } from '../../../models/training/precision';
import { noProgress, trainSteps, type Progress } from '../../../models/training/trainer';
import type { NamedValues } from '../../../models/training/trainingState';
import type { StepOptions } from '../../../models/training/trainStep';
import { presetConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { round } from './report';

const vocabularySize = 24;
const framing = { padding: 0, start: 1, end: 2 };
const pairsOfBatch = 48;
const [shortest, longest] = [3, 8];

const config = presetConfig('tiny', vocabularySize, { encoderLayers: 1, decoderLayers: 1 });
const options: StepOptions = {
  dropout: { residual: 0.1, attention: 0, feedForward: 0 },
  labelSmoothing: 0.1,
  lossChunks: 2,
};

/** Where a training stands, as a checkpoint has it. */
export interface Standing {
  readonly weights: NamedValues;
  readonly moments?: { readonly first: NamedValues; readonly second: NamedValues };
  readonly progress: Progress;
}

export interface Curve {
  /** A target token, step by step. */
  readonly losses: readonly number[];
  readonly end: Required<Standing>;
}

export const beginning = (): Standing => ({
  weights: initialWeights(parameterShapes(config), 1),
  progress: noProgress,
});

/** So many steps more, on the batches that come next. */
export async function lossCurve(
  device: Device,
  precision: Precision,
  steps: number,
  from: Standing = beginning(),
): Promise<Curve> {
  const how = { ...options, precision };
  const state = await (device === 'cpu'
    ? CpuTrainingState.create(config, how, 1)
    : GpuTrainingState.create(config, how));
  try {
    await state.writeWeights(from.weights);
    if (from.moments) await state.writeMoments(from.moments.first, from.moments.second);
    const trainer = {
      batchTokens: pairsOfBatch * (longest + 1),
      accumulate: 1,
      clipNorm: 1,
      seed: 1,
      precision,
      framing,
      schedule: { warmupSteps: 40, peakLearningRate: 4e-3 },
    };
    const losses: number[] = [];
    let { progress } = from;
    for await (const report of trainSteps(state, batches(progress.batch), trainer, progress)) {
      losses.push(report.loss);
      ({ progress } = report);
      if (losses.length === steps) break;
    }
    const [weights, moments] = [await state.readWeights(), await state.readMoments()];
    return { losses, end: { weights, moments, progress } };
  } finally {
    await state.dispose();
  }
}

/** Without end, the same ones each time. @param first the one to begin with */
async function* batches(first: number): AsyncGenerator<FedBatch> {
  const words = randomWords(5, 7);
  for (let position = 0; ; position++) {
    const pairs = Array.from({ length: pairsOfBatch }, () => {
      const length = shortest + (words() % (longest - shortest + 1));
      const source = Array.from({ length }, () => 3 + (words() % (vocabularySize - 3)));
      return { source, target: source.toReversed() };
    });
    if (position < first) continue;
    const corpus = EncodedCorpus.from(pairs);
    const batch = makeBatch(corpus, [...pairs.keys()], framing);
    yield await Promise.resolve({ epoch: 0, position, batch });
  }
}

/** Means of so many steps, side by side. */
const window = 20;

export interface CurveRow {
  /** The last of the window. */
  readonly step: number;
  readonly float32: number;
  readonly mixed: number;
}

export function besideEachOther(float32: Curve, mixed: Curve): CurveRow[] {
  const mean = (values: readonly number[]): number =>
    Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(4));
  const ends = float32.losses.flatMap((_, index) => ((index + 1) % window === 0 ? [index + 1] : []));
  return ends.map((step) => ({
    step,
    float32: mean(float32.losses.slice(step - window, step)),
    mixed: mean(mixed.losses.slice(step - window, step)),
  }));
}

/** The largest difference between two rows, of the loss in float32. */
export function largestDifference(rows: readonly CurveRow[]): number {
  return round(Math.max(...rows.map(({ float32, mixed }) => Math.abs(mixed - float32) / float32)));
}

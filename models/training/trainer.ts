/** The loop of training: batch, gradients, update, again. It knows neither files nor where weights live. */
import { makeBatch, planEpoch, type Batch, type Framing } from '../data/batches';
import type { EncodedCorpus } from '../data/encodedCorpus';
import type { FedBatch } from '../data/process/door';
import { learningRate, type Schedule } from './optimiser';
import type { TrainingState } from './trainingState';

/** Where a run stands. */
export interface Progress {
  /** Updates done. */
  readonly step: number;
  readonly epoch: number;
  /** Batches of this epoch that are done. */
  readonly batch: number;
  /** Target tokens seen, ends of sentences included. */
  readonly targetTokens: number;
  /** Seconds spent in training steps, over all legs. */
  readonly seconds: number;
}

export const noProgress: Progress = { step: 0, epoch: 0, batch: 0, targetTokens: 0, seconds: 0 };

export interface TrainerOptions {
  /** Padded positions of a batch on either side, at most. */
  readonly batchTokens: number;
  readonly schedule: Schedule;
  /** 0 for none. */
  readonly clipNorm: number;
  readonly seed: number;
  readonly framing: Framing;
}

export interface StepReport {
  readonly progress: Progress;
  /** Label-smoothed cross entropy a target token, nats. */
  readonly loss: number;
  /** exp of −log p a target token, with dropout. */
  readonly perplexity: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly targetTokens: number;
  readonly milliseconds: number;
  /** Share of the batch's positions, both sides, that hold a token. */
  readonly filled: number;
}

/** The loss or the gradients stopped being numbers; the weights are still those of the step before. */
export class TrainingDiverged extends Error {
  override readonly name = 'TrainingDiverged';

  constructor(readonly step: number) {
    super(`Step ${step} gave a loss or gradients that are not finite numbers.`);
  }
}

/**
 * Updates without end; the caller stops by leaving the loop, which closes the batches. `batches` must begin where
 * `progress` says: what comes out then is what a run that was never interrupted does.
 */
export async function* trainSteps(
  state: TrainingState,
  batches: AsyncIterable<FedBatch>,
  options: TrainerOptions,
  progress: Progress,
): AsyncGenerator<StepReport, never> {
  let current = progress;
  for await (const { epoch, position, batch } of batches) {
    const report = await trainStep(state, batch, options, { ...current, epoch, batch: position });
    current = report.progress;
    yield report;
  }
  throw new Error('The batches have come to an end.');
}

async function trainStep(
  state: TrainingState,
  batch: Batch,
  { schedule, clipNorm, seed, framing }: TrainerOptions,
  before: Progress,
): Promise<StepReport> {
  const started = performance.now();
  const step = before.step + 1;
  const targetTokens = batch.labels.length;
  const loss = await state.computeGradients(batch, 1 / targetTokens, stepSeed(seed, step));
  if (!Number.isFinite(loss.smoothed)) throw new TrainingDiverged(step);
  const rate = learningRate(step, schedule);
  const { gradientNorm } = await state.applyGradients({ step, learningRate: rate, clipNorm });
  if (!Number.isFinite(gradientNorm)) throw new TrainingDiverged(step);
  const milliseconds = performance.now() - started;
  return {
    progress: {
      step,
      epoch: before.epoch,
      batch: before.batch + 1,
      targetTokens: before.targetTokens + targetTokens,
      seconds: before.seconds + milliseconds / 1000,
    },
    loss: loss.smoothed / targetTokens,
    perplexity: Math.exp(loss.negativeLogLikelihood / targetTokens),
    learningRate: rate,
    gradientNorm,
    targetTokens,
    milliseconds,
    filled: filledShare(batch, framing.padding),
  };
}

/** Dropout's seed: another word for each step of each run. */
function stepSeed(seed: number, step: number): number {
  return (Math.imul(seed, 0x9e3779b1) + step) >>> 0;
}

function filledShare(
  { size, sourceLength, targetLength, sourceIds, labels }: Batch,
  padding: number,
): number {
  const sourceTokens = sourceIds.reduce((count, id) => count + (id === padding ? 0 : 1), 0);
  return (sourceTokens + labels.length) / (size * (sourceLength + targetLength));
}

/** Mean label-smoothed loss and perplexity a target token, without dropout. */
export async function validate(
  state: TrainingState,
  corpus: EncodedCorpus,
  { batchTokens, framing }: TrainerOptions,
): Promise<{ loss: number; perplexity: number }> {
  let smoothed = 0;
  let negativeLogLikelihood = 0;
  let tokens = 0;
  for (const pairs of planEpoch(corpus, { tokens: batchTokens, seed: 0, epoch: 0 })) {
    const batch = makeBatch(corpus, pairs, framing);
    const loss = await state.evaluate(batch);
    smoothed += loss.smoothed;
    negativeLogLikelihood += loss.negativeLogLikelihood;
    tokens += batch.labels.length;
  }
  return { loss: smoothed / tokens, perplexity: Math.exp(negativeLogLikelihood / tokens) };
}

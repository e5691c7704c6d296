/** The loop of training: batch, gradients, update, again. It knows neither files nor where weights live. */
import { makeBatch, planEpoch, type Batch, type Framing } from '../data/batches';
import type { EncodedCorpus } from '../data/encodedCorpus';
import type { FedBatch } from '../data/process/door';
import { learningRate, type Schedule } from './optimiser';
import { afterOverflow, afterUpdate, firstLossScale, type LossScale, type Precision } from './precision';
import type { TrainingState } from './trainingState';

/** Where a run stands. */
export interface Progress {
  /** Updates done. */
  readonly step: number;
  readonly epoch: number;
  /** Batches of this epoch that are done; an update may take several, and not all of one epoch. */
  readonly batch: number;
  /** Target tokens seen, ends of sentences included. */
  readonly targetTokens: number;
  /** Seconds spent in training steps, over all legs. */
  readonly seconds: number;
  /** Of a run in mixed precision. */
  readonly lossScale?: LossScale;
}

export const noProgress: Progress = { step: 0, epoch: 0, batch: 0, targetTokens: 0, seconds: 0 };

export interface TrainerOptions {
  /** Padded positions of a batch on either side, at most. */
  readonly batchTokens: number;
  /** Batches of an update: their gradients are added up, so that a small machine trains with large batches. */
  readonly accumulate: number;
  readonly schedule: Schedule;
  /** 0 for none. */
  readonly clipNorm: number;
  readonly seed: number;
  readonly framing: Framing;
  /** What the state computes in; `float32` unless given. */
  readonly precision?: Precision;
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
  /** Share of the batches' positions, both sides, that hold a token. */
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
  let parts: FedBatch[] = [];
  for await (const fed of batches) {
    parts.push(fed);
    if (parts.length < options.accumulate) continue;
    const result = await trainStep(state, parts, options, current);
    parts = [];
    current = result.progress;
    if (result.kind === 'updated') yield result.report;
  }
  throw new Error('The batches have come to an end.');
}

/** An update, or that its gradients overflowed, so that there was none and the next batches take its place. */
type StepResult =
  | { readonly kind: 'updated'; readonly progress: Progress; readonly report: StepReport }
  | { readonly kind: 'skipped'; readonly progress: Progress };

/** One update from all `parts` together, as if they were one batch: their tokens are counted before the first is run. */
async function trainStep(
  state: TrainingState,
  parts: readonly FedBatch[],
  { schedule, clipNorm, seed, framing, precision }: TrainerOptions,
  before: Progress,
): Promise<StepResult> {
  const started = performance.now();
  const step = before.step + 1;
  const batches = parts.map(({ batch }) => batch);
  const targetTokens = total(batches, ({ labels }) => labels.length);
  const lossScale = precision === 'mixed' ? (before.lossScale ?? firstLossScale) : undefined;
  const loss = { smoothed: 0, negativeLogLikelihood: 0 };
  for (const [part, batch] of batches.entries()) {
    const [scale, partSeed] = [(lossScale?.scale ?? 1) / targetTokens, seedOf(seed, step, part)];
    const partLoss =
      part === 0
        ? await state.computeGradients(batch, scale, partSeed)
        : await state.addGradients(batch, scale, partSeed);
    loss.smoothed += partLoss.smoothed;
    loss.negativeLogLikelihood += partLoss.negativeLogLikelihood;
    if (!Number.isFinite(loss.smoothed)) throw new TrainingDiverged(step);
  }
  const rate = learningRate(step, schedule, before.seconds);
  const { gradientNorm } = await state.applyGradients({
    step,
    learningRate: rate,
    clipNorm,
    ...(lossScale && { lossScale: lossScale.scale }),
  });
  const milliseconds = performance.now() - started;
  const { epoch, position } = parts.at(-1)!;
  const place = { epoch, batch: position + 1, seconds: before.seconds + milliseconds / 1000 };
  if (!Number.isFinite(gradientNorm)) {
    const smaller = lossScale && afterOverflow(lossScale);
    if (!smaller) throw new TrainingDiverged(step);
    return { kind: 'skipped', progress: { ...before, ...place, lossScale: smaller } };
  }
  const progress = {
    step,
    epoch: place.epoch,
    batch: place.batch,
    targetTokens: before.targetTokens + targetTokens,
    seconds: place.seconds,
    ...(lossScale && { lossScale: afterUpdate(lossScale) }),
  };
  const report: StepReport = {
    progress,
    loss: loss.smoothed / targetTokens,
    perplexity: Math.exp(loss.negativeLogLikelihood / targetTokens),
    learningRate: rate,
    gradientNorm,
    targetTokens,
    milliseconds,
    filled: filledShare(batches, framing.padding),
  };
  return { kind: 'updated', progress, report };
}

/**
 * Dropout's seed: another word for each part of each step of each run. The factor is 2³²·(√2 − 1), whose multiples
 * keep far apart: the parts of a step come near those of no other for millions of steps.
 */
function seedOf(seed: number, step: number, part: number): number {
  return (Math.imul(seed, 0x9e3779b1) + Math.imul(part, 0x6a09e667) + step) >>> 0;
}

function filledShare(batches: readonly Batch[], padding: number): number {
  const tokens = total(
    batches,
    ({ sourceIds, labels }) =>
      labels.length + sourceIds.reduce((count, id) => count + (id === padding ? 0 : 1), 0),
  );
  return (
    tokens / total(batches, ({ size, sourceLength, targetLength }) => size * (sourceLength + targetLength))
  );
}

function total(batches: readonly Batch[], numberOf: (batch: Batch) => number): number {
  return batches.reduce((sum, batch) => sum + numberOf(batch), 0);
}

/**
 * Mean label-smoothed loss and perplexity a target token, without dropout. Rejects with `signal`'s reason when it aborts:
 * it is looked at before each batch.
 */
export async function validate(
  state: TrainingState,
  corpus: EncodedCorpus,
  { batchTokens, framing }: TrainerOptions,
  signal?: AbortSignal,
): Promise<{ loss: number; perplexity: number }> {
  let smoothed = 0;
  let negativeLogLikelihood = 0;
  let tokens = 0;
  for (const pairs of planEpoch(corpus, { tokens: batchTokens, seed: 0, epoch: 0 })) {
    signal?.throwIfAborted();
    const batch = makeBatch(corpus, pairs, framing);
    const loss = await state.evaluate(batch);
    smoothed += loss.smoothed;
    negativeLogLikelihood += loss.negativeLogLikelihood;
    tokens += batch.labels.length;
  }
  return { loss: smoothed / tokens, perplexity: Math.exp(negativeLogLikelihood / tokens) };
}

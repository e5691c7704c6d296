/** How long an update takes on this machine, by a short trial. */
import type { Batch } from '../../data/batches';
import { randomWords } from '../../data/random';
import { firstLearnedId } from '../../text/reservedTokens';
import { completeConfig, type TransformerConfig } from '../../transformer/config';
import { parameterCount, parameterShapes } from '../../transformer/model';
import type { Device } from '../../runtime/session';
import { createTrainingState } from '../createState';
import { initialWeights } from '../initialise';
import { lossChunks } from '../loss';
import { flopsPerTargetToken } from '../metrics/flops';
import { passesOf } from '../rDrop';
import type { RunSettings } from '../runSettings';
import { trainingMemory } from './estimates';

/** What a trial batch may take: some tenths of a second of a core, where nothing else is going on. */
const trialFlops = 1.5e10;
const leastTokens = 64;
/** Small models take their time for other things than products. */
const mostTokens = 2000;
/** A model with more weights takes too long to build for a trial. */
const mostParameters = 80e6;
/** Of the memory that is free, at most so much is taken for a trial. */
const shareOfMemory = 0.5;

export interface MeasuredStep {
  /** Of an update. */
  readonly seconds: number;
  /** Whether this very model was tried, or the time reckoned from that of a small one. */
  readonly ofThisModel: boolean;
}

export interface StepToMeasure {
  readonly transformer: TransformerConfig;
  readonly settings: Pick<
    RunSettings,
    | 'batchTokens'
    | 'dropout'
    | 'attentionDropout'
    | 'feedForwardDropout'
    | 'labelSmoothing'
    | 'rDrop'
    | 'precision'
  >;
  /** Mean lengths in tokens, ends included. */
  readonly lengths: { readonly source: number; readonly target: number };
  /** Of an update: a batch is as long as its longer side lets it be. */
  readonly targetTokens: number;
  readonly threads: number;
  readonly device: Device;
  /** Bytes. */
  readonly freeMemory: number;
}

/** Takes some seconds; `signal` is looked at between trial steps. */
export async function measureStep(
  step: StepToMeasure,
  signal: AbortSignal | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<MeasuredStep> {
  const { transformer, settings, lengths, targetTokens, freeMemory } = step;
  const passes = passesOf(settings.rDrop);
  const flopsPerToken = flopsPerTargetToken(transformer, lengths, passes);
  const tokensOf = (flops: number): number =>
    Math.min(settings.batchTokens, mostTokens, Math.max(leastTokens, Math.floor(trialFlops / flops)));
  const trialTokens = tokensOf(flopsPerToken);
  const memory = trainingMemory({
    transformer,
    batchTokens: trialTokens,
    passes,
    accumulates: false,
    pairs: 0,
    length: lengths.target,
  });
  const isTried = parameterCount(transformer) <= mostParameters && memory <= shareOfMemory * freeMemory;
  if (isTried) {
    const { perToken, update } = await tryOut(transformer, trialTokens, step, signal, onProgress);
    return { seconds: perToken * targetTokens + update, ofThisModel: true };
  }
  const small = completeConfig('small', transformer.vocabularySize, {}, 'The trial’s model');
  const smallFlops = flopsPerTargetToken(small, lengths, passes);
  const { perToken, update } = await tryOut(small, tokensOf(smallFlops), step, signal, onProgress);
  return {
    seconds:
      perToken * (flopsPerToken / smallFlops) * targetTokens +
      update * (parameterCount(transformer) / parameterCount(small)),
    ofThisModel: false,
  };
}

const trialSteps = 2;

/** Seconds for a target token, forward and backward, and for the optimiser's part of an update. */
async function tryOut(
  transformer: TransformerConfig,
  tokens: number,
  { settings, lengths, threads, device }: StepToMeasure,
  signal: AbortSignal | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<{ perToken: number; update: number }> {
  const { dropout, attentionDropout, feedForwardDropout, labelSmoothing, rDrop, precision } = settings;
  const rates = { residual: dropout, attention: attentionDropout, feedForward: feedForwardDropout };
  const total = trialSteps + 2;
  onProgress(0, total);
  const state = await createTrainingState(
    device,
    transformer,
    { dropout: rates, labelSmoothing, rDrop, lossChunks: lossChunks(tokens, rDrop), precision },
    threads,
  );
  try {
    await state.writeWeights(initialWeights(parameterShapes(transformer), 1));
    const batch = trialBatch(tokens, lengths, transformer.vocabularySize);
    onProgress(1, total);
    // The first run lays out its memory.
    let fastest = Infinity;
    for (let step = 0; step <= trialSteps; step++) {
      signal?.throwIfAborted();
      const started = performance.now();
      await state.computeGradients(batch, 1 / batch.labels.length, step);
      if (step > 0) fastest = Math.min(fastest, performance.now() - started);
      onProgress(Math.min(total, step + 1), total);
    }
    const update = async (): Promise<number> => {
      const started = performance.now();
      await state.applyGradients({ step: 1, learningRate: 1e-6, clipNorm: 1 });
      return performance.now() - started;
    };
    await update();
    return { perToken: fastest / 1000 / batch.labels.length, update: (await update()) / 1000 };
  } finally {
    await state.dispose();
  }
}

/** Pairs of one length, of tokens at random. */
function trialBatch(tokens: number, lengths: StepToMeasure['lengths'], vocabularySize: number): Batch {
  const [sourceLength, targetLength] = [lengths.source, lengths.target].map((length) =>
    Math.min(tokens, Math.max(2, Math.round(length))),
  ) as [number, number];
  const size = Math.max(1, Math.floor(tokens / Math.max(sourceLength, targetLength)));
  const words = randomWords(1, 1);
  const ids = (length: number): Int32Array =>
    Int32Array.from({ length }, () => firstLearnedId + (words() % (vocabularySize - firstLearnedId)));
  const targets = ids(size * targetLength);
  return {
    size,
    sourceLength,
    targetLength,
    sourceIds: ids(size * sourceLength),
    targetIds: targets,
    rows: Int32Array.from(targets, (_, index) => index),
    labels: targets,
  };
}

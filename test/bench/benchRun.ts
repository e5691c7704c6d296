/** A training run's folder, opened for benchmarks as `train --resume` opens it, from its first batch on. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FedBatch, StoreHeader } from '../../models/data/process/door';
import { batchesOf } from '../../models/data/process/feed';
import { endId, paddingId, startId } from '../../models/text/reservedTokens';
import { lossChunks } from '../../models/training/loss';
import { readNewestCheckpoint } from '../../models/training/checkpoints';
import { CpuTrainingState } from '../../models/training/cpuTrainingState';
import { readSettings } from '../../models/training/runSettings';
import { noProgress, type Progress, type TrainerOptions } from '../../models/training/trainer';
import type { StepOptions } from '../../models/training/trainStep';
import type { TransformerConfig } from '../../models/transformer/config';

export interface BenchRun {
  readonly state: CpuTrainingState;
  readonly config: TransformerConfig;
  readonly stepOptions: StepOptions;
  readonly batches: AsyncIterable<FedBatch>;
  readonly options: TrainerOptions;
  readonly progress: Progress;
}

export async function openRun(folder: string, threads: number): Promise<BenchRun> {
  const settings = await readSettings(folder);
  const checkpoint = await readNewestCheckpoint(folder, (sentence) => {
    throw new Error(sentence);
  });
  const corpus = path.join(folder, 'corpus');
  const manifest = JSON.parse(await readFile(path.join(corpus, 'corpus.json'), 'utf8')) as {
    header: StoreHeader;
  };
  const framing = { padding: paddingId, start: startId, end: endId };
  const { batchTokens, accumulate, warmupSteps, peakLearningRate, clipNorm, seed, weights } = settings;
  const feed = batchesOf({
    folder: corpus,
    header: manifest.header,
    weights,
    tokens: batchTokens,
    seed,
    framing,
    epoch: 0,
    batch: 0,
  });
  const stepOptions: StepOptions = {
    dropout: {
      residual: settings.dropout,
      attention: settings.attentionDropout,
      feedForward: settings.feedForwardDropout,
    },
    labelSmoothing: settings.labelSmoothing,
    lossChunks: lossChunks(batchTokens, settings.rDrop),
    rDrop: settings.rDrop,
  };
  const { config, weights: values } = checkpoint!.model;
  const state = await CpuTrainingState.create(config.transformer, stepOptions, threads);
  await state.writeWeights(values);
  return {
    state,
    config: config.transformer,
    stepOptions,
    batches: asynchronous(feed),
    options: {
      batchTokens,
      accumulate,
      schedule: { warmupSteps, peakLearningRate },
      clipNorm,
      seed,
      framing,
    },
    progress: noProgress,
  };
}

async function* asynchronous<T>(values: Iterable<T>): AsyncGenerator<T> {
  for (const value of values) yield await Promise.resolve(value);
}

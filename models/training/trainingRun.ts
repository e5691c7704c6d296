/**
 * A training run in a folder: its settings (runSettings.ts), its vocabulary and weights (checkpoints.ts), its progress
 * as events. What was started here can be resumed here, leg by leg.
 */
import { mkdir } from 'node:fs/promises';
import { BatchFeed } from '../data/process/client';
import { endId, paddingId, startId } from '../text/reservedTokens';
import type { TransformerConfig } from '../transformer/config';
import { parameterCount, parameterShapes } from '../transformer/model';
import { UserError } from '../userError';
import { listCheckpoints, readNewestCheckpoint } from './checkpoints';
import { CpuTrainingState } from './cpuTrainingState';
import { initialWeights } from './initialise';
import { runLeg, type ReadyRun } from './leg';
import { findCorpus, makeCorpus, type CorpusOptions } from './runCorpus';
import type { LegOptions, OnRunEvent } from './runEvents';
import { modelOf, readSettings, runFormat, writeSettings, type RunSettings } from './runSettings';
import { noProgress, type TrainerOptions } from './trainer';
import type { TrainingState } from './trainingState';

export type { LegOptions, OnRunEvent, RunEvent } from './runEvents';

/** Begins a run in a folder that has none yet. */
export async function startRun(
  folder: string,
  settings: RunSettings,
  leg: LegOptions,
  onEvent: OnRunEvent,
): Promise<void> {
  if ((await listCheckpoints(folder)).length > 0) {
    throw new UserError(
      `${folder} holds a training run already: go on with --resume, or choose another --output.`,
    );
  }
  // Before the work of minutes: the model may not fit, the folder may not be writable.
  modelOf(settings, settings.vocabularySize);
  await mkdir(folder, { recursive: true });
  await writeSettings(folder, settings);
  const { corpus, vocabulary } = await makeCorpus(folder, settings, corpusOptions(leg, onEvent));
  const transformer = modelOf(settings, vocabulary.size);
  const state = await createState(transformer, settings, leg);
  await state.writeWeights(initialWeights(parameterShapes(transformer), settings.seed));
  const config = {
    name: `${settings.from}-${settings.to}`,
    from: settings.from,
    to: settings.to,
    transformer,
  };
  await goOn({ folder, settings, leg, onEvent, corpus, state, config, vocabulary, progress: noProgress });
}

/** Goes on with the run in a folder from its newest whole checkpoint. */
export async function resumeRun(folder: string, leg: LegOptions, onEvent: OnRunEvent): Promise<void> {
  const settings = await readSettings(folder);
  const warn = (sentence: string): void => onEvent({ kind: 'warning', sentence });
  const checkpoint = await readNewestCheckpoint(folder, warn);
  if (!checkpoint)
    throw new UserError(`${folder} holds no checkpoint to go on from: start without --resume.`);
  const { config, vocabulary, weights } = checkpoint.model;
  const corpus = await findCorpus(folder, settings, vocabulary, corpusOptions(leg, onEvent));
  const state = await createState(config.transformer, settings, leg);
  await state.writeWeights(weights);
  await state.writeMoments(checkpoint.moments.first, checkpoint.moments.second);
  const { progress } = checkpoint;
  onEvent({ kind: 'resumed', progress });
  if (settings.format < runFormat) {
    warn(
      'The run was begun by an earlier Polyhead, which cut batches otherwise: it goes on from its weights, but the epoch in hand is another one.',
    );
    await writeSettings(folder, { ...settings, format: runFormat });
  }
  await goOn({ folder, settings, leg, onEvent, corpus, state, config, vocabulary, progress });
}

function corpusOptions({ corpusProcess, signal }: LegOptions, onEvent: OnRunEvent): CorpusOptions {
  return {
    corpusProcess,
    signal,
    onReport: (report) => onEvent({ kind: 'corpus', report }),
    onProgress: (stage, done, of) => onEvent({ kind: 'preparing', stage, done, of }),
    onWarning: (sentence) => onEvent({ kind: 'warning', sentence }),
  };
}

function createState(
  transformer: TransformerConfig,
  settings: RunSettings,
  leg: LegOptions,
): Promise<TrainingState> {
  const dropout = {
    residual: settings.dropout,
    attention: settings.attentionDropout,
    feedForward: settings.feedForwardDropout,
  };
  // About 300 rows of logits at a time: 10 MB with a vocabulary of 8,000.
  const lossChunks = Math.max(1, Math.ceil(settings.batchTokens / 300));
  return CpuTrainingState.create(
    transformer,
    { dropout, labelSmoothing: settings.labelSmoothing, lossChunks },
    leg.threads,
  );
}

/** A run as it stands before a leg. */
interface Run extends Omit<ReadyRun, 'options' | 'openFeed'> {
  readonly settings: RunSettings;
}

async function goOn(run: Run): Promise<void> {
  const { settings, leg, config, onEvent, corpus } = run;
  const { header, validation } = corpus;
  onEvent({
    kind: 'prepared',
    pairs: header.training.pairs,
    validationPairs: validation.size,
    overlong: header.overlong,
    shared: header.shared,
    targetTokens: header.training.targetTokens,
    vocabularySize: run.vocabulary.size,
    parameters: parameterCount(config.transformer),
  });
  const options = trainerOptions(settings, leg);
  await runLeg({ ...run, options, openFeed: () => openFeed(run, options) });
}

/** Batches that a leg has made before they are trained on. */
const batchesAhead = 4;

function openFeed({ settings, leg, corpus, progress }: Run, { framing }: TrainerOptions): BatchFeed {
  return new BatchFeed(leg.corpusProcess, {
    folder: corpus.folder,
    header: corpus.header,
    weights: settings.weights,
    tokens: settings.batchTokens,
    seed: settings.seed,
    framing,
    epoch: progress.epoch,
    batch: progress.batch,
    ahead: batchesAhead,
  });
}

function trainerOptions(settings: RunSettings, { steps, cooldownSteps }: LegOptions): TrainerOptions {
  const { batchTokens, accumulate, clipNorm, seed, warmupSteps, peakLearningRate } = settings;
  const cooldown =
    steps !== undefined && cooldownSteps !== undefined ? { steps, last: cooldownSteps } : undefined;
  return {
    batchTokens,
    accumulate,
    clipNorm,
    seed,
    schedule: { warmupSteps, peakLearningRate, cooldown },
    framing: { padding: paddingId, start: startId, end: endId },
  };
}

/**
 * A training run in a folder: its settings (runSettings.ts), its vocabulary and weights (checkpoints.ts), its progress
 * as events. What was started here can be resumed here, leg by leg.
 */
import { mkdir } from 'node:fs/promises';
import type { CorpusReport } from '../data/corpus';
import { BatchFeed, CorpusProcessEnded } from '../data/process/client';
import type { Model, ModelConfig } from '../storage/modelFolder';
import { endId, paddingId, startId } from '../text/reservedTokens';
import type { Vocabulary } from '../text/vocabulary';
import { presetConfig, type TransformerConfig } from '../transformer/config';
import { parameterShapes } from '../transformer/model';
import { UserError } from '../userError';
import { listCheckpoints, readNewestCheckpoint, writeCheckpoint } from './checkpoints';
import { CpuTrainingState } from './cpuTrainingState';
import { initialWeights } from './initialise';
import { findCorpus, makeCorpus, type CorpusOptions, type RunCorpus, type Stage } from './runCorpus';
import { readSettings, runFormat, writeSettings, type RunSettings } from './runSettings';
import {
  noProgress,
  trainSteps,
  TrainingDiverged,
  validate,
  type Progress,
  type StepReport,
  type TrainerOptions,
} from './trainer';
import type { TrainingState } from './trainingState';

/** What may differ from leg to leg. */
export interface LegOptions {
  /** Total updates of the run at which it ends. */
  readonly steps?: number | undefined;
  /** Minutes of this leg, from its first step. */
  readonly minutes?: number | undefined;
  /** Updates at the end of `steps` over which the learning rate goes to nothing. */
  readonly cooldownSteps?: number | undefined;
  /** Updates between checkpoints. */
  readonly checkpointEvery: number;
  /** How many checkpoints stay. */
  readonly keepCheckpoints: number;
  /** Threads of one operator; 0: one a physical core. */
  readonly threads: number;
  /** The bundle that reads corpora and feeds batches, in processes of its own. */
  readonly corpusProcess: string;
  readonly signal?: AbortSignal | undefined;
}

export type RunEvent =
  /** Pairs, or merges when learning the vocabulary, that are done; of how many, where that is known. */
  | {
      readonly kind: 'preparing';
      readonly stage: Stage;
      readonly done: number;
      readonly of: number | undefined;
    }
  | { readonly kind: 'corpus'; readonly report: CorpusReport }
  | {
      readonly kind: 'prepared';
      readonly pairs: number;
      readonly validationPairs: number;
      /** Pairs left out for too many tokens on a side. */
      readonly overlong: number;
      /** Training pairs left out because their source is validated on. */
      readonly shared: number;
      readonly targetTokens: number;
      readonly vocabularySize: number;
      readonly parameters: number;
    }
  | { readonly kind: 'resumed'; readonly progress: Progress }
  | { readonly kind: 'warning'; readonly sentence: string }
  | { readonly kind: 'step'; readonly report: StepReport }
  | { readonly kind: 'validation'; readonly step: number; readonly loss: number; readonly perplexity: number }
  | { readonly kind: 'checkpoint'; readonly folder: string; readonly progress: Progress };

export type OnRunEvent = (event: RunEvent) => void;

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
  // Before the work of minutes: the folder may not be writable.
  await mkdir(folder, { recursive: true });
  await writeSettings(folder, settings);
  const { corpus, vocabulary } = await makeCorpus(folder, settings, corpusOptions(leg, onEvent));
  const transformer = presetConfig(settings.preset, vocabulary.size);
  const state = await createState(transformer, settings, leg);
  await state.writeWeights(initialWeights(parameterShapes(transformer), settings.seed));
  const config = {
    name: `${settings.from}-${settings.to}`,
    from: settings.from,
    to: settings.to,
    transformer,
  };
  await runLeg({ folder, settings, leg, onEvent, corpus, state, config, vocabulary, progress: noProgress });
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
  await runLeg({ folder, settings, leg, onEvent, corpus, state, config, vocabulary, progress });
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

interface Leg {
  readonly folder: string;
  readonly settings: RunSettings;
  readonly leg: LegOptions;
  readonly onEvent: OnRunEvent;
  readonly corpus: RunCorpus;
  readonly state: TrainingState;
  readonly config: ModelConfig;
  readonly vocabulary: Vocabulary;
  readonly progress: Progress;
}

async function runLeg(run: Leg): Promise<void> {
  const { settings, leg, state, config, onEvent } = run;
  const { header, validation } = run.corpus;
  onEvent({
    kind: 'prepared',
    pairs: header.training.pairs,
    validationPairs: validation.size,
    overlong: header.overlong,
    shared: header.shared,
    targetTokens: header.training.targetTokens,
    vocabularySize: run.vocabulary.size,
    parameters: parameterShapes(config.transformer).reduce(
      (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
      0,
    ),
  });
  const options = trainerOptions(settings, leg);
  const deadline = performance.now() + (leg.minutes ?? Infinity) * 60_000;
  const isOver = (step: number): boolean =>
    step >= (leg.steps ?? Infinity) || performance.now() >= deadline || leg.signal?.aborted === true;
  let { progress } = run;
  let saved = progress.step;
  const save = async (): Promise<void> => {
    const result = await validate(state, validation, options);
    // The last update may have been the one that spoilt the weights: they must not push good checkpoints out.
    if (!Number.isFinite(result.loss)) throw new TrainingDiverged(progress.step);
    onEvent({ kind: 'validation', step: progress.step, ...result });
    await saveCheckpoint(run, progress);
    saved = progress.step;
  };
  try {
    if (!isOver(progress.step)) {
      for await (const report of trainSteps(state, openFeed(run, options), options, progress)) {
        progress = report.progress;
        onEvent({ kind: 'step', report });
        if (isOver(progress.step)) break;
        if (progress.step % leg.checkpointEvery === 0) await save();
      }
    }
    if (progress.step > saved) await save();
  } catch (error) {
    if (error instanceof TrainingDiverged) throw await explainDivergence(run.folder, error);
    if (!(error instanceof CorpusProcessEnded)) throw error;
    if (progress.step > saved) await save();
    throw new UserError(
      `${error.message} The training stopped after step ${progress.step}${progress.step > 0 ? ', which is saved: go on with --resume' : ''}.`,
    );
  } finally {
    await state.dispose();
  }
}

/** Batches that a leg has made before they are trained on. */
const batchesAhead = 4;

function openFeed({ settings, leg, corpus, progress }: Leg, { framing }: TrainerOptions): BatchFeed {
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
  const { batchTokens, clipNorm, seed, warmupSteps, peakLearningRate } = settings;
  const cooldown =
    steps !== undefined && cooldownSteps !== undefined ? { steps, last: cooldownSteps } : undefined;
  return {
    batchTokens,
    clipNorm,
    seed,
    schedule: { warmupSteps, peakLearningRate, cooldown },
    framing: { padding: paddingId, start: startId, end: endId },
  };
}

async function saveCheckpoint(
  { folder, leg, state, config, vocabulary, onEvent }: Leg,
  progress: Progress,
): Promise<void> {
  const model: Model = { config, vocabulary, weights: await state.readWeights() };
  const moments = await state.readMoments();
  const written = await writeCheckpoint(folder, { model, moments, progress }, leg.keepCheckpoints);
  onEvent({ kind: 'checkpoint', folder: written, progress });
}

async function explainDivergence(folder: string, { message }: TrainingDiverged): Promise<UserError> {
  const [newest] = await listCheckpoints(folder);
  const way = newest
    ? `The last good checkpoint is ${newest}. From there --resume takes the same steps again; to take others, start a new run with a lower --peak-learning-rate.`
    : 'There is no checkpoint yet: start again with a lower --peak-learning-rate.';
  return new UserError(`${message} ${way}`);
}

/**
 * A training run in a folder: its settings (runSettings.ts), its vocabulary and weights (checkpoints.ts), its progress
 * as events. What was started here can be resumed here, leg by leg.
 */
import { BatchFeed } from '../data/process/client';
import { endId, paddingId, startId } from '../text/reservedTokens';
import type { TransformerConfig } from '../transformer/config';
import { parameterCount, parameterShapes } from '../transformer/model';
import { UserError } from '../userError';
import type { Model } from '../storage/modelFolder';
import type { Vocabulary } from '../text/vocabulary';
import type { Weights } from '../transformer/parameters';
import { listCheckpoints, readNewestCheckpoint, stepOf } from './checkpoints';
import { createTrainingState, onCardOrProcessor } from './createState';
import { initialWeights } from './initialise';
import { readInitialModel, weightsForVocabulary } from './initialModel';
import { runLeg, writing, type ReadyRun } from './leg';
import { lossChunks } from './loss';
import { findCorpus, makeCorpus, type CorpusOptions } from './runCorpus';
import { RunLock } from './runLock';
import type { LegOptions, LegOutcome, OnRunEvent } from './runEvents';
import { modelOf, readSettings, runFormat, writeSettings, type RunSettings } from './runSettings';
import type { Schedule } from './optimiser';
import { noProgress, type TrainerOptions } from './trainer';
import type { TrainingState } from './trainingState';

export type { LegOptions, LegOutcome, OnRunEvent, RunEvent } from './runEvents';

/** A leg, and what becomes of it where its device fails. */
export interface RunOptions extends LegOptions {
  /** Nobody asked for the graphics card by name: where it fails before the first step, the processor trains instead. */
  readonly orProcessor?: boolean;
}

/** Begins a run in a folder that has none yet. */
export async function startRun(
  folder: string,
  settings: RunSettings,
  leg: RunOptions,
  onEvent: OnRunEvent,
): Promise<LegOutcome> {
  await refuseSecondRun(folder);
  // Before the work of minutes: the model may not fit, the folder may not be writable.
  const initial = await readInitialModel(settings);
  if (!initial) modelOf(settings, settings.vocabularySize);
  return inFolder(folder, async (lock) => {
    await refuseSecondRun(folder);
    await writeSettings(folder, settings);
    return start({ folder, settings, leg, onEvent, lock }, initial);
  });
}

async function refuseSecondRun(folder: string): Promise<void> {
  if ((await listCheckpoints(folder)).length === 0) return;
  throw new UserError(
    `${folder} holds a training run already: go on with --resume, or choose another --output.`,
  );
}

/** Works in a run's folder while no other process trains there. */
async function inFolder<Result>(folder: string, work: (lock: RunLock) => Promise<Result>): Promise<Result> {
  const [newest] = await listCheckpoints(folder);
  const lock = await writing(folder, newest ? stepOf(newest) : 0, () => RunLock.take(folder));
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
}

/** What a leg is about, before anything of it is loaded. */
type LegOfRun = Pick<Run, 'folder' | 'settings' | 'onEvent' | 'lock'> & { readonly leg: RunOptions };

async function start(of: LegOfRun, initial: Model | undefined): Promise<LegOutcome> {
  const { folder, settings, leg, onEvent } = of;
  const { corpus, vocabulary } = await makeCorpus(
    folder,
    settings,
    corpusOptions(leg, onEvent),
    settings.ownVocabulary ? undefined : initial?.vocabulary,
  );
  const transformer = initial
    ? { ...initial.config.transformer, vocabularySize: vocabulary.size }
    : modelOf(settings, vocabulary.size);
  const config = {
    name: `${settings.from}-${settings.to}`,
    from: settings.from,
    to: settings.to,
    transformer,
  };
  return onDevice(of, async (on) => {
    const { weights, keptPieces } = firstWeights(transformer, vocabulary, settings, initial);
    const state = await createState(transformer, settings, on.leg, (made) => made.writeWeights(weights));
    return goOn({ ...on, corpus, state, config, vocabulary, progress: noProgress }, keptPieces);
  });
}

function firstWeights(
  transformer: TransformerConfig,
  vocabulary: Vocabulary,
  { seed, ownVocabulary }: RunSettings,
  initial: Model | undefined,
): { readonly weights: Weights; readonly keptPieces?: number } {
  if (!initial) return { weights: initialWeights(parameterShapes(transformer), seed) };
  return ownVocabulary ? weightsForVocabulary(initial, vocabulary, seed) : initial;
}

/** Goes on with the run in a folder from its newest whole checkpoint. */
export async function resumeRun(folder: string, leg: RunOptions, onEvent: OnRunEvent): Promise<LegOutcome> {
  const settings = await readSettings(folder);
  // Weights and moments are read again for another device, rather than kept for as long as the first one trains.
  return inFolder(folder, (lock) => onDevice({ folder, settings, leg, onEvent, lock }, resume));
}

async function resume(of: LegOfRun): Promise<LegOutcome> {
  const { folder, settings, leg, onEvent } = of;
  const warn = (sentence: string): void => onEvent({ kind: 'warning', sentence });
  const checkpoint = await readNewestCheckpoint(folder, warn);
  if (!checkpoint)
    throw new UserError(`${folder} holds no checkpoint to go on from: start without --resume.`);
  const { config, vocabulary, weights } = checkpoint.model;
  const corpus = await findCorpus(folder, settings, vocabulary, corpusOptions(leg, onEvent));
  const { progress, moments } = checkpoint;
  const state = await createState(config.transformer, settings, leg, async (made) => {
    await made.writeWeights(weights);
    await made.writeMoments(moments.first, moments.second);
  });
  onEvent({ kind: 'resumed', progress });
  if (settings.format < runFormat) {
    warn(
      'The run was begun by an earlier Polyhead, which cut batches otherwise: it goes on from its weights, but the epoch in hand is another one.',
    );
    await writeSettings(folder, { ...settings, format: runFormat });
  }
  return goOn({ ...of, corpus, state, config, vocabulary, progress });
}

/** Begins on the leg's device; on the processor, too, where that may take the card's place and the card fails at once. */
function onDevice(of: LegOfRun, begin: (on: LegOfRun) => Promise<LegOutcome>): Promise<LegOutcome> {
  const { leg, onEvent } = of;
  if (leg.device !== 'webgpu' || leg.orProcessor !== true) return begin(of);
  let hasStepped = false;
  const watched: OnRunEvent = (event) => {
    hasStepped ||= event.kind === 'step';
    onEvent(event);
  };
  return onCardOrProcessor(
    (device) => begin({ ...of, leg: { ...leg, device }, onEvent: watched }),
    () => !hasStepped,
    (sentence) => onEvent({ kind: 'warning', sentence }),
  );
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

/** A state with what it begins with. Where that fails, nothing of it stays in the device's memory. */
async function createState(
  transformer: TransformerConfig,
  settings: RunSettings,
  leg: LegOptions,
  write: (state: TrainingState) => Promise<void>,
): Promise<TrainingState> {
  const dropout = {
    residual: settings.dropout,
    attention: settings.attentionDropout,
    feedForward: settings.feedForwardDropout,
  };
  const state = await createTrainingState(
    leg.device ?? 'cpu',
    transformer,
    {
      dropout,
      labelSmoothing: settings.labelSmoothing,
      lossChunks: lossChunks(settings.batchTokens, settings.rDrop),
      rDrop: settings.rDrop,
      precision: settings.precision,
    },
    leg.threads,
  );
  try {
    await write(state);
    return state;
  } catch (error) {
    // What has failed may fail at that, too.
    await state.dispose().catch(() => undefined);
    throw error;
  }
}

/** A run as it stands before a leg. */
type Run = Omit<ReadyRun, 'options' | 'openFeed'>;

async function goOn(run: Run, keptPieces?: number): Promise<LegOutcome> {
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
    ...(keptPieces !== undefined && { keptPieces }),
    parameters: parameterCount(config.transformer),
    device: leg.device ?? 'cpu',
  });
  const options = trainerOptions(settings, leg);
  return runLeg({ ...run, options, openFeed: () => openFeed(run, options) });
}

/** Batches that a leg has made before they are trained on. */
const batchesAhead = 4;

function openFeed(
  { settings, leg, corpus, progress, vocabulary }: Run,
  { framing }: TrainerOptions,
): BatchFeed {
  const { subwordDropout: rate, longest } = settings;
  return new BatchFeed(leg.corpusProcess, {
    folder: corpus.folder,
    header: corpus.header,
    weights: settings.weights,
    tokens: settings.batchTokens,
    seed: settings.seed,
    framing,
    ...(rate > 0 && { subwordDropout: { rate, longest, vocabulary: vocabulary.toJson() } }),
    epoch: progress.epoch,
    batch: progress.batch,
    ahead: batchesAhead,
  });
}

function trainerOptions(settings: RunSettings, leg: LegOptions): TrainerOptions {
  const { batchTokens, accumulate, clipNorm, seed, precision, warmupSteps, peakLearningRate } = settings;
  return {
    batchTokens,
    accumulate,
    clipNorm,
    seed,
    precision,
    schedule: { warmupSteps, peakLearningRate, cooldown: cooldownOf(leg) },
    framing: { padding: paddingId, start: startId, end: endId },
  };
}

function cooldownOf({
  steps,
  cooldownSteps,
  totalMinutes,
  cooldownMinutes,
}: LegOptions): Schedule['cooldown'] {
  if (steps !== undefined && cooldownSteps !== undefined) return { steps, last: cooldownSteps };
  if (totalMinutes !== undefined && cooldownMinutes !== undefined)
    return { seconds: totalMinutes * 60, last: cooldownMinutes * 60 };
  return undefined;
}

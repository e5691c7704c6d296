/**
 * A training run in a folder: its settings (runSettings.ts), its vocabulary and weights (checkpoints.ts), its progress
 * as events. What was started here can be resumed here, leg by leg.
 */
import { mkdir } from 'node:fs/promises';
import { readCorpus, type CorpusReport, type SentencePair } from '../data/corpus';
import { EncodedCorpus } from '../data/encodedCorpus';
import { encodePairs, protectPairs } from '../data/encodePairs';
import { randomWords, shuffle } from '../data/random';
import type { Model, ModelConfig } from '../storage/modelFolder';
import { learnVocabulary } from '../text/learnVocabulary';
import type { Piece } from '../text/pieces';
import { endId, paddingId, startId } from '../text/reservedTokens';
import type { Vocabulary } from '../text/vocabulary';
import { presetConfig, type TransformerConfig } from '../transformer/config';
import { parameterShapes } from '../transformer/model';
import { UserError } from '../userError';
import { listCheckpoints, readNewestCheckpoint, writeCheckpoint } from './checkpoints';
import { CpuTrainingState } from './cpuTrainingState';
import { initialWeights } from './initialise';
import { readSettings, writeSettings, type RunSettings } from './runSettings';
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
  readonly signal?: AbortSignal | undefined;
}

export type RunEvent =
  | { readonly kind: 'corpus'; readonly report: CorpusReport }
  | {
      readonly kind: 'prepared';
      readonly pairs: number;
      readonly validationPairs: number;
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
  const pairs = await readPairs(settings, onEvent);
  const vocabulary = learnVocabulary(protectedTexts(pairs.training, settings.seed), {
    size: settings.vocabularySize,
  });
  const corpora = encodeAll(pairs, vocabulary, settings);
  const transformer = presetConfig(settings.preset, vocabulary.size);
  const state = await createState(transformer, settings, leg);
  await state.writeWeights(initialWeights(parameterShapes(transformer), settings.seed));
  const config = {
    name: `${settings.from}-${settings.to}`,
    from: settings.from,
    to: settings.to,
    transformer,
  };
  await runLeg({ folder, settings, leg, onEvent, corpora, state, config, vocabulary, progress: noProgress });
}

/** Goes on with the run in a folder from its newest whole checkpoint. */
export async function resumeRun(folder: string, leg: LegOptions, onEvent: OnRunEvent): Promise<void> {
  const settings = await readSettings(folder);
  const warn = (sentence: string): void => onEvent({ kind: 'warning', sentence });
  const checkpoint = await readNewestCheckpoint(folder, warn);
  if (!checkpoint)
    throw new UserError(`${folder} holds no checkpoint to go on from: start without --resume.`);
  const { config, vocabulary, weights } = checkpoint.model;
  const corpora = encodeAll(await readPairs(settings, onEvent), vocabulary, settings);
  const state = await createState(config.transformer, settings, leg);
  await state.writeWeights(weights);
  await state.writeMoments(checkpoint.moments.first, checkpoint.moments.second);
  const { progress } = checkpoint;
  onEvent({ kind: 'resumed', progress });
  await runLeg({ folder, settings, leg, onEvent, corpora, state, config, vocabulary, progress });
}

/** What a run trains on and validates on. */
interface Both<Of> {
  readonly training: Of;
  readonly validation: Of;
}

async function readPairs(
  { corpora, validation, heldOut, seed }: RunSettings,
  onEvent: OnRunEvent,
): Promise<Both<SentencePair[]>> {
  const { pairs, reports } = await readCorpus(corpora);
  for (const report of reports) onEvent({ kind: 'corpus', report });
  if (validation.length > 0) {
    const given = await readCorpus(validation);
    for (const report of given.reports) onEvent({ kind: 'corpus', report });
    return { training: pairs, validation: given.pairs };
  }
  if (pairs.length < 2 * heldOut) {
    throw new UserError(
      `The corpus has ${pairs.length} pairs, of which ${heldOut} would be held out to validate on: give more, or fewer with --held-out.`,
    );
  }
  const order = pairs.map((_, index) => index);
  shuffle(order, randomWords(seed, 0x4e1d));
  const kept = new Set(order.slice(0, heldOut));
  return {
    training: pairs.filter((_, index) => !kept.has(index)),
    validation: pairs.filter((_, index) => kept.has(index)),
  };
}

function* protectedTexts(pairs: readonly SentencePair[], seed: number): Generator<readonly Piece[]> {
  for (const { source, target } of protectPairs(pairs, seed)) {
    yield source;
    yield target;
  }
}

function encodeAll(
  { training, validation }: Both<SentencePair[]>,
  vocabulary: Vocabulary,
  { seed, longest }: RunSettings,
): Both<EncodedCorpus> {
  const encode = (pairs: readonly SentencePair[], purpose: string): EncodedCorpus => {
    const corpus = EncodedCorpus.from(encodePairs(protectPairs(pairs, seed), vocabulary, longest));
    if (corpus.size > 0) return corpus;
    throw new UserError(
      `None of the ${pairs.length} pairs to ${purpose} on has at most ${longest} tokens on both sides: allow more with --longest.`,
    );
  };
  return { training: encode(training, 'train'), validation: encode(validation, 'validate') };
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
  readonly corpora: Both<EncodedCorpus>;
  readonly state: TrainingState;
  readonly config: ModelConfig;
  readonly vocabulary: Vocabulary;
  readonly progress: Progress;
}

async function runLeg(run: Leg): Promise<void> {
  const { settings, leg, state, config, onEvent } = run;
  const { training, validation } = run.corpora;
  onEvent({
    kind: 'prepared',
    pairs: training.size,
    validationPairs: validation.size,
    targetTokens: training.targetTokens,
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
      for await (const report of trainSteps(state, training, options, progress)) {
        progress = report.progress;
        onEvent({ kind: 'step', report });
        if (isOver(progress.step)) break;
        if (progress.step % leg.checkpointEvery === 0) await save();
      }
    }
    if (progress.step > saved) await save();
  } catch (error) {
    if (error instanceof TrainingDiverged) throw await explainDivergence(run.folder, error);
    throw error;
  } finally {
    await state.dispose();
  }
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

/** What a run will take, before it begins: what its corpora hold, how long it lasts, whether it fits the machine. */
import { planEpoch } from '../../data/batches';
import { runJob } from '../../data/process/client';
import type { CorpusSample, SampledCorpus } from '../../data/process/door';
import { heldOutOf } from '../../data/split';
import { parameterCount } from '../../transformer/model';
import type { TransformerConfig } from '../../transformer/config';
import { readInitialModel } from '../initialModel';
import { measureMachine, type Machine } from '../machine';
import { flopsPerTargetToken } from '../metrics/flops';
import { passesOf } from '../rDrop';
import { modelOf, type RunSettings } from '../runSettings';
import type { LegOptions } from '../runEvents';
import { trainingDisk, trainingMemory } from './estimates';
import { measureStep } from './measureStep';

/** Entries that are read of a corpus: some seconds. */
const mostEntries = 200_000;

export type PlanStage = 'reading' | 'learning' | 'measuring';

export interface PlanOptions {
  readonly corpusProcess: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (stage: PlanStage, done: number, total: number) => void;
  readonly machine?: Machine;
}

export interface RunPlan {
  readonly corpora: readonly SampledCorpus[];
  /** Texts of both sides, to tell their languages by. */
  readonly texts: CorpusSample['texts'];
  readonly pairs: number;
  readonly validationPairs: number;
  readonly vocabularySize: number;
  readonly parameters: number;
  readonly targetTokensPerEpoch: number;
  readonly stepsPerEpoch: number;
  readonly flopsPerStep: number;
  readonly secondsPerStep: number;
  readonly measured: boolean;
  readonly steps: number | undefined;
  readonly seconds: number | undefined;
  readonly flops: number | undefined;
  readonly memory: { readonly needed: number; readonly free: number; readonly total: number };
  readonly disk: { readonly needed: number; readonly free: number };
}

/** @param folder the run's, which need not be there yet; @throws UserError as a training of these settings would */
export async function planRun(
  folder: string,
  settings: RunSettings,
  leg: Pick<LegOptions, 'steps' | 'totalMinutes' | 'keepCheckpoints' | 'threads' | 'device'>,
  { corpusProcess, signal, onProgress, machine: known }: PlanOptions,
): Promise<RunPlan> {
  const initial = await readInitialModel(settings);
  const { maximumWords, maximumLengthRatio, corpora, validation, from, to, longest, seed } = settings;
  const sample = await runJob(
    corpusProcess,
    'sample',
    {
      corpora,
      validation,
      languages: { from, to },
      filter: { maximumWords, maximumLengthRatio },
      most: mostEntries,
      vocabulary: initial && !settings.ownVocabulary ? initial.vocabulary.toJson() : settings.vocabularySize,
      longest,
      seed,
    },
    {
      signal,
      // Reading does not know its end, learning does.
      onProgress: (done, of) => onProgress(of === undefined ? 'reading' : 'learning', done, of ?? done),
    },
  );
  const vocabularySize = vocabularySizeOf(sample, settings);
  const transformer = initial
    ? { ...initial.config.transformer, vocabularySize }
    : modelOf(settings, vocabularySize);
  const epoch = epochOf(sample, settings);
  const targetTokensPerStep = epoch.targetTokens / epoch.steps;
  const parameters = parameterCount(transformer);
  const machine = known ?? (await measureMachine(folder));
  const { seconds: secondsPerStep, ofThisModel: measured } = await measureStep(
    {
      transformer,
      settings,
      lengths: epoch.lengths,
      targetTokens: targetTokensPerStep,
      threads: leg.threads,
      device: leg.device ?? 'cpu',
      freeMemory: machine.memory.free,
    },
    signal,
    (done, total) => onProgress('measuring', done, total),
  );
  const flopsPerStep =
    flopsPerTargetToken(transformer, epoch.lengths, passesOf(settings.rDrop)) * targetTokensPerStep;
  const steps = stepsOf(leg, secondsPerStep);
  return {
    corpora: sample.corpora,
    texts: sample.texts,
    pairs: epoch.pairs,
    validationPairs: epoch.validationPairs,
    vocabularySize,
    parameters,
    targetTokensPerEpoch: Math.round(epoch.targetTokens),
    stepsPerEpoch: Math.max(1, Math.round(epoch.steps)),
    flopsPerStep,
    secondsPerStep,
    measured,
    steps,
    seconds: steps === undefined ? undefined : steps * secondsPerStep,
    flops: steps === undefined ? undefined : steps * flopsPerStep,
    memory: { needed: memoryOf(transformer, settings, epoch), ...machine.memory },
    disk: {
      needed: trainingDisk({
        parameters,
        pairs: epoch.pairs,
        tokensPerPair: epoch.lengths.source + epoch.lengths.target,
        textBytes: sample.textBytes,
        keepCheckpoints: leg.keepCheckpoints,
        steps,
      }),
      free: machine.disk.free,
    },
  };
}

/** A part of a large corpus may not hold as many tokens as all of it will. */
function vocabularySizeOf(
  { corpora, vocabularySize, sourceLengths }: CorpusSample,
  wanted: RunSettings,
): number {
  const kept = corpora.reduce((sum, { report }) => sum + report.kept, 0);
  const isWhole = corpora.every((corpus) => corpus.isWhole) && sourceLengths.length >= 0.9 * kept;
  return isWhole || vocabularySize >= wanted.vocabularySize ? vocabularySize : wanted.vocabularySize;
}

interface Epoch {
  readonly pairs: number;
  readonly validationPairs: number;
  /** Means, ends included. */
  readonly lengths: { readonly source: number; readonly target: number };
  readonly targetTokens: number;
  readonly steps: number;
}

/** An epoch of all pairs, by the batches that the encoded ones make. */
function epochOf(
  { corpora, validationPairs: given, sourceLengths, targetLengths, overlong }: CorpusSample,
  { weights, heldOut, batchTokens, accumulate, seed }: RunSettings,
): Epoch {
  const size = sourceLengths.length;
  const all = corpora.reduce((sum, { pairs }) => sum + pairs, 0);
  const validationPairs = given > 0 ? given : heldOutOf(all, heldOut);
  const pairs = Math.max(1, Math.round((all - (given > 0 ? 0 : validationPairs)) * (1 - overlong)));
  const weight = corpora.reduce((sum, corpus, index) => sum + corpus.pairs * (weights[index] ?? 1), 0) / all;
  const lengths = { source: mean(sourceLengths) + 1, target: mean(targetLengths) + 1 };
  const corpus = {
    size,
    sourceLength: (pair: number) => sourceLengths[pair]!,
    targetLength: (pair: number) => targetLengths[pair]!,
  };
  const batches = planEpoch(corpus, { tokens: batchTokens, seed, epoch: 0 });
  const seen = pairs * weight;
  const positions = batches.reduce(
    (sum, batch) =>
      sum + batch.length * (1 + batch.reduce((most, pair) => Math.max(most, targetLengths[pair]!), 0)),
    0,
  );
  return {
    pairs,
    validationPairs,
    lengths,
    targetTokens: lengths.target * seen,
    // A few pairs make one batch that is not full; so many more of them fill theirs.
    steps:
      (Math.max(positions / batchTokens, batches.length > 1 ? batches.length : 0) * (seen / size)) /
      accumulate,
  };
}

function mean(lengths: Uint16Array): number {
  return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}

function stepsOf(
  { steps, totalMinutes }: Pick<LegOptions, 'steps' | 'totalMinutes'>,
  secondsPerStep: number,
): number | undefined {
  const byTime =
    totalMinutes === undefined ? Infinity : Math.max(1, Math.floor((totalMinutes * 60) / secondsPerStep));
  const least = Math.min(steps ?? Infinity, byTime);
  return Number.isFinite(least) ? least : undefined;
}

function memoryOf(
  transformer: TransformerConfig,
  { batchTokens, accumulate, rDrop }: RunSettings,
  epoch: Epoch,
): number {
  return trainingMemory({
    transformer,
    batchTokens,
    passes: passesOf(rDrop),
    accumulates: accumulate > 1,
    pairs: epoch.pairs,
    length: Math.max(epoch.lengths.source, epoch.lengths.target),
  });
}

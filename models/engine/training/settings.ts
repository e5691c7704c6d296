/** Settings of a training that came through the door: hostile input until they are checked here. */
import path from 'node:path';
import { usualLeastFree } from '../../training/ending';
import { newSettings } from '../../training/newSettings';
import { checkSettings, defaultSettings, type RunSettings } from '../../training/runSettings';
import type { LegOptions } from '../../training/trainingRun';
import { shorten, show, UserError } from '../../userError';
import type {
  CorpusFiles,
  LegSettings,
  TrainingBudget,
  TrainingDeviceSetting,
  TrainingSettings,
} from '../protocol';
import { without } from './without';

/** What a leg does where nothing is said; the training that a person watches translates fewer pairs than the terminal's. */
export const defaultLeg = {
  device: 'cpu',
  checkpointEvery: 500,
  keepCheckpoints: 5,
  translatePairs: 100,
  stopOn: 'loss',
  pauseOnBattery: false,
} as const satisfies Partial<LegSettings>;

type Fields = Readonly<Record<string, unknown>>;

const where = 'The training’s settings';

/** What a person may set by name, and what is named otherwise in run.json. */
const known: Readonly<Record<keyof TrainingSettings, true>> = {
  corpora: true,
  validation: true,
  from: true,
  to: true,
  initialModel: true,
  preset: true,
  modelConfig: true,
  vocabularySize: true,
  heldOut: true,
  maximumWords: true,
  maximumLengthRatio: true,
  batchTokens: true,
  accumulate: true,
  longest: true,
  peakLearningRate: true,
  warmupSteps: true,
  dropout: true,
  attentionDropout: true,
  feedForwardDropout: true,
  subwordDropout: true,
  labelSmoothing: true,
  rDrop: true,
  clipNorm: true,
  precision: true,
  seed: true,
};

/**
 * A run's settings, complete.
 *
 * @throws UserError that says which field cannot be, and why; or that a file is missing
 */
export async function settingsFrom(value: unknown): Promise<RunSettings> {
  const settings = objectOf(value, where);
  refuseUnknown(settings, Object.keys(known), where);
  const rest: Fields = without(settings, 'corpora', 'validation');
  const corpora = corporaFrom(settings['corpora'], `${where}: “corpora”`);
  if (corpora.length === 0) throw new UserError(`${where}: “corpora” must name one or more files.`);
  const validation = corporaFrom(settings['validation'] ?? [], `${where}: “validation”`);
  if (validation.some(({ weight }) => weight !== undefined))
    throw new UserError(`${where}: pairs to validate on have no weight.`);
  // Before what is left out is found out from them, all are checked with something in its place.
  const unknown = { from: 'source', to: 'target', peakLearningRate: 0 };
  const checked = checkSettings(
    {
      ...defaultSettings,
      ...unknown,
      ...rest,
      corpora: corpora.map(specificationOf),
      weights: corpora.map(({ weight = 1 }) => weight),
      validation: validation.map(specificationOf),
    },
    where,
  );
  const limits = { vocabularySize: [300, 1_000_000], batchTokens: [16, 10_000_000], seed: [0, 2 ** 32 - 1] };
  for (const [key, [low, high]] of Object.entries(limits)) {
    const number = checked[key as keyof typeof limits];
    if (number < low! || number > high!)
      throw new UserError(`${where}: “${key}” must be from ${low} to ${high}, not ${number}.`);
  }
  if (checked.initialModel !== '') {
    absolute(checked.initialModel, `${where}: “initialModel”`);
    const idle = ['preset', 'modelConfig'].find((key) => rest[key] !== undefined);
    if (idle !== undefined)
      throw new UserError(`${where}: “${idle}” must be left out with an initial model, which decides it.`);
  }
  const chosen = (key: 'from' | 'to' | 'vocabularySize' | 'peakLearningRate' | 'warmupSteps') =>
    rest[key] === undefined ? { [key]: undefined } : {};
  return newSettings({
    ...checked,
    ...chosen('from'),
    ...chosen('to'),
    ...chosen('vocabularySize'),
    ...chosen('peakLearningRate'),
    ...chosen('warmupSteps'),
  });
}

/** As the door has them, none left out. */
export function settingsOf(settings: RunSettings): TrainingSettings {
  const { corpora, weights, validation, initialModel, ownVocabulary, preset, modelConfig, vocabularySize } =
    settings;
  const rest = without(
    settings,
    'weights',
    'preset',
    'modelConfig',
    'vocabularySize',
    'initialModel',
    'ownVocabulary',
    'format',
  );
  const model = { preset, modelConfig: { ...modelConfig }, vocabularySize };
  return {
    ...rest,
    ...(initialModel === '' ? model : { initialModel, ...(ownVocabulary && { vocabularySize }) }),
    corpora: corpora.map((corpus, index) => ({ files: corpus.split(','), weight: weights[index] ?? 1 })),
    validation: validation.map((corpus) => ({ files: corpus.split(',') })),
  };
}

/** A list of corpora. @param what what it is, for errors */
export function corporaFrom(value: unknown, what: string): CorpusFiles[] {
  if (!Array.isArray(value)) throw new UserError(`${what} must be a list of corpora.`);
  return value.map((one) => corpusFrom(one, what));
}

export function corpusFrom(value: unknown, what: string): CorpusFiles {
  const corpus = objectOf(value, what);
  refuseUnknown(corpus, ['files', 'weight'], what);
  const { files, weight } = corpus;
  if (!Array.isArray(files) || files.length < 1 || files.length > 2)
    throw new UserError(`${what}: “files” must be a list of one file or two.`);
  for (const file of files) {
    absolute(file, `${what}: “files”`);
    // In run.json a comma stands between two files.
    if ((file as string).includes(','))
      throw new UserError(
        `${what}: ${file as string} has a comma in its name: rename the file, or its folder.`,
      );
  }
  if (weight === undefined) return { files: files as string[] };
  if (typeof weight !== 'number' || !(weight >= 0.001 && weight <= 1000))
    throw new UserError(`${what}: “weight” must be from 0.001 to 1000, not ${show(weight)}.`);
  return { files: files as string[], weight };
}

/** As `formatOf` takes it. */
export function specificationOf({ files }: CorpusFiles): string {
  return files.join(',');
}

/** An absolute path, normalised. @param what what it is, for errors */
export function absolute(value: unknown, what: string): string {
  if (typeof value !== 'string' || !path.isAbsolute(value) || value.includes('\0'))
    throw new UserError(`${what} must be an absolute path, not ${show(value)}.`);
  return path.normalize(value);
}

/** A leg's options out of what the door brought. */
export function legFrom(
  budget: unknown,
  leg: unknown,
): Omit<LegOptions, 'corpusProcess' | 'signal' | 'isOnBattery' | 'device'> & {
  readonly pauseOnBattery: boolean;
  readonly device: TrainingDeviceSetting;
} {
  const { steps, minutes, patience, cooldown = 0 } = checkedBudget(budget);
  const options = checkedLeg(leg);
  return {
    ...options,
    leastFree: usualLeastFree,
    ...(steps !== undefined && { steps }),
    ...(minutes !== undefined && { totalMinutes: minutes }),
    ...(patience !== undefined && { patience }),
    ...(cooldown > 0 && steps !== undefined && { cooldownSteps: Math.max(1, Math.round(steps * cooldown)) }),
    ...(cooldown > 0 &&
      steps === undefined &&
      minutes !== undefined && { cooldownMinutes: minutes * cooldown }),
  };
}

export function checkedBudget(value: unknown): TrainingBudget {
  const what = 'The training’s budget';
  const budget = objectOf(value, what);
  refuseUnknown(budget, ['steps', 'minutes', 'patience', 'cooldown'], what);
  for (const key of ['steps', 'patience']) wholeFrom(1, budget[key], `${what}: “${key}”`);
  numberBetween(0.01, 1e6, budget['minutes'], `${what}: “minutes”`);
  numberBetween(0, 1, budget['cooldown'], `${what}: “cooldown”`);
  return budget;
}

function checkedLeg(
  value: unknown,
): Omit<LegSettings, 'validateEvery'> &
  Required<Pick<LegSettings, keyof typeof defaultLeg>> &
  Pick<LegOptions, 'validateEvery'> {
  const what = 'How the training goes';
  const leg = objectOf(value, what);
  refuseUnknown(leg, ['threads', 'validateEvery', ...Object.keys(defaultLeg)], what);
  const { threads } = leg;
  if (!Number.isSafeInteger(threads) || (threads as number) < 1 || (threads as number) > 256)
    throw new UserError(`${what}: “threads” must be a whole number from 1 to 256, not ${show(threads)}.`);
  for (const key of ['checkpointEvery', 'validateEvery', 'keepCheckpoints'])
    wholeFrom(1, leg[key], `${what}: “${key}”`);
  wholeFrom(0, leg['translatePairs'], `${what}: “translatePairs”`);
  const { device, stopOn, pauseOnBattery }: Fields = { ...defaultLeg, ...leg };
  if (device !== 'auto' && device !== 'cpu' && device !== 'webgpu')
    throw new UserError(`${what}: “device” must be auto, cpu or webgpu, not ${show(device)}.`);
  if (stopOn !== 'loss' && stopOn !== 'bleu')
    throw new UserError(`${what}: “stopOn” must be loss or bleu, not ${show(stopOn)}.`);
  if (stopOn === 'bleu' && leg['translatePairs'] === 0)
    throw new UserError(`${what}: “stopOn” bleu compares translations: “translatePairs” cannot be 0.`);
  if (typeof pauseOnBattery !== 'boolean')
    throw new UserError(`${what}: “pauseOnBattery” must be true or false, not ${show(pauseOnBattery)}.`);
  return { ...defaultLeg, ...(leg as unknown as LegSettings) };
}

function wholeFrom(low: number, value: unknown, what: string): void {
  if (value === undefined) return;
  if (!Number.isSafeInteger(value) || (value as number) < low)
    throw new UserError(`${what} must be a whole number of at least ${low}, not ${show(value)}.`);
}

function numberBetween(low: number, high: number, value: unknown, what: string): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !(value >= low && value <= high))
    throw new UserError(`${what} must be a number from ${low} to ${high}, not ${show(value)}.`);
}

function objectOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`${what} must be an object, not ${show(value)}.`);
  return value as Fields;
}

function refuseUnknown(object: Fields, fields: readonly string[], what: string): void {
  const unknown = Object.keys(object).find((key) => !fields.includes(key));
  if (unknown !== undefined)
    throw new UserError(`${what}: “${shorten(unknown)}” is not known there; what is: ${fields.join(', ')}.`);
}

/** What makes a training run what it is, kept in its folder as run.json, so that a resumed run is the same one. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../storage/atomic';
import { defaultFilter } from '../data/pairFilter';
import { longestStored } from '../data/encodedStore';
import {
  completeConfig,
  presets,
  validateChanges,
  type ModelChanges,
  type PresetName,
  type TransformerConfig,
} from '../transformer/config';
import { show, UserError } from '../userError';
import { precisions, type Precision } from './precision';

export interface RunSettings {
  /** As formatOf takes them. */
  readonly corpora: readonly string[];
  /** One a corpus, how often its pairs are seen in an epoch; 1 for those beyond its end. */
  readonly weights: readonly number[];
  /** Pairs to validate on; empty: `heldOut` of the training pairs are kept aside. */
  readonly validation: readonly string[];
  readonly heldOut: number;
  /** What the filter takes for too long, and for too different in length. */
  readonly maximumWords: number;
  readonly maximumLengthRatio: number;
  readonly from: string;
  readonly to: string;
  /** Folder of a model whose weights and vocabulary the run begins with; empty: from nothing. */
  readonly initialModel: string;
  /** Whether a vocabulary is learned from the corpora for the initial model’s weights too, which then may know other languages. */
  readonly ownVocabulary: boolean;
  /** Says nothing with an initial model, like `modelConfig` and, unless it has an own vocabulary, `vocabularySize`. */
  readonly preset: PresetName;
  /** What the model has otherwise than its preset. */
  readonly modelConfig: ModelChanges;
  readonly vocabularySize: number;
  /** Padded positions of a batch on either side, at most. */
  readonly batchTokens: number;
  /** Batches of an update. */
  readonly accumulate: number;
  /** Pairs with more tokens on a side are left out. */
  readonly longest: number;
  readonly peakLearningRate: number;
  readonly warmupSteps: number;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly feedForwardDropout: number;
  /** Share of the vocabulary's merges that are passed over, anew in every batch. */
  readonly subwordDropout: number;
  readonly labelSmoothing: number;
  /** R-Drop's α: what the distance between two passes with other units dropped counts; 0 for one pass. */
  readonly rDrop: number;
  readonly clipNorm: number;
  /** What steps compute in; `mixed` is experimental. */
  readonly precision: Precision;
  readonly seed: number;
  /** Which Polyhead began the run, as far as its batches depend on that: 1 before they were read from the disk. */
  readonly format: number;
}

/** The format of runs that begin now. */
export const runFormat = 2;

export const defaultSettings = {
  validation: [],
  weights: [],
  heldOut: 500,
  ...defaultFilter,
  initialModel: '',
  ownVocabulary: false,
  preset: 'small',
  modelConfig: {},
  vocabularySize: 8000,
  batchTokens: 2500,
  accumulate: 1,
  longest: 200,
  warmupSteps: 1500,
  dropout: 0.1,
  attentionDropout: 0,
  feedForwardDropout: 0,
  subwordDropout: 0,
  labelSmoothing: 0.1,
  rDrop: 0,
  clipNorm: 1,
  precision: 'float32',
  seed: 1,
  format: runFormat,
} as const satisfies Partial<RunSettings>;

/** The warm-up of a run that begins with a model’s weights: its optimiser’s moments have but to settle. */
export const fineTuningWarmupSteps = 200;

/** What earlier runs did not write down. */
const formerly = {
  weights: [],
  ...defaultFilter,
  initialModel: '',
  ownVocabulary: false,
  modelConfig: {},
  accumulate: 1,
  subwordDropout: 0,
  rDrop: 0,
  precision: 'float32',
  format: 1,
} as const satisfies Partial<RunSettings>;

const settingsFile = 'run.json';

/** Files are written down with their whole paths: a run may be resumed from another folder than it was begun in. */
export async function writeSettings(folder: string, settings: RunSettings): Promise<void> {
  const { corpora, validation, initialModel } = settings;
  const stored = {
    ...settings,
    initialModel: initialModel === '' ? '' : path.resolve(initialModel),
    corpora: corpora.map(absoluteCorpus),
    validation: validation.map(absoluteCorpus),
  };
  const json = `${JSON.stringify(stored, undefined, 2)}\n`;
  await writeFileAtomically(path.join(folder, settingsFile), [json]);
}

/** With the whole paths of its files: `a.en,a.de` names two. */
export function absoluteCorpus(corpus: string): string {
  const files = corpus.split(',').map((file) => path.resolve(file));
  return files.join(',');
}

/** The settings of the run in a folder; a UserError where there is none, or where a person's changes broke them. */
export async function readSettings(folder: string): Promise<RunSettings> {
  const file = path.join(folder, settingsFile);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UserError(
      `${folder} holds no training run: ${file} cannot be read (${(error as Error).message}).`,
    );
  }
  return checkSettings({ ...formerly, ...(value as Record<string, unknown> | null) }, file);
}

/** Settings that a person may have written; throws a sentence that starts with `where`. */
export function checkSettings(value: object, where: string): RunSettings {
  const settings = value as Record<string, unknown>;
  for (const [key, [isRight, expected]] of Object.entries(checks)) {
    if (!isRight(settings[key]))
      throw new UserError(`${where}: “${key}” must be ${expected}, not ${show(settings[key])}.`);
  }
  const checked = settings as unknown as RunSettings;
  validateChanges(checked.modelConfig, checked.preset, `${where}, “modelConfig”`);
  return checked;
}

/** The model that a run from nothing trains; a UserError as `checkPositions`. */
export function modelOf(
  { preset, modelConfig, longest }: RunSettings,
  vocabularySize: number,
): TransformerConfig {
  const config = completeConfig(preset, vocabularySize, modelConfig, 'The model’s configuration');
  checkPositions(config, longest);
  return config;
}

/** @throws UserError where pairs may be longer than a model’s learned positions reach */
export function checkPositions({ maximumPositions }: TransformerConfig, longest: number): void {
  // The decoder reads its start before a sentence, the encoder an end behind it.
  if (maximumPositions !== undefined && longest + 1 > maximumPositions) {
    throw new UserError(
      `Pairs of ${longest} tokens need ${longest + 1} positions, and the model learns ${maximumPositions}: choose a larger “maximumPositions”, or --longest ${maximumPositions - 1}.`,
    );
  }
}

type Check = readonly [isRight: (value: unknown) => boolean, expected: string];

const text: Check = [(value) => typeof value === 'string', 'a text'];
const texts: Check = [
  (value) => Array.isArray(value) && value.every((element) => typeof element === 'string'),
  'a list of texts',
];
const rate: Check = [(value) => typeof value === 'number' && value >= 0 && value < 1, 'from 0 to below 1'];
const notNegative: Check = [
  (value) => Number.isFinite(value) && (value as number) >= 0,
  'a number, 0 or more',
];

function wholeBetween(low: number, high: number): Check {
  return [
    (value) => Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high,
    `a whole number from ${low} to ${high}`,
  ];
}

function wholeFrom(low: number): Check {
  return [
    (value) => Number.isSafeInteger(value) && (value as number) >= low,
    `a whole number of at least ${low}`,
  ];
}

const weights: Check = [
  (value) =>
    Array.isArray(value) &&
    value.every((weight) => typeof weight === 'number' && weight > 0 && weight <= 1000),
  'a list of numbers above 0, 1000 at most',
];

const checks: Readonly<Record<keyof RunSettings, Check>> = {
  corpora: texts,
  weights,
  validation: texts,
  heldOut: wholeFrom(1),
  maximumWords: wholeFrom(1),
  maximumLengthRatio: notNegative,
  from: text,
  to: text,
  initialModel: text,
  ownVocabulary: [(value) => typeof value === 'boolean', 'true or false'],
  preset: [
    (value) => Object.keys(presets).some((name) => name === value),
    `one of ${Object.keys(presets).join(', ')}`,
  ],
  modelConfig: [(value) => typeof value === 'object' && value !== null, 'an object'],
  vocabularySize: wholeFrom(1),
  batchTokens: wholeFrom(1),
  accumulate: wholeFrom(1),
  longest: wholeBetween(1, longestStored),
  peakLearningRate: notNegative,
  warmupSteps: wholeFrom(1),
  dropout: rate,
  attentionDropout: rate,
  feedForwardDropout: rate,
  subwordDropout: rate,
  labelSmoothing: rate,
  rDrop: notNegative,
  clipNorm: notNegative,
  precision: [
    (value) => precisions.some((precision) => precision === value),
    `one of ${precisions.join(', ')}`,
  ],
  seed: wholeFrom(0),
  format: wholeFrom(1),
};

/**
 * The doors between the training pages (the sidebar's view, the panel with curves) and the extension host: every
 * request and event with its schema.
 *
 * Corpora and models travel as names to be shown and as indices or keys: paths stay with the host, so that a page
 * cannot name a file that nobody chose.
 */
import * as v from 'valibot';
import type { Door } from '../components/messages';
import { curvesTextNames, sidebarTextNames } from './textNames';

/** More characters than any text of ours, or any line of a corpus that is worth looking at, has. */
const longestText = 20_000;
const text = v.pipe(v.string(), v.maxLength(longestText));
const key = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A number, or that there is none. */
const perhaps = v.nullable(finite);
const between = (low: number, high: number) => v.pipe(finite, v.minValue(low), v.maxValue(high));
const wholeBetween = (low: number, high: number) => v.pipe(between(low, high), v.safeInteger());

// ---- The form

export const presetNames = ['tiny', 'small', 'base', 'big'] as const;
export type PresetName = (typeof presetNames)[number];

interface Limits {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
  /** What runs have that began before there was such a number. */
  readonly formerly?: number;
}

/** The numbers behind “Details”, each with the least and the greatest that is accepted. */
export const detailLimits = {
  dModel: { low: 1, high: 16_384, whole: true },
  heads: { low: 1, high: 256, whole: true },
  dFf: { low: 1, high: 65_536, whole: true },
  encoderLayers: { low: 1, high: 100, whole: true },
  decoderLayers: { low: 1, high: 100, whole: true },
  vocabularySize: { low: 300, high: 1_000_000, whole: true },
  batchTokens: { low: 16, high: 1_000_000, whole: true },
  accumulate: { low: 1, high: 100_000, whole: true },
  warmupSteps: { low: 1, high: 10_000_000, whole: true },
  /** 0: the paper's for the model's width. */
  peakLearningRate: { low: 0, high: 1, whole: false },
  dropout: { low: 0, high: 0.9, whole: false },
  attentionDropout: { low: 0, high: 0.9, whole: false },
  feedForwardDropout: { low: 0, high: 0.9, whole: false },
  subwordDropout: { low: 0, high: 0.9, whole: false, formerly: 0 },
  labelSmoothing: { low: 0, high: 0.9, whole: false },
  rDrop: { low: 0, high: 1000, whole: false, formerly: 0 },
  clipNorm: { low: 0, high: 1_000_000, whole: false },
  /** The last share of the budget, in which the learning rate goes to nothing. */
  cooldown: { low: 0, high: 1, whole: false },
  maximumWords: { low: 1, high: 100_000, whole: true },
  heldOut: { low: 1, high: 1_000_000, whole: true },
  checkpointEvery: { low: 1, high: 10_000_000, whole: true },
  keepCheckpoints: { low: 1, high: 1000, whole: true },
  translatePairs: { low: 0, high: 100_000, whole: true },
  seed: { low: 0, high: 2 ** 32 - 1, whole: true },
} as const satisfies Readonly<Record<string, Limits>>;
export type Detail = keyof typeof detailLimits;
export const detailNames = Object.keys(detailLimits) as Detail[];

const details = v.strictObject(
  Object.fromEntries(
    Object.entries<Limits>(detailLimits).map(([name, { low, high, whole, formerly }]) => {
      const number = whole ? wholeBetween(low, high) : between(low, high);
      return [name, formerly === undefined ? number : v.optional(number, formerly)];
    }),
  ) as unknown as Record<Detail, v.GenericSchema<number>>,
);
export type Details = Readonly<Record<Detail, number>>;

/** When a run ends: after so much time or so many updates, or when so many validations in a row were no better. */
const budget = v.variant('kind', [
  v.strictObject({ kind: v.literal('minutes'), minutes: between(0.01, 1_000_000) }),
  v.strictObject({ kind: v.literal('steps'), steps: wholeBetween(1, 1_000_000_000) }),
  v.strictObject({ kind: v.literal('patience'), patience: wholeBetween(1, 10_000) }),
]);
export type Budget = v.InferOutput<typeof budget>;

export const languageTag = v.pipe(v.string(), v.regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/), v.maxLength(35));

/** What the person has chosen; the corpora are with the host. */
export const form = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(200)),
  from: languageTag,
  to: languageTag,
  /** The key of a model to go on from, or null for a model that begins from nothing. */
  base: v.nullable(key),
  preset: v.picklist(presetNames),
  /** Where layer normalisation stands: behind each sub-layer (as published), or before it. */
  normalisation: v.picklist(['post', 'pre']),
  details,
  budget,
  /** What makes a checkpoint the best, and the run end when it gets no better. */
  stopOn: v.picklist(['loss', 'bleu']),
});
export type Form = v.InferOutput<typeof form>;

// ---- What the host tells of runs

export const runStates = [
  'waiting',
  'training',
  'paused',
  'interrupted',
  'finished',
  'stopped',
  'failed',
] as const;
export type RunState = (typeof runStates)[number];

/**
 * Why a run is paused. `person`, `disk`: until the person resumes it; `battery`: until there is mains again; `window`:
 * it was saved when the window closed or was reloaded, until the person resumes it.
 */
export const pauseReasons = ['person', 'battery', 'disk', 'window'] as const;
export type PauseReason = (typeof pauseReasons)[number];

const validation = v.strictObject({
  step: count,
  loss: perhaps,
  perplexity: perhaps,
  bleu: perhaps,
  chrf: perhaps,
});
export type Validation = v.InferOutput<typeof validation>;

export const stages = ['starting', 'reading', 'learning', 'encoding', 'saving'] as const;
export type Stage = (typeof stages)[number];

const runSummary = v.strictObject({
  id: key,
  name: text,
  from: text,
  to: text,
  state: v.picklist(runStates),
  /** Why it is paused, where it is. */
  pausedBy: v.nullable(v.picklist(pauseReasons)),
  /** Another window trains it. */
  elsewhere: v.boolean(),
  /** Why it is as it is, where that is not plain. */
  sentence: v.nullable(text),
  /** What it does before its first update, or at its end. */
  stage: v.nullable(v.strictObject({ kind: v.picklist(stages), done: count, of: v.nullable(count) })),
  /** 0 … 1 of the budget; null where it ends when it gets no better, or has no end. */
  progress: v.nullable(between(0, 1)),
  /** When it ends, in words. */
  budget: text,
  step: count,
  /** From 1; 0 before the first update. */
  epoch: count,
  loss: perhaps,
  perplexity: perhaps,
  learningRate: perhaps,
  tokensPerSecond: perhaps,
  targetTokens: count,
  /** Spent in updates. */
  seconds: finite,
  secondsLeft: perhaps,
  parameters: v.nullable(count),
  /** What computes, while it trains in this window. */
  device: v.nullable(v.picklist(['cpu', 'webgpu'])),
  /** The newest. */
  validation: v.nullable(validation),
  best: v.nullable(validation),
  bytes: count,
  /** What it was asked for is known, so that another one can be asked for the same. */
  copyable: v.boolean(),
  /** It has a checkpoint, so that it can be gone on with and used. */
  usable: v.boolean(),
  /** Its model translates its pair now. */
  inUse: v.boolean(),
});
export type RunSummary = v.InferOutput<typeof runSummary>;
const runSummaries = v.array(runSummary);

const sample = v.strictObject({ source: text, reference: text, translation: text });
export type Sample = v.InferOutput<typeof sample>;

/** Of every update. `seconds`: spent in updates so far. NaN where there is no number. */
export const stepColumns = [
  'step',
  'seconds',
  'targetTokens',
  'loss',
  'perplexity',
  'learningRate',
  'targetTokensPerSecond',
  'gradientNorm',
] as const;
export type StepColumn = (typeof stepColumns)[number];

/** Of every validation; the first three are those of the update that it follows. */
export const validationColumns = [
  'step',
  'seconds',
  'targetTokens',
  'loss',
  'perplexity',
  'bleu',
  'chrf',
] as const;
export type ValidationColumn = (typeof validationColumns)[number];

/** What curves are drawn over. These need all digits; for what is drawn, half of them do, and travel faster. */
const axisColumns = ['step', 'seconds', 'targetTokens'] as const;
export type AxisColumn = (typeof axisColumns)[number];

export function isAxis(name: string): name is AxisColumn {
  return axisColumns.some((axis) => axis === name);
}

export type ColumnOf<Name> = Name extends AxisColumn ? Float64Array<ArrayBuffer> : Float32Array<ArrayBuffer>;
export type ColumnsOf<Name extends string> = { [Column in Name]: ColumnOf<Column> };

function columnsOf<Name extends string>(names: readonly Name[]) {
  const entries = names.map((name) => [name, v.instance(isAxis(name) ? Float64Array : Float32Array)]);
  return v.strictObject(
    Object.fromEntries(entries) as { [Column in Name]: v.GenericSchema<ColumnOf<Column>> },
  );
}

/** A part of what a run did. Parts come in order; one that begins at 0 begins the history anew. */
const history = v.strictObject({
  run: key,
  /** Rows that came before these. */
  stepsFrom: count,
  steps: columnsOf(stepColumns),
  validationsFrom: count,
  validations: columnsOf(validationColumns),
  /** What each of these validations translated. */
  samples: v.array(v.array(sample)),
  /** Nothing more is on its way now. */
  complete: v.boolean(),
});
export type HistoryPart = v.InferOutput<typeof history>;

// ---- The doors

const nothing = v.null();
const runKeys = v.pipe(v.array(key), v.maxLength(100));

/** What both pages ask for. */
const shared = {
  /** Which runs' histories the page is told from now on, from their beginning. */
  watch: { parameters: v.strictObject({ runs: runKeys }), reply: nothing },
} as const;

const sharedEvents = {
  /** All runs, newest first. */
  runs: runSummaries,
  history,
} as const;

const corpus = v.strictObject({ name: text, detail: text });
export type CorpusChoice = v.InferOutput<typeof corpus>;

/** What the form is filled from. */
const choices = v.strictObject({
  corpora: v.array(corpus),
  /** What the corpora's names say, for a form whose languages nobody has touched. */
  languages: v.nullable(v.strictObject({ from: text, to: text })),
  /** Models that a run can go on from. */
  models: v.array(v.strictObject({ key, name: text, from: text, to: text })),
  /** Why the workspace's catalogues cannot be taken; null where they can. */
  cataloguesObstacle: v.nullable(text),
});
export type Choices = v.InferOutput<typeof choices>;

/** A size of models, with what the form is filled with when it is chosen: numbers that suit it, and the paper's. */
const preset = v.strictObject({
  name: v.picklist(presetNames),
  /** How large it is, what it is good for, and what it is made of, in words. */
  size: text,
  purpose: text,
  makeup: text,
  normalisation: v.picklist(['post', 'pre']),
  ours: details,
  paper: details,
});
export type Preset = v.InferOutput<typeof preset>;

const estimate = v.strictObject({
  /** Label, value and explanation, in words. */
  facts: v.array(v.strictObject({ label: text, value: text, hint: text })),
  warnings: v.array(text),
  /** The most important of it, in a line. */
  summary: text,
});
export type Estimate = v.InferOutput<typeof estimate>;

export const runActions = ['pause', 'resume', 'stop', 'use', 'giveUp'] as const;
export type RunAction = (typeof runActions)[number];

export const sidebarDoor = {
  requests: {
    ...shared,
    /** Everything that the page shows first. */
    open: {
      parameters: v.strictObject({}),
      reply: v.strictObject({
        presets: v.array(preset),
        choices,
        runs: runSummaries,
      }),
    },
    /** Opens a dialog for files or a folder with sentence pairs, or takes the workspace's own catalogues. */
    addCorpora: {
      parameters: v.strictObject({
        from: v.picklist(['files', 'folder', 'catalogues']),
        languages: v.nullable(v.strictObject({ from: languageTag, to: languageTag })),
      }),
      reply: choices,
    },
    /** What a run was asked for, to be changed and asked for again; its corpora become the form's. */
    copy: { parameters: v.strictObject({ run: key }), reply: v.strictObject({ form, choices }) },
    removeCorpus: { parameters: v.strictObject({ index: count }), reply: choices },
    /** What a run would take. */
    estimate: {
      parameters: v.strictObject({ form }),
      reply: estimate,
      progress: v.strictObject({ stage: text, share: between(0, 1) }),
    },
    /** Begins the run, or puts it behind those that are before it. */
    start: { parameters: v.strictObject({ form }), reply: v.strictObject({ run: key }) },
    act: { parameters: v.strictObject({ run: key, action: v.picklist(runActions) }), reply: nothing },
    showCurves: { parameters: v.strictObject({ runs: runKeys }), reply: nothing },
  },
  events: {
    ...sharedEvents,
    choices,
    /** A command asks for this run, or for the form. */
    show: v.nullable(key),
  },
} as const satisfies Door;

export const saveFormats = ['png', 'svg', 'csv'] as const;
export type SaveFormat = (typeof saveFormats)[number];

export const curvesDoor = {
  requests: {
    ...shared,
    open: {
      parameters: v.strictObject({}),
      /** `shown`: the runs that a command asked for; null where the page may show what it showed before. */
      reply: v.strictObject({ runs: runSummaries, shown: v.nullable(runKeys) }),
    },
    /** Asks where a picture or a table is to go, and writes it there. */
    save: {
      parameters: v.strictObject({
        format: v.picklist(saveFormats),
        name: v.pipe(v.string(), v.maxLength(200)),
        content: v.instance(Uint8Array),
      }),
      reply: v.strictObject({ saved: v.boolean() }),
    },
  },
  events: { ...sharedEvents, show: runKeys },
} as const satisfies Door;

// ---- What the pages start with

function textsOf<Name extends string>(names: readonly Name[]) {
  const entries = names.map((name) => [name, v.string()]);
  return v.strictObject(Object.fromEntries(entries) as Record<Name, v.StringSchema<undefined>>);
}

/** `language`: the tag of the editor's own language, for numbers. */
export const sidebarStart = v.object({ language: v.string(), texts: textsOf(sidebarTextNames) });
export const curvesStart = v.object({ language: v.string(), texts: textsOf(curvesTextNames) });
export type SidebarTexts = v.InferOutput<typeof sidebarStart>['texts'];
export type CurvesTexts = v.InferOutput<typeof curvesStart>['texts'];

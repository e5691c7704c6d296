/**
 * Runs that nobody trained: each as the host would tell of it, in every state that a run may be in; with curves that look
 * as curves do, as long as one wants. The same run is always the same.
 */
import { pauseInWords, vanishedInWords } from '../../extension/training/wording';
import {
  isAxis,
  stepColumns,
  validationColumns,
  type ColumnsOf,
  type HistoryPart,
  type RunSummary,
  type Sample,
  type StepColumn,
  type ValidationColumn,
} from '../../webview/training/messages';
import { noise } from './syntheticModel';

/** A run in the middle of its training; the others are told by how they differ from it. */
function running(id: string, name: string): RunSummary {
  return {
    id,
    name,
    from: 'en',
    to: 'de',
    state: 'training',
    pausedBy: null,
    elsewhere: false,
    sentence: null,
    stage: null,
    progress: 0.42,
    budget: 'for 1h',
    step: 4200,
    epoch: 3,
    loss: 3.214,
    perplexity: 12.3,
    learningRate: 0.00114,
    tokensPerSecond: 3480,
    targetTokens: 9_400_000,
    seconds: 1512,
    secondsLeft: 2088,
    parameters: 7_600_000,
    device: 'cpu',
    validation: { step: 4000, loss: 3.402, perplexity: 14.1, bleu: 21.3, chrf: 48.2 },
    best: { step: 4000, loss: 3.402, perplexity: 14.1, bleu: 21.3, chrf: 48.2 },
    bytes: 412_000_000,
    copyable: true,
    usable: true,
    inUse: false,
  };
}

const notBegun = {
  ...{ progress: 0, step: 0, epoch: 0, loss: null, perplexity: null, learningRate: null },
  ...{
    tokensPerSecond: null,
    targetTokens: 0,
    seconds: 0,
    secondsLeft: null,
    parameters: null,
    device: null,
  },
  ...{ validation: null, best: null, bytes: 2100, usable: false },
} satisfies Partial<RunSummary>;
const atRest = { tokensPerSecond: null, secondsLeft: null } satisfies Partial<RunSummary>;

/** A run in each state, by a name for it. */
export const standings: Readonly<Record<string, Partial<RunSummary>>> = {
  running: {},
  preparing: { ...notBegun, stage: { kind: 'reading', done: 184_000, of: 540_000 } },
  saving: { stage: { kind: 'saving', done: 0, of: null } },
  warned: { sentence: 'Of numbers.en-de.tsv 1,204 lines are malformed: the first is line 17.' },
  queued: { ...notBegun, state: 'waiting' },
  paused: { ...atRest, state: 'paused', pausedBy: 'person' },
  onBattery: {
    ...atRest,
    ...{ state: 'paused', pausedBy: 'battery', sentence: pauseInWords('battery', 4200)! },
  },
  closed: { ...atRest, state: 'paused', pausedBy: 'window', sentence: pauseInWords('window', 4200)! },
  diskFull: { ...atRest, state: 'paused', pausedBy: 'disk', sentence: pauseInWords('disk', 4200)! },
  interrupted: { ...atRest, state: 'interrupted', sentence: vanishedInWords(4000) },
  failed: {
    ...atRest,
    state: 'failed',
    sentence:
      'The loss of step 4201 is not a number. Lower the peak learning rate, then go on from step 4000.',
  },
  failedAtOnce: {
    ...notBegun,
    state: 'failed',
    sentence: 'The file numbers.en-de.tsv has no line with a source, a tab and a target.',
  },
  finished: { ...atRest, state: 'finished', progress: 1, sentence: 'The time is up after 10,000 steps.' },
  used: { ...atRest, state: 'finished', progress: 1, inUse: true },
  stopped: { ...atRest, state: 'stopped' },
  elsewhere: { elsewhere: true },
};

/** @param at which of the runs it is: each has other numbers, and is called otherwise */
export function runAs(standing: string, at = 0): RunSummary {
  const names = [
    'English → German',
    'More dropout',
    'Twice as wide',
    'From nothing, with the paper’s numbers',
  ];
  const name = names[at % names.length]! + (at < names.length ? '' : ` ${at}`);
  return { ...running(`run-${at}`, name), ...standings[standing] };
}

const said: readonly (readonly [source: string, reference: string, ...earlier: string[]])[] = [
  [
    'The file cannot be opened because it is in use.',
    'Die Datei kann nicht geöffnet werden, da sie verwendet wird.',
    'Die die die die.',
    'Die Datei ist die Datei.',
    'Die Datei kann nicht geöffnet werden, weil es ist.',
    'Die Datei kann nicht geöffnet werden, weil sie benutzt wird.',
  ],
  [
    'Select a folder for your backups.',
    'Wählen Sie einen Ordner für Ihre Sicherungen aus.',
    '…',
    'Wählen Sie einen Ordner.',
    'Wählen Sie einen Ordner für die Sicherung.',
    'Wählen Sie einen Ordner für Ihre Sicherungen.',
  ],
];

function samplesOf(validation: number): Sample[] {
  return said.map(([source, reference, ...earlier]) => ({
    source,
    reference,
    translation: earlier[Math.min(validation, earlier.length - 1)]!,
  }));
}

/** What a run did, as the host tells it: in parts of at most `rowsOfPart` rows. */
const rowsOfPart = 50_000;

export function* historyOf({ id }: Pick<RunSummary, 'id'>, points: number, at = 0): Generator<HistoryPart> {
  const validations = Math.min(40, Math.floor(points / 100));
  const between = Math.floor(points / Math.max(1, validations));
  for (let from = 0; from < points; from += rowsOfPart) {
    const rows = Math.min(rowsOfPart, points - from);
    const isLast = from + rows === points;
    const steps = filled(stepColumns, rows, (name, row) => stepValue(name, from + row + 1, points, at));
    yield {
      run: id,
      stepsFrom: from,
      steps: steps as ColumnsOf<StepColumn>,
      validationsFrom: 0,
      validations: filled(validationColumns, isLast ? validations : 0, (name, row) =>
        validationValue(name, (row + 1) * between, points, at),
      ) as ColumnsOf<ValidationColumn>,
      samples: isLast ? Array.from({ length: validations }, (_, index) => samplesOf(index)) : [],
      complete: isLast,
    };
  }
}

function filled(
  names: readonly string[],
  rows: number,
  value: (name: string, row: number) => number,
): Record<string, Float64Array | Float32Array> {
  const columns = names.map((name) => {
    const column = new (isAxis(name) ? Float64Array : Float32Array)(rows);
    for (let row = 0; row < rows; row++) column[row] = value(name, row);
    return [name, column] as const;
  });
  return Object.fromEntries(columns);
}

/** A loss that falls, with jitter, and now and then leaps out of all measure. */
function lossAt(step: number, points: number, at: number): number {
  const fallen =
    2.6 + 0.25 * at + 6.4 * Math.exp((-9 * step) / points) + 1.1 * Math.exp((-60 * step) / points);
  const leap = noise(step, at, 7) > 0.9995 ? 6 : 0;
  return fallen + 0.5 * (noise(step, at) - 0.5) + leap;
}

function stepValue(name: string, step: number, points: number, at: number): number {
  switch (name) {
    case 'step':
      return step;
    case 'seconds':
      return step * (0.36 + 0.04 * at);
    case 'targetTokens':
      return step * 2300;
    case 'loss':
      return lossAt(step, points, at);
    case 'perplexity':
      return Math.exp(lossAt(step, points, at) - 0.6);
    case 'learningRate':
      return 0.0014 * Math.min(step / (0.08 * points), Math.sqrt((0.08 * points) / step));
    case 'targetTokensPerSecond':
      return 3400 + 500 * noise(step, at, 3);
    default:
      return 0.4 + noise(step, at, 5);
  }
}

function validationValue(name: string, step: number, points: number, at: number): number {
  const share = step / points;
  switch (name) {
    case 'loss':
      return 2.9 + 0.25 * at + 5.6 * Math.exp(-8 * share);
    case 'perplexity':
      return Math.exp(2.1 + 0.25 * at + 4 * Math.exp(-8 * share));
    case 'bleu':
      return (28 - 3 * at) * (1 - Math.exp(-5 * share));
    case 'chrf':
      return 20 + (36 - 3 * at) * (1 - Math.exp(-5 * share));
    default:
      return stepValue(name, step, points, at);
  }
}

/**
 * Stands in for VS Code on the training pages: the sidebar in every state that it may be in, and the curves of runs as
 * long as one wants. The address says how: ?page=training&state=paused&theme=dark, ?page=curves&runs=3&points=500000.
 */
import type * as v from 'valibot';
import type { TrainingPlan } from '../../models/engine/protocol';
import { curvesTexts } from '../../extension/training/curvesTexts';
import { sidebarTexts } from '../../extension/training/pageTexts';
import { estimateOf } from '../../extension/training/planInWords';
import {
  curvesDoor,
  sidebarDoor,
  type Choices,
  type Details,
  type Estimate,
  type Form,
  type Preset,
  type RunSummary,
} from '../../webview/training/messages';
import { asked, askedNumber, standIn, type StandIn } from './standIn';
import { historyOf, runAs } from './syntheticRuns';

/** What a test reaches in from outside. */
interface Handle extends StandIn {
  readonly saved: { format: string; name: string; content: Uint8Array }[];
  /** Tells of runs that are in other states than before: `running`, `paused`, … */
  stand(...standings: string[]): void;
  /** Tells the histories that the page asked for; with hold=1 they wait for this. @returns ms until all is drawn */
  release(): Promise<number>;
  /** Calls `act` before each of so many frames, and tells the longest time between two. */
  longestFrame(frames: number, act: (frame: number) => void): Promise<number>;
}

const state = asked.get('state') ?? 'empty';
const points = askedNumber('points', 2000);
const standings = asked.get('page') === 'curves' ? curveStandings() : sidebarStandings();
let runs: RunSummary[] = standings.map((standing, at) => runAs(standing, at));
const saved: Handle['saved'] = [];
let watched: readonly string[] = [];

/** The newest first, as the host has them. */
function curveStandings(): string[] {
  const others = ['finished', 'paused', 'failed', 'stopped'];
  return Array.from({ length: askedNumber('runs', 1) }, (_, at) =>
    at === 0 ? (asked.get('state') ?? 'running') : others[at % others.length]!,
  );
}

/** The run that is shown, and what else there is beside it. */
function sidebarStandings(): string[] {
  if (['empty', 'form', 'busy', 'warnings', 'unestimated', 'wrong', 'tuning', 'details'].includes(state))
    return [];
  return state === 'queued' ? ['queued', 'running'] : state === 'alone' ? ['queued'] : [state, 'finished'];
}

// ---- The form

const details: Details = {
  ...{ dModel: 256, heads: 4, dFf: 1024, encoderLayers: 3, decoderLayers: 3, vocabularySize: 8000 },
  ...{ batchTokens: 2500, accumulate: 1, warmupSteps: 1500, peakLearningRate: 0 },
  ...{ dropout: 0.1, attentionDropout: 0, feedForwardDropout: 0, subwordDropout: 0, labelSmoothing: 0.1 },
  ...{ rDrop: 0, clipNorm: 1, cooldown: 0.25, maximumWords: 100, heldOut: 500 },
  ...{ checkpointEvery: 500, keepCheckpoints: 5, translatePairs: 200, seed: 1 },
};
const presets: Preset[] = (
  [
    ['tiny', '0.7M parameters', 'To try things out, in minutes'],
    ['small', '7.6M parameters', 'For a laptop and some 100,000 pairs'],
    ['base', '48M parameters', 'The paper’s: millions of pairs, a strong machine'],
    ['big', '185M parameters', 'The paper’s larger one: more of both'],
  ] as const
).map(([name, size, purpose]) => ({
  ...{ name, size, purpose, makeup: 'Width 256, 3 encoder and 3 decoder layers', normalisation: 'pre' },
  ours: details,
  paper: { ...details, warmupSteps: 4000, vocabularySize: 37_000, accumulate: 10 },
}));
const choices: Choices = {
  corpora:
    runs.length > 0 || state === 'empty'
      ? []
      : [
          { name: 'software-strings.en-de.tsv', detail: 'English → German, 12.4 MB' },
          { name: 'translations', detail: '14 files, 3.1 MB' },
        ],
  languages: state === 'empty' ? null : { from: 'en', to: 'de' },
  models: [
    { key: 'model:0:en-de', name: 'Polyhead en → de', from: 'en', to: 'de' },
    { key: 'model:1:de-en', name: 'Polyhead de → en', from: 'de', to: 'en' },
  ],
  cataloguesObstacle: asked.has('untrusted')
    ? 'This folder is not trusted: its catalogues are not read.'
    : null,
};

const plan: TrainingPlan = {
  ...{ from: 'en', to: 'de', corpora: [], pairs: 121_480, validationPairs: 500, vocabularySize: 8000 },
  ...{ parameters: 7_600_000, targetTokensPerEpoch: 2_310_000, stepsPerEpoch: 1042, flopsPerStep: 1e11 },
  ...{ secondsPerStep: 0.36, measured: true, steps: 10_000, seconds: 3600, flops: 1.1e15 },
  memory: { needed: 1_240_000_000, free: 6_900_000_000, total: 16_000_000_000 },
  disk: { needed: 480_000_000, free: 91_000_000_000 },
  warnings: [],
};
const alarming: TrainingPlan = {
  ...plan,
  ...{ pairs: 336, parameters: 185_000_000 },
  memory: { ...plan.memory, needed: 7_400_000_000 },
  disk: { needed: 11_000_000_000, free: 6_000_000_000 },
  warnings: [
    {
      kind: 'smallCorpus',
      sentence: 'With 336 pairs a model from nothing learns hardly more than to repeat them.',
    },
    {
      kind: 'largeModel',
      sentence:
        'It takes 7.4 GB of memory, and 6.9 GB are free: choose a smaller size, or fewer tokens a batch.',
    },
    {
      kind: 'disk',
      sentence: 'It takes 11 GB of the disk, and 6 GB are free: keep fewer checkpoints, or make room.',
    },
  ],
};

async function estimate(): Promise<Estimate> {
  if (state === 'busy') await new Promise(() => undefined);
  return estimateOf(state === 'warnings' ? alarming : plan);
}

// ---- Both pages

const shared = {
  watch: ({ runs: ids }: { runs: readonly string[] }) => {
    watched = ids;
    if (!asked.has('hold')) setTimeout(() => tellHistories(), 0);
    return null;
  },
};

function tellHistories(): void {
  for (const part of historyParts()) tell('history', part);
}

const historyParts = () =>
  runs.flatMap((run, at) =>
    watched.includes(run.id) && run.step > 0 ? [...historyOf(run, points, at)] : [],
  );

const tell = (name: string, value: unknown): void => page.post({ kind: 'event', name, value });

const sidebar = {
  ...shared,
  open: () => {
    // What trains is shown by itself; a run that waits for it, when it is asked for.
    if (state === 'queued') setTimeout(() => tell('show', runs[0]!.id), 50);
    return { presets, choices, runs };
  },
  addCorpora: () => choices,
  removeCorpus: ({ index }: { index: number }) => ({
    ...choices,
    corpora: choices.corpora.filter((_, at) => at !== index),
  }),
  copy: ({ run }: { run: string }) => ({ form: formOf(run), choices }),
  estimate,
  start: () => {
    runs = [runAs('preparing'), ...runs];
    tell('runs', runs);
    return { run: runs[0]!.id };
  },
  act: () => null,
  showCurves: () => null,
};

function formOf(run: string): Form {
  const name = runs.find(({ id }) => id === run)?.name ?? '';
  const budget = { kind: 'steps', steps: 10_000 } as const;
  return {
    name,
    from: 'en',
    to: 'de',
    base: null,
    preset: 'small',
    normalisation: 'pre',
    details,
    budget,
    stopOn: 'loss',
  };
}

const curves = {
  ...shared,
  open: () => ({ runs, shown: runs.map(({ id }) => id) }),
  save: (file: v.InferOutput<typeof curvesDoor.requests.save.parameters>) => {
    saved.push(file);
    return { saved: true };
  },
};

const language = 'en';
if (asked.get('page') !== 'curves' && sessionStorage.getItem('state') === null) {
  // What a person has begun or looked at before.
  const shown = runs[0]?.id ?? null;
  sessionStorage.setItem('state', JSON.stringify({ shown }));
}
const page =
  asked.get('page') === 'curves'
    ? standIn(curvesDoor, curves, { texts: curvesTexts(), language })
    : standIn(sidebarDoor, sidebar, { texts: sidebarTexts(), language });

const nextFrame = (): Promise<unknown> => new Promise(requestAnimationFrame);

const further: Omit<Handle, keyof StandIn> = {
  saved,
  stand: (...names) => {
    runs = names.map((name, at) => runAs(name, at));
    tell('runs', runs);
  },
  release: async () => {
    const parts = historyParts();
    const begun = performance.now();
    for (const part of parts) tell('history', part);
    const last = points.toLocaleString('en');
    const readings = (): string[] =>
      [...document.querySelectorAll('.reading .quiet')].map(({ textContent }) => textContent);
    while (readings().length < runs.length || !readings().every((text) => text.includes(last)))
      await nextFrame();
    // The charts are drawn in the frame after the one that has their numbers, and painted when its scripts are done.
    await nextFrame();
    await nextFrame();
    await new Promise((resolve) => setTimeout(resolve));
    return performance.now() - begun;
  },
  longestFrame: async (frames, act) => {
    let longest = 0;
    await nextFrame();
    for (let frame = 0, last = performance.now(); frame < frames; frame++) {
      act(frame);
      await nextFrame();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest;
  },
};
Object.assign(window, { polyhead: Object.assign(page, further) });

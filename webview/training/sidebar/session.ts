/** The state of the sidebar's view, and everything that changes it. */
import type { MessageBus, PageHost } from '../../components/messageBus';
import {
  detailNames,
  type Choices,
  type Estimate,
  type Form,
  type Preset,
  type RunAction,
  type RunSummary,
  type SidebarTexts,
  type sidebarDoor,
} from '../messages';
import { Histories } from '../numbers/histories';
import {
  draftOf,
  emptyDraft,
  readDraft,
  readForm,
  withBase,
  withLanguages,
  withPreset,
  type Draft,
} from './draft';

/** The person has stopped typing for so long: now an estimate is worth its work. */
const estimateAfterMs = 900;

export type EstimateState =
  | { readonly kind: 'none' }
  | { readonly kind: 'busy'; readonly stage: string; readonly share: number }
  | { readonly kind: 'done'; readonly estimate: Estimate }
  | { readonly kind: 'failed'; readonly sentence: string };

export interface SidebarState {
  /** Undefined until the host has answered. */
  readonly presets: readonly Preset[] | undefined;
  readonly choices: Choices;
  readonly runs: readonly RunSummary[];
  /** The run that is shown; null: the form. */
  readonly shown: string | null;
  readonly draft: Draft | undefined;
  readonly estimate: EstimateState;
  /** The form has been sent, or corpora are being looked for. */
  readonly busy: 'no' | 'starting' | 'adding';
  /** What went wrong last. */
  readonly failure: string | null;
  /** Terms whose explanation is open. */
  readonly explained: ReadonlySet<string>;
  /** Of the validations, whose translations are shown; null: the newest. */
  readonly samplesAt: number | null;
}

const nothingChosen: Choices = { corpora: [], languages: null, models: [], cataloguesObstacle: null };

export class SidebarSession {
  readonly histories = new Histories();
  readonly #bus: MessageBus<typeof sidebarDoor>;
  readonly #host: PageHost;
  readonly #changed: () => void;
  #state: SidebarState = {
    presets: undefined,
    choices: nothingChosen,
    runs: [],
    shown: null,
    draft: undefined,
    estimate: { kind: 'none' },
    busy: 'no',
    failure: null,
    explained: new Set(),
    samplesAt: null,
  };
  #estimateTimer: ReturnType<typeof setTimeout> | undefined;
  #estimating: AbortController | undefined;
  /** What the estimate is of, or will be. */
  #estimatedFor: string | undefined;

  constructor(bus: MessageBus<typeof sidebarDoor>, host: PageHost, changed: () => void) {
    this.#bus = bus;
    this.#host = host;
    this.#changed = changed;
    bus.on('runs', (runs) => this.#takeRuns(runs));
    bus.on('choices', (choices) => this.#takeChoices(choices));
    bus.on('history', (part) => {
      this.histories.take(part);
      this.#changed();
    });
    bus.on('show', (run) => void this.show(run));
  }

  get state(): SidebarState {
    return this.#state;
  }

  /** The run that is shown. */
  get run(): RunSummary | undefined {
    return this.#state.runs.find(({ id }) => id === this.#state.shown);
  }

  async open(): Promise<void> {
    const kept = (this.#host.getState() ?? {}) as { draft?: unknown; shown?: unknown };
    this.#set({ failure: null });
    await this.#try(async () => {
      const { presets, choices, runs } = await this.#bus.request('open', {});
      const draft = readDraft(kept.draft, presets) ?? emptyDraft(presets);
      this.#set({ presets, choices, runs, draft });
      this.#fitDraft();
      const shown = typeof kept.shown === 'string' ? kept.shown : null;
      // Whoever opens the view wants to see what trains; a form that was begun is kept behind it.
      const first = runs.find(({ state }) => state === 'training') ?? runs.find(({ id }) => id === shown);
      await this.show(first?.id ?? null);
    });
  }

  /** Shows a run, or the form. */
  async show(run: string | null): Promise<void> {
    const id = this.#state.runs.some((one) => one.id === run) ? run : null;
    this.#set({ shown: id, samplesAt: null, failure: null });
    this.#keep();
    if (id === null) this.#estimateSoon();
    // Trial steps would take from what trains; what has been reckoned already is still true.
    else if (this.#state.estimate.kind === 'busy') this.#stopEstimating();
    const watched = id === null ? [] : [id];
    this.histories.keepOnly(watched);
    await this.#try(() => this.#bus.request('watch', { runs: watched }));
  }

  change(change: Partial<Draft>): void {
    if (this.#state.draft === undefined) return;
    this.#setDraft({ ...this.#state.draft, ...change });
    this.#estimateSoon();
  }

  setDetail(name: string, value: string): void {
    const { draft } = this.#state;
    if (draft !== undefined) this.change({ details: { ...draft.details, [name]: value } });
  }

  /** Opens “Details” where a number in there is wrong. */
  openFaults(): void {
    const { draft, presets = [] } = this.#state;
    const read = draft && readForm(draft, presets);
    if (read === undefined || 'form' in read) return;
    if (detailNames.some((name) => read.faults.has(name))) this.change({ detailsOpen: true });
  }

  /** Fills in the numbers of a size. */
  choosePreset(name: string, source: 'ours' | 'paper' = 'ours'): void {
    const { draft, presets = [] } = this.#state;
    const preset = presets.find((one) => one.name === name);
    if (draft !== undefined && preset !== undefined) this.change(withPreset(draft, preset, source));
  }

  /** Takes a model to go on from, by its key; null: none. */
  chooseBase(key: string | null): void {
    const { draft, choices, presets = [] } = this.#state;
    const base = choices.models.find((model) => model.key === key);
    if (draft !== undefined && (key === null || base !== undefined))
      this.change(withBase(draft, base ?? null, presets));
  }

  /** Takes the languages that a person has written. */
  setLanguages(languages: Partial<Pick<Draft, 'from' | 'to'>>): void {
    const { draft, choices, presets = [] } = this.#state;
    if (draft === undefined) return;
    const base = choices.models.find(({ key }) => key === draft.base);
    this.change(withLanguages(draft, languages, base, presets));
  }

  /** Fills the form with what a run was asked for, and shows it. */
  async copy(run: string): Promise<void> {
    await this.#try(async () => {
      const { form, choices } = await this.#bus.request('copy', { run });
      const { draft } = this.#state;
      if (draft === undefined) return;
      this.#set({ choices, draft: draftOf(form, draft) });
      await this.show(null);
    });
  }

  explain(term: string): void {
    const explained = new Set(this.#state.explained);
    if (!explained.delete(term)) explained.add(term);
    this.#set({ explained });
  }

  async addCorpora(from: 'files' | 'folder' | 'catalogues'): Promise<void> {
    const form = this.#form();
    const languages = form === undefined ? null : { from: form.from, to: form.to };
    this.#set({ busy: 'adding', failure: null });
    await this.#try(async () => {
      this.#takeChoices(await this.#bus.request('addCorpora', { from, languages }));
    });
    this.#set({ busy: 'no' });
  }

  async removeCorpus(index: number): Promise<void> {
    await this.#try(async () => {
      this.#takeChoices(await this.#bus.request('removeCorpus', { index }));
    });
  }

  async start(): Promise<void> {
    const form = this.#form();
    if (form === undefined) return;
    // The engine that estimates need not go on: it will be told soon enough.
    this.#stopEstimating();
    this.#set({ busy: 'starting', failure: null });
    await this.#try(async () => {
      const { run } = await this.#bus.request('start', { form });
      this.change({ name: '' });
      await this.show(run);
    });
    this.#set({ busy: 'no' });
    this.#estimateSoon();
  }

  async act(run: string, action: RunAction): Promise<void> {
    this.#set({ failure: null });
    await this.#try(() => this.#bus.request('act', { run, action }));
  }

  async showCurves(run: string): Promise<void> {
    await this.#try(() => this.#bus.request('showCurves', { runs: [run] }));
  }

  showSamples(at: number | null): void {
    this.#set({ samplesAt: at });
  }

  /** Asks for an estimate now. */
  async estimate(): Promise<void> {
    this.#stopEstimating();
    const form = this.#formToEstimate();
    if (form === undefined) return;
    this.#estimatedFor = this.#estimateKey(form);
    const controller = new AbortController();
    this.#estimating = controller;
    this.#set({ estimate: { kind: 'busy', stage: '', share: 0 } });
    try {
      const estimate = await this.#bus.request(
        'estimate',
        { form },
        {
          signal: controller.signal,
          onProgress: ({ stage, share }) => {
            if (!controller.signal.aborted) this.#set({ estimate: { kind: 'busy', stage, share } });
          },
        },
      );
      this.#set({ estimate: { kind: 'done', estimate } });
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#set({ estimate: { kind: 'failed', sentence: (error as Error).message } });
    }
  }

  #estimateSoon(): void {
    // Nobody looks at it while a run is shown, or begins.
    if (this.#state.shown !== null || this.#state.busy === 'starting') return;
    const form = this.#formToEstimate();
    if (form !== undefined && this.#estimatedFor === this.#estimateKey(form)) return;
    this.#stopEstimating();
    if (form === undefined) return;
    // What was reckoned for another form is told no longer; the bar stands for what is about to begin.
    this.#set({ estimate: { kind: 'busy', stage: '', share: 0 } });
    this.#estimateTimer = setTimeout(() => void this.estimate(), estimateAfterMs);
  }

  #stopEstimating(): void {
    clearTimeout(this.#estimateTimer);
    this.#estimating?.abort();
    this.#estimating = undefined;
    this.#estimatedFor = undefined;
    if (this.#state.estimate.kind !== 'none') this.#set({ estimate: { kind: 'none' } });
  }

  /** The form, where there is something to reckon with. */
  #formToEstimate(): Form | undefined {
    return this.#state.choices.corpora.length === 0 ? undefined : this.#form();
  }

  /** The form, where every field is right. */
  #form(): Form | undefined {
    const { draft, presets = [] } = this.#state;
    const read = draft && readForm(draft, presets);
    return read !== undefined && 'form' in read ? read.form : undefined;
  }

  /** What an estimate depends on: all but what the run is called. */
  #estimateKey(form: Form): string {
    return JSON.stringify([{ ...form, name: '' }, this.#state.choices.corpora]);
  }

  #takeRuns(runs: readonly RunSummary[]): void {
    this.#set({ runs });
    // A run that was deleted cannot be shown any more.
    if (this.#state.shown !== null && this.run === undefined) void this.show(null);
  }

  #takeChoices(choices: Choices): void {
    this.#set({ choices });
    this.#fitDraft();
    this.#estimateSoon();
  }

  /** Takes the languages that corpora tell, and lets go of a model that is not there any more, in sight of the person. */
  #fitDraft(): void {
    const { draft, choices, presets = [] } = this.#state;
    if (draft === undefined) return;
    const isThere = draft.base === null || choices.models.some(({ key }) => key === draft.base);
    const fitting = isThere ? draft : withBase(draft, null, presets);
    this.#setDraft({ ...fitting, ...(!draft.languagesTouched && choices.languages) });
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // Also what was cancelled: not by this page, which waits for all of these.
      this.#set({ failure: (error as Error).message });
    }
  }

  #setDraft(draft: Draft): void {
    this.#set({ draft });
    this.#keep();
  }

  #keep(): void {
    this.#host.setState({ draft: this.#state.draft, shown: this.#state.shown });
  }

  #set(change: Partial<SidebarState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed();
  }
}

/** What every part of the view is given. */
export interface SidebarContext {
  readonly texts: SidebarTexts;
  readonly session: SidebarSession;
  readonly state: SidebarState;
}

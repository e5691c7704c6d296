/** The state of the page with curves, and everything that changes it. */
import * as v from 'valibot';
import { RequestFailure, type MessageBus, type PageHost } from '../../components/messageBus';
import type { curvesDoor, CurvesTexts, RunSummary, SaveFormat } from '../messages';
import { Histories, type RunCurves } from '../numbers/histories';
import { Smoothed } from '../numbers/smooth';
import { axes, metrics, validationMetrics, type Metric, type Range } from './series';

/** What is chosen: kept while the panel is hidden, and when the window is reloaded. */
const viewSchema = v.object({
  /** Runs that are shown; null: the newest, whichever that is. */
  shown: v.nullable(v.array(v.string())),
  metric: v.picklist(metrics),
  axis: v.picklist(axes),
  validation: v.picklist(validationMetrics),
  logarithmic: v.boolean(),
  /** The picture is as high as most values want it. */
  ignoreOutliers: v.optional(v.boolean(), true),
  /** 0 … 0.9999: the weight of what was before. */
  smoothing: v.pipe(v.number(), v.minValue(0), v.maxValue(0.9999)),
});
export type CurvesView = v.InferOutput<typeof viewSchema>;

const firstView: CurvesView = {
  shown: null,
  metric: 'loss',
  axis: 'step',
  validation: 'loss',
  logarithmic: false,
  ignoreOutliers: true,
  smoothing: 0.98,
};

export interface CurvesState {
  readonly view: CurvesView;
  readonly runs: readonly RunSummary[];
  /** The host has told which runs there are. */
  readonly opened: boolean;
  /** The stretch of x that is seen; null: all of it. */
  readonly range: Range | null;
  /** Where the cursor is, in x. */
  readonly cursor: number | null;
  /** The cursor was put there by a key: screen readers are told what stands there. */
  readonly spoken: boolean;
  readonly failure: string | null;
  readonly notice: string;
}

/** Of a curve, as long as what was there is the beginning of what is. */
interface Averages {
  readonly generation: number;
  readonly smoothed: Smoothed;
}

export class CurvesSession {
  readonly histories = new Histories();
  readonly #bus: MessageBus<typeof curvesDoor>;
  readonly #host: PageHost;
  readonly #changed: () => void;
  /** Averages of curves, for as long as these are there. */
  readonly #smoothed = new WeakMap<RunCurves, Map<Metric, Averages>>();
  #watched = '';
  #state: CurvesState;

  constructor(bus: MessageBus<typeof curvesDoor>, host: PageHost, changed: () => void) {
    this.#bus = bus;
    this.#host = host;
    this.#changed = changed;
    const kept = v.safeParse(viewSchema, host.getState());
    this.#state = {
      view: kept.success ? kept.output : firstView,
      runs: [],
      opened: false,
      range: null,
      cursor: null,
      spoken: false,
      failure: null,
      notice: '',
    };
    bus.on('runs', (runs) => this.#takeRuns(runs));
    bus.on('history', (part) => {
      this.histories.take(part);
      this.#changed();
    });
    bus.on('show', (runs) => this.choose({ shown: runs }));
  }

  get state(): CurvesState {
    return this.#state;
  }

  /** The runs that are shown, in the order of the list. */
  get shown(): RunSummary[] {
    const { runs, view } = this.#state;
    if (view.shown === null) return runs.slice(0, 1);
    return runs.filter(({ id }) => view.shown!.includes(id));
  }

  async open(): Promise<void> {
    await this.#try(async () => {
      const { runs, shown } = await this.#bus.request('open', {});
      this.#set({ runs, opened: true });
      if (shown !== null) this.choose({ shown });
      await this.#watch();
    });
  }

  choose(change: Partial<CurvesView>): void {
    const view = { ...this.#state.view, ...change };
    // Another axis has other numbers: what was seen is no stretch of it.
    const range = change.axis === undefined && change.shown === undefined ? this.#state.range : null;
    this.#set({ view, range, cursor: null });
    this.#host.setState(view);
    void this.#watch();
  }

  toggle(run: string): void {
    const shown = this.#shownIds;
    this.choose({ shown: shown.includes(run) ? shown.filter((id) => id !== run) : [...shown, run] });
  }

  zoom(range: Range | null): void {
    this.#set({ range });
  }

  point(cursor: number | null, spoken: boolean): void {
    this.#set({ cursor, spoken });
  }

  /** The averages of a run's curve. */
  smoothedOf(curves: RunCurves, metric: Metric): Smoothed {
    const { generation } = curves;
    const { smoothing } = this.#state.view;
    const ofRun = this.#smoothed.get(curves) ?? new Map<Metric, Averages>();
    this.#smoothed.set(curves, ofRun);
    const known = ofRun.get(metric);
    if (known?.generation === generation && known.smoothed.weight === smoothing) return known.smoothed;
    const smoothed = new Smoothed(smoothing);
    ofRun.set(metric, { generation, smoothed });
    return smoothed;
  }

  /** Has a picture or a table written where the person says. */
  async save(
    format: SaveFormat,
    name: string,
    content: () => Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>,
    done: string,
  ): Promise<void> {
    this.#set({ failure: null, notice: '' });
    await this.#try(async () => {
      const { saved } = await this.#bus.request('save', { format, name, content: await content() });
      if (saved) this.#set({ notice: done });
    });
  }

  #takeRuns(runs: readonly RunSummary[]): void {
    const before = JSON.stringify(this.#shownIds);
    this.#set({ runs });
    // What was seen is a stretch of other runs, where the newest is another one now.
    if (JSON.stringify(this.#shownIds) !== before) this.#set({ range: null, cursor: null });
    void this.#watch();
  }

  get #shownIds(): string[] {
    return this.shown.map(({ id }) => id);
  }

  async #watch(): Promise<void> {
    const runs = this.#shownIds;
    const watched = JSON.stringify(runs);
    if (watched === this.#watched || !this.#state.opened) return;
    this.#watched = watched;
    this.histories.keepOnly(runs);
    await this.#try(() => this.#bus.request('watch', { runs }));
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof RequestFailure && error.code === 'cancelled') return;
      this.#set({ failure: (error as Error).message });
    }
  }

  #set(change: Partial<CurvesState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed();
  }
}

export interface CurvesContext {
  readonly texts: CurvesTexts;
  readonly session: CurvesSession;
  readonly state: CurvesState;
}

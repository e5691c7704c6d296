/**
 * Which run trains when: one at a time, the others wait for their turn. How each stands is on the disk, so that a
 * window that closes, reloads or dies leaves runs that can be gone on with; nothing trains that nobody asked this
 * window for, but for runs that are paused on battery and were promised to go on.
 */
import type { ParametersOf, TrainingEvent, TrainingOutcome } from '../../models/engine/protocol';
import type { RunState, Stage } from '../../webview/training/messages';
import { EngineError } from '../engine/engineError';
import type { EngineLog } from '../engine/engineLog';
import { inState, keepsItsPlace, type RunRecord } from './runRecord';
import type { RunStore, StoredRun } from './runStore';
import type { TrainerLock } from './trainerLock';
import { elsewhereInWords } from './wording';

const usualLookMs = 3000;
/** Each window asks an engine of its own, which ends when it has had nothing to do for a minute. */
const usualMainsMs = 5 * 60_000;
/** VS Code gives an extension five seconds to its end; what is not written by then, the next window finds out. */
const closingMs = 4500;

export interface QueueOptions {
  readonly store: RunStore;
  readonly lock: TrainerLock;
  readonly log: EngineLog;
  /** The engine's request of the same name. */
  readonly train: (
    parameters: ParametersOf<'train'>,
    onEvent: (event: TrainingEvent) => void,
  ) => Promise<TrainingOutcome>;
  /** Asks the training to end after the step in hand. */
  readonly stopTraining: () => Promise<unknown>;
  /** Whether the machine runs on battery, and trainings are to pause then; undefined where nobody knows. */
  readonly onBattery: () => Promise<boolean | undefined>;
  /** What the engine is asked for: the settings of a run that begins, or `resume`. */
  readonly requestFor: (run: StoredRun) => Promise<ParametersOf<'train'>>;
  readonly onDidChange: () => void;
  /** A run has come to an end of its own accord: it is finished, failed, or was interrupted. */
  readonly onEnd: (id: string, record: RunRecord) => void;
  /** How often a run that waits for another window looks whether that one has finished. */
  readonly lookMs?: number;
  /** How often a run that is paused on battery looks for mains. */
  readonly mainsMs?: number;
  /** How long saving may take when the window closes. */
  readonly closingMs?: number;
}

/** What the run that trains is about, beside what its metrics say. */
export interface Activity {
  readonly id: string;
  readonly stage:
    { readonly kind: Stage; readonly done: number; readonly of: number | undefined } | undefined;
  readonly warnings: readonly string[];
  /** What computes; undefined before the engine has said so. */
  readonly device: 'cpu' | 'webgpu' | undefined;
}

type Wish = 'go on' | 'pause' | 'stop' | 'close';

export class TrainingQueue {
  readonly #options: QueueOptions;
  #activity: Activity | undefined;
  #wish: Wish = 'go on';
  /** The engine has been asked to train. */
  #sent = false;
  #running: Promise<void> = Promise.resolve();
  /** Taken while a run is being chosen: two calls at once must not begin two. */
  #choosing: Promise<void> = Promise.resolve();
  #look: NodeJS.Timeout | undefined;
  #battery: NodeJS.Timeout | undefined;
  /** Runs that are paused on battery, by this window or by one that has closed since. */
  readonly #withoutMains = new Set<string>();
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** What trains in this window now. */
  get activity(): Activity | undefined {
    return this.#activity;
  }

  /** Trains the first of the runs that wait, where none trains. To be called when one has come in. */
  advance(): Promise<void> {
    const chosen = this.#choosing.then(() => this.#choose());
    this.#choosing = chosen.catch(() => undefined);
    return chosen;
  }

  /** Goes on with a run that is paused, was interrupted, waits, or has ended, before those that wait. */
  async resume(id: string): Promise<void> {
    if (this.#activity?.id === id) return;
    await this.#refuseElsewhere(id);
    await this.#options.store.update(id, (record) => inState(record, 'waiting', { queued: 0 }));
    this.#options.onDidChange();
    await this.advance();
  }

  /** Ends the leg with a checkpoint; the run keeps its place, and none behind it begins. */
  async pause(id: string): Promise<void> {
    this.#withoutMains.delete(id);
    if (await this.#ask(id, 'pause')) return;
    await this.#refuseElsewhere(id);
    await this.#options.store.update(id, (record) => inState(record, 'paused', { pausedBy: 'person' }));
    this.#options.onDidChange();
  }

  /** Ends the run with a checkpoint; the next one begins. */
  async stop(id: string): Promise<void> {
    this.#withoutMains.delete(id);
    if (await this.#ask(id, 'stop')) return;
    await this.#refuseElsewhere(id);
    let before: RunState | undefined;
    await this.#options.store.update(id, (record) => {
      before = record.state;
      return inState(record, 'stopped');
    });
    this.#options.onDidChange();
    // One that waited held nobody up.
    if (before !== 'waiting') await this.advance();
  }

  /**
   * Goes on with these runs, which are paused on battery, as soon as there is mains. To be told of all that are shown as
   * such: the window that paused them may be gone.
   */
  followMains(ids: readonly string[]): void {
    const unknown = ids.filter((id) => !this.#withoutMains.has(id));
    if (unknown.length === 0) return;
    for (const id of unknown) this.#withoutMains.add(id);
    this.#waitForMains(0);
  }

  /** Ends what trains, with a checkpoint, because the window closes. Settles when it is saved, or it is too late. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#look);
    clearTimeout(this.#battery);
    let late: NodeJS.Timeout | undefined;
    await Promise.race([
      this.#saved(),
      new Promise<void>((resolve) => (late = setTimeout(resolve, this.#options.closingMs ?? closingMs))),
    ]);
    clearTimeout(late);
  }

  async #saved(): Promise<void> {
    await this.#choosing;
    try {
      if (this.#activity !== undefined) await this.#ask(this.#activity.id, 'close');
    } catch (error) {
      // An engine that can no longer be asked ends, and saves what it trains, by itself.
      this.#options.log.debug(`The training cannot be asked to end: ${(error as Error).message}`);
    }
    await this.#running;
  }

  /** How a run stands that another window trains is that window's to say. @throws EngineError */
  async #refuseElsewhere(id: string): Promise<void> {
    const { lock } = this.#options;
    if (!lock.held && (await lock.holder())?.run === id) throw new EngineError('user', elsewhereInWords());
  }

  /** @returns whether the run was training */
  async #ask(id: string, wish: Wish): Promise<boolean> {
    if (this.#activity?.id !== id) return false;
    // The window's end may follow on a pause; what was asked first is what the person wanted.
    if (this.#wish === 'go on') this.#wish = wish;
    this.#tell({ stage: { kind: 'saving', done: 0, of: undefined } });
    if (this.#sent) await this.#options.stopTraining();
    await this.#running;
    return true;
  }

  /** Begins the first of the runs that wait, if none trains. */
  async #choose(): Promise<void> {
    clearTimeout(this.#look);
    if (this.#closed || this.#activity !== undefined) return;
    const { store, lock } = this.#options;
    const waiting = (await store.list())
      .filter(({ record }) => record.state === 'waiting')
      .sort((a, b) => (a.record.queued ?? 0) - (b.record.queued ?? 0) || a.record.created - b.record.created);
    const [run] = waiting;
    if (run === undefined) return;
    if (!(await lock.acquire(run.id))) {
      this.#lookAgain();
      return;
    }
    this.#wish = 'go on';
    this.#sent = false;
    const stage = { kind: 'starting', done: 0, of: undefined } as const;
    this.#activity = { id: run.id, stage, warnings: [], device: undefined };
    this.#running = this.#train(run).catch((error: unknown) => {
      this.#options.log.error(`How a training ended cannot be told: ${(error as Error).message}`);
    });
  }

  /** Another window trains, or what happens on the disk is not known now. */
  #lookAgain(): void {
    clearTimeout(this.#look);
    if (!this.#closed)
      this.#look = setTimeout(() => this.#advanceUnasked(), this.#options.lookMs ?? usualLookMs);
  }

  /** Advances where nobody waits to hear how that goes. */
  #advanceUnasked(): void {
    this.advance().catch((error: unknown) => {
      this.#options.log.warn(`The next training cannot begin yet: ${(error as Error).message}`);
      this.#lookAgain();
    });
  }

  async #train(run: StoredRun): Promise<void> {
    const { store, lock, onDidChange } = this.#options;
    let end: (record: RunRecord) => RunRecord;
    try {
      await store.update(run.id, (record) => inState(record, 'training'), run.folder);
      onDidChange();
      end = await this.#leg(run);
    } catch (error) {
      end = this.#failed(error);
    }
    this.#activity = undefined;
    const ended = await this.#writeEnd(run, end);
    await lock.release();
    onDidChange();
    if (ended !== undefined) this.#tellEnd(run.id, ended);
    if (ended === undefined || !keepsItsPlace(ended.state)) this.#advanceUnasked();
  }

  /** @returns the run's record from now on; undefined where the run has gone */
  async #writeEnd(run: StoredRun, end: (record: RunRecord) => RunRecord): Promise<RunRecord | undefined> {
    const { store, log } = this.#options;
    let ended: RunRecord | undefined;
    try {
      await store.update(run.id, (record) => (ended = end(record)), run.folder);
      return ended;
    } catch (error) {
      log.error(`How “${run.id}” ended cannot be written down: ${(error as Error).message}`);
      // It has ended all the same.
      return ended ?? end(run.record);
    }
  }

  #tellEnd(id: string, ended: RunRecord): void {
    const { state, pausedBy } = ended;
    if (pausedBy === 'battery') {
      this.#withoutMains.add(id);
      this.#waitForMains();
    }
    if (state !== 'paused' || pausedBy === 'disk') this.#options.onEnd(id, ended);
  }

  async #leg(run: StoredRun): Promise<(record: RunRecord) => RunRecord> {
    const { train, requestFor } = this.#options;
    const request = await requestFor(run);
    if (this.#wish !== 'go on') return (record) => this.#asked(record);
    this.#sent = true;
    const outcome = await train(request, (event) => this.#hear(event));
    const facts = outcome.sentence === undefined ? {} : { sentence: outcome.sentence };
    return (record) => {
      if (outcome.kind !== 'paused') return inState(record, 'finished', facts);
      // On battery there is more to say than the engine knows: that it goes on by itself.
      if (outcome.reason === 'battery') return inState(record, 'paused', { pausedBy: 'battery' });
      if (outcome.reason === 'disk') return inState(record, 'paused', { pausedBy: 'disk', ...facts });
      return this.#asked(record);
    };
  }

  /** How a run stands that ended because it was asked to. */
  #asked(record: RunRecord): RunRecord {
    switch (this.#wish) {
      case 'pause':
        return inState(record, 'paused', { pausedBy: 'person' });
      case 'stop':
        return inState(record, 'stopped');
      case 'close':
      case 'go on':
        return inState(record, 'paused', { pausedBy: 'window' });
    }
  }

  #failed(error: unknown): (record: RunRecord) => RunRecord {
    const failure = EngineError.from(error);
    return (record) => {
      if (failure.code === 'cancelled') return this.#asked(record);
      const state = failure.code === 'user' ? 'failed' : 'interrupted';
      return inState(record, state, { sentence: failure.message });
    };
  }

  #hear(event: TrainingEvent): void {
    switch (event.kind) {
      case 'preparing': {
        const { stage: kind, done, of } = event;
        this.#tell({ stage: { kind, done, of } });
        return;
      }
      case 'warning':
        this.#tell({ warnings: [...(this.#activity?.warnings ?? []), event.sentence] });
        return;
      case 'prepared':
        this.#tell({ stage: undefined, device: event.device });
        return;
      case 'resumed':
      case 'steps':
        // It is saved already while the last steps come in.
        if (this.#activity?.stage?.kind !== 'saving') this.#tell({ stage: undefined });
        return;
      case 'corpus':
      case 'validation':
      case 'checkpoint':
      case 'stopped':
        this.#options.onDidChange();
    }
  }

  #tell(change: Partial<Omit<Activity, 'id'>>): void {
    if (this.#activity !== undefined) this.#activity = { ...this.#activity, ...change };
    this.#options.onDidChange();
  }

  #waitForMains(waitMs = this.#options.mainsMs ?? usualMainsMs): void {
    clearTimeout(this.#battery);
    if (this.#closed || this.#withoutMains.size === 0) return;
    this.#battery = setTimeout(() => {
      this.#lookForMains()
        .catch((error: unknown) => {
          this.#options.log.debug(`Whether there is mains is not known: ${(error as Error).message}`);
        })
        .finally(() => this.#waitForMains());
    }, waitMs);
    this.#battery.unref();
  }

  async #lookForMains(): Promise<void> {
    const { store, onBattery, onDidChange } = this.#options;
    for (const id of this.#withoutMains) {
      // The person, or another window, may have decided otherwise meanwhile.
      if ((await store.read(id))?.record.pausedBy !== 'battery') this.#withoutMains.delete(id);
    }
    // Where nobody knows, no training is paused either.
    if (this.#withoutMains.size === 0 || (await onBattery()) === true || this.#closed) return;
    const ids = [...this.#withoutMains];
    this.#withoutMains.clear();
    for (const id of ids) {
      // Of two windows that see the mains come back, one is the first.
      await store.update(id, (record) =>
        record.pausedBy === 'battery' ? inState(record, 'waiting', { queued: 0 }) : record,
      );
    }
    onDidChange();
    await this.advance();
  }
}

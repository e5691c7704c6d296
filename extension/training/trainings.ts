/**
 * The person's trainings: the runs on the disk, the queue that trains them, and how each stands, kept up to date for
 * whoever shows it.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EventEmitter } from 'vscode';
import type { LanguagePair } from '../../models/engine/protocol';
import type { RunSummary } from '../../webview/training/messages';
import { DisposableStore, toDisposable, type Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import { trainingThreads, type Engines } from '../engine/engines';
import { Looks } from './looks';
import { readMetricsEnds, type MetricsEnds } from './metricsEnds';
import type { RunRecord } from './runRecord';
import { RunStore, type StoredRun } from './runStore';
import { summaryOf } from './runSummary';
import { TrainerLock } from './trainerLock';
import { TrainingQueue, type QueueOptions } from './trainingQueue';
import { openEnd, requestOf, type Surroundings } from './trainingRequest';
import type { UsedModel, UsedModels } from './usedModels';
import { modelName } from './wording';

/** Changes are told at most so often: quicker than an eye follows numbers. */
const breathMs = 250;
/** How often a page that is shown looks for what other windows, or a terminal, have done. */
const lookMs = 3000;

export interface TrainingsOptions {
  readonly engines: Engines;
  readonly log: EngineLog;
  readonly runsFolder: () => string;
  readonly used: UsedModels;
  readonly pauseOnBattery: () => boolean;
  readonly device: () => Surroundings['device'];
}

/** A run that has ended of its own accord. */
export interface Ended {
  readonly id: string;
  readonly record: RunRecord;
}

export class Trainings implements Disposable {
  readonly store: RunStore;
  readonly queue: TrainingQueue;
  readonly #options: TrainingsOptions;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<void>());
  readonly #ended = this.#disposables.add(new EventEmitter<Ended>());
  readonly #lock: TrainerLock;
  readonly #ends = new Map<string, { readonly stamp: string; readonly ends: MetricsEnds | undefined }>();
  #stored: readonly StoredRun[] = [];
  #runs: readonly RunSummary[] = [];
  #used: readonly UsedModel[] = [];
  #hasRead = false;
  readonly #looks: Looks;
  #watchers = 0;
  #look: NodeJS.Timeout | undefined;

  /** Something about a run has changed, or about the models that are used. */
  readonly onDidChange = this.#changed.event;
  readonly onDidEnd = this.#ended.event;

  constructor(options: TrainingsOptions) {
    this.#options = options;
    const { engines, log, runsFolder } = options;
    const look = (): Promise<void> =>
      this.#read().catch((error: unknown) => {
        log.error(`The runs cannot be read: ${(error as Error).message}`);
      });
    this.#looks = this.#disposables.add(new Looks(look, breathMs));
    this.store = new RunStore(runsFolder);
    this.#lock = new TrainerLock(runsFolder, log);
    this.queue = new TrainingQueue({
      store: this.store,
      lock: this.#lock,
      log,
      train: (parameters, onProgress) => engines.train(parameters, { onProgress }),
      stopTraining: () => engines.stopTraining(),
      onBattery: () => (options.pauseOnBattery() ? engines.onBattery(runsFolder()) : Promise.resolve(false)),
      requestFor: (run) => this.#requestFor(run),
      onDidChange: () => this.#looks.soon(),
      onEnd: (id, record) => {
        // Its last checkpoint has just been written.
        this.store.forgetSizes();
        void this.refresh().then(() => this.#ended.fire({ id, record }));
      },
    });
  }

  /** How the runs stood when they were last looked at, the newest first. */
  get runs(): readonly RunSummary[] {
    return this.#runs;
  }

  /** The same runs, with what is on the disk. */
  get stored(): readonly StoredRun[] {
    return this.#stored;
  }

  get used(): readonly UsedModel[] {
    return this.#used;
  }

  /** What trains now, in this window or another one. */
  get training(): RunSummary | undefined {
    return this.#runs.find(({ state }) => state === 'training');
  }

  find(id: string): { run: StoredRun; summary: RunSummary } | undefined {
    const run = this.#stored.find((one) => one.id === id);
    const summary = this.#runs.find((one) => one.id === id);
    return run === undefined || summary === undefined ? undefined : { run, summary };
  }

  /** The models of all runs, for who looks into models. */
  async models(): Promise<LanguagePair[]> {
    if (!this.#hasRead) await this.refresh();
    return this.#stored.flatMap(({ folder, from, to, record, checkpoints }) =>
      checkpoints.map((checkpoint) => ({
        folder: path.join(folder, checkpoint.name),
        name: modelName(record.name, checkpoint),
        from,
        to,
      })),
    );
  }

  /** A sentence that the run’s newest validation translated. */
  sampleOf(id: string): string | undefined {
    return this.#ends.get(id)?.ends?.tail.samples.at(-1)?.[0]?.source;
  }

  get surroundings(): Surroundings {
    const { pauseOnBattery, device } = this.#options;
    return { threads: trainingThreads(), device: device(), pauseOnBattery: pauseOnBattery() };
  }

  /** Looks at the disk. Settles when what was there at the call is known, and told. */
  refresh(): Promise<void> {
    return this.#looks.now();
  }

  /**
   * Has what trains here saved and paused, since from now on the runs of another folder are shown: it would go on unseen,
   * and out of reach. @returns whether something trained
   */
  async leaveFolder(): Promise<boolean> {
    const { activity } = this.queue;
    try {
      if (activity !== undefined) await this.queue.pause(activity.id);
    } catch (error) {
      this.#options.log.error(`The training cannot be paused: ${(error as Error).message}`);
    }
    await this.refresh();
    return activity !== undefined;
  }

  /** While somebody shows the runs, the disk is looked at now and then. @returns ends that */
  watch(): Disposable {
    if (this.#watchers++ === 0) this.#look = setInterval(() => void this.refresh(), lookMs);
    void this.refresh();
    let watching = true;
    return toDisposable(() => {
      if (!watching) return;
      watching = false;
      if (--this.#watchers === 0) clearInterval(this.#look);
    });
  }

  /** Saves what trains, because the window closes. */
  close(): Promise<void> {
    return this.queue.close();
  }

  dispose(): void {
    clearInterval(this.#look);
    this.#disposables.dispose();
  }

  async #read(): Promise<void> {
    const [stored, holder, used] = await Promise.all([
      this.store.list(),
      this.#lock.holder(),
      this.#options.used.list(),
    ]);
    const { activity } = this.queue;
    const runs = await Promise.all(
      stored.map(async (run) => {
        const inUse = used.some((model) => model.run === run.id);
        return summaryOf({ run, ends: await this.#endsOf(run), holder, activity, inUse });
      }),
    );
    this.#stored = stored;
    this.#used = used;
    this.#runs = runs;
    this.#hasRead = true;
    this.queue.followMains(stored.flatMap(({ id, record }) => (record.pausedBy === 'battery' ? [id] : [])));
    this.#changed.fire();
  }

  async #endsOf({ id, folder }: StoredRun): Promise<MetricsEnds | undefined> {
    const stamp = await stat(path.join(folder, 'metrics.jsonl')).then(
      ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
      () => '',
    );
    const known = this.#ends.get(id);
    if (known?.stamp === stamp) return known.ends;
    const ends = stamp === '' ? undefined : await readMetricsEnds(folder);
    this.#ends.set(id, { stamp, ends });
    return ends;
  }

  async #requestFor(run: StoredRun): ReturnType<QueueOptions['requestFor']> {
    const { plan } = run.record;
    const { folder } = run;
    const began = await stat(path.join(folder, 'run.json')).then(
      () => true,
      () => false,
    );
    if (plan === undefined) return { folder, begin: 'resume', ...openEnd(this.surroundings) };
    const { settings, budget, leg } = requestOf(folder, plan, this.surroundings);
    return { folder, begin: began ? 'resume' : settings, budget, leg };
  }
}

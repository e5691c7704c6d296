/**
 * The engines: a quick one for what a person waits for; of low priority, so that they hold up neither the next sentence
 * nor the editor, a patient one for long texts and for what is done with runs and models, and one that trains.
 */
import { availableParallelism } from 'node:os';
import type { EngineMethod, LanguagePair, ParametersOf, ReplyOf } from '../../models/engine/protocol';
import type { Disposable } from '../disposable';
import {
  EngineClient,
  type EngineClientOptions,
  type EngineSettings,
  type EngineState,
} from './engineClient';
import { EngineError } from './engineError';
import type { RequestOptions } from './engineProcess';

/** Texts of more characters than this in all are long work: some ten seconds on a slow core. */
const longCharacters = 10_000;

/** The patient engine holds as much memory as the quick one, and is seldom needed again soon. */
const patientIdleMs = 60_000;

/** A training that is told to end saves what it has learned; as long as VS Code waits for an extension, about. */
const savingMs = 4500;

/** What may be asked about runs and models beside a training. */
export type LongWork = Extract<
  EngineMethod,
  | 'trainingDefaults'
  | 'planTraining'
  | 'averageCheckpoints'
  | 'evaluateModel'
  | 'exportModel'
  | 'findCorpora'
  | 'corpusFromCatalogues'
>;

/** One core stays free for the editor. */
export const trainingThreads = (): number => Math.max(1, availableParallelism() - 1);

export interface EnginesOptions extends Pick<
  EngineClientOptions,
  'modulePath' | 'log' | 'settings' | 'onStateChange' | 'onNotice'
> {
  /** A sentence that says why no engine can run on this machine. */
  readonly unsupported?: string | undefined;
}

export class Engines implements Disposable {
  readonly #quick: EngineClient;
  readonly #patient: EngineClient;
  readonly #trainer: EngineClient;
  readonly #unsupported: string | undefined;
  readonly #modelListeners = new Set<() => void>();

  /** Starts nothing: the first request does. */
  constructor({ unsupported, ...options }: EnginesOptions) {
    this.#unsupported = unsupported;
    this.#quick = new EngineClient({ ...options, priority: 'normal' });
    const patientSettings = (): EngineSettings => {
      const { devices, ...settings } = options.settings();
      return {
        ...settings,
        ...(devices && { devices: { ...devices, tryOut: false } }),
        idleMs: settings.idleMs === 0 ? patientIdleMs : Math.min(settings.idleMs, patientIdleMs),
      };
    };
    this.#patient = new EngineClient({ ...options, settings: patientSettings, priority: 'low' });
    this.#trainer = new EngineClient({
      ...options,
      settings: () => ({ ...patientSettings(), threads: trainingThreads() }),
      priority: 'low',
      shutdownMs: savingMs,
    });
  }

  /** The processes that serve requests now. */
  get processIds(): number[] {
    return [this.#quick, this.#patient, this.#trainer].flatMap(({ processId }) => processId ?? []);
  }

  /** The process that trains, or has trained a moment ago. */
  get trainerProcessId(): number | undefined {
    return this.#trainer.processId;
  }

  /** What matters most of the states of those that translate. */
  get state(): EngineState {
    const states = [this.#quick.state, this.#patient.state];
    const order: readonly EngineState[] = ['resting', 'working', 'starting', 'ready'];
    return order.find((state) => states.includes(state)) ?? 'off';
  }

  /** @throws EngineError; its message is a sentence for a person */
  async translate(
    parameters: ParametersOf<'translate'>,
    options: RequestOptions<'translate'> = {},
  ): Promise<ReplyOf<'translate'>> {
    const characters = parameters.texts.reduce((sum, text) => sum + text.length, 0);
    const engine = characters > longCharacters ? this.#patient : this.#quick;
    return this.#supported(engine).request('translate', parameters, options);
  }

  /**
   * How a translation came about. The quick engine keeps it for `attention`.
   *
   * @throws EngineError; its message is a sentence for a person
   */
  observe(
    parameters: ParametersOf<'observe'>,
    options: RequestOptions<'observe'> = {},
  ): Promise<ReplyOf<'observe'>> {
    return this.#supported(this.#quick).request('observe', parameters, options);
  }

  /** @throws EngineError; of code `user` where the observation is gone */
  attention(
    parameters: ParametersOf<'attention'>,
    options: RequestOptions<'attention'> = {},
  ): Promise<ReplyOf<'attention'>> {
    return this.#supported(this.#quick).request('attention', parameters, options);
  }

  /** What a token meets on its way through the model. @throws EngineError; of code `user` where the observation is gone */
  walk(parameters: ParametersOf<'walk'>, options: RequestOptions<'walk'> = {}): Promise<ReplyOf<'walk'>> {
    return this.#supported(this.#quick).request('walk', parameters, options);
  }

  /** Lets an observation go that nobody will ask about again. */
  async release(observation: number): Promise<void> {
    // An engine that is gone has kept none.
    if (this.#quick.processId === undefined) return;
    await this.#supported(this.#quick).request('release', { observation });
  }

  /** Calls when other models than before may serve the next requests. */
  onDidChangeModels(listener: () => void): Disposable {
    this.#modelListeners.add(listener);
    return { dispose: () => this.#modelListeners.delete(listener) };
  }

  /** The pairs that there are models for. @throws EngineError */
  async pairs(): Promise<LanguagePair[]> {
    return (await this.#supported(this.#quick).request('listPairs', {})).pairs;
  }

  /** Every model of the folders, also those that another one precedes for their pair. @throws EngineError */
  async models(): Promise<LanguagePair[]> {
    return (await this.#supported(this.#quick).request('listModels', {})).models;
  }

  /** @throws EngineError; its message is a sentence for a person */
  async importModel(
    parameters: ParametersOf<'importModel'>,
    options: RequestOptions<'importModel'> = {},
  ): Promise<ReplyOf<'importModel'>> {
    const reply = await this.#supported(this.#quick).request('importModel', parameters, options);
    // The patient engine may have the model loaded that was there before.
    if (reply.outcome === 'imported') {
      this.#patient.renew();
      this.#modelListeners.forEach((listener) => listener());
    }
    return reply;
  }

  /** What is known of this machine's devices, or is found out now. @throws EngineError */
  async inspectDevices(
    parameters: ParametersOf<'inspectDevices'>,
    options: RequestOptions<'inspectDevices'> = {},
  ): Promise<ReplyOf<'inspectDevices'>> {
    const reply = await this.#supported(this.#quick).request('inspectDevices', parameters, options);
    // Models that are loaded stay where they are: with what has been found out, they may belong elsewhere.
    if (parameters.tryOut) {
      this.#quick.renew();
      this.#patient.renew();
    }
    return reply;
  }

  /** What takes its time, and may take it. @throws EngineError; its message is a sentence for a person */
  work<M extends LongWork>(
    method: M,
    parameters: ParametersOf<M>,
    options: RequestOptions<M> = {},
  ): Promise<ReplyOf<M>> {
    return this.#supported(this.#patient).request(method, parameters, options);
  }

  /**
   * Trains; an engine that dies at it is not replaced. One at a time.
   *
   * @throws EngineError; its message is a sentence for a person
   */
  async train(
    parameters: ParametersOf<'train'>,
    options: RequestOptions<'train'> = {},
  ): Promise<ReplyOf<'train'>> {
    return this.#supported(this.#trainer).request('train', parameters, options);
  }

  /** Has the training end after the step in hand; `train` answers then. */
  async stopTraining(): Promise<void> {
    await this.#supported(this.#trainer).request('stopTraining', {});
  }

  /** Whether the machine runs on its battery; undefined where the system does not tell. @throws EngineError */
  async onBattery(folder: string): Promise<boolean | undefined> {
    return (await this.#supported(this.#patient).request('measureMachine', { folder })).onBattery;
  }

  /** Ends those that translate; the next request starts a new one, with the settings of then. Cancels what is pending. */
  async restart(): Promise<void> {
    await Promise.all([this.#quick.restart(), this.#patient.restart()]);
    // What was cancelled at its work is to go on; and the models may have been changed beside us.
    this.#modelListeners.forEach((listener) => listener());
  }

  /** The settings of engines have changed: the next requests are served with the new ones. */
  renew(): void {
    this.#quick.renew();
    this.#patient.renew();
    this.#trainer.renew();
    this.#modelListeners.forEach((listener) => listener());
  }

  /** Ends those that translate for good. */
  async stopTranslating(): Promise<void> {
    await Promise.all([this.#quick.stop(), this.#patient.stop()]);
  }

  /** Ends all for good; a training is saved first. Settles when the processes are gone. */
  async stop(): Promise<void> {
    await Promise.all([this.stopTranslating(), this.#trainer.stop()]);
  }

  dispose(): void {
    void this.stop();
  }

  #supported(engine: EngineClient): EngineClient {
    if (this.#unsupported !== undefined) throw new EngineError('user', this.#unsupported);
    return engine;
  }
}

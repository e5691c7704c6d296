/**
 * An engine of the extension: started by the first request, ended when it has been idle for a while, started afresh
 * when it dies at a request (after a pause, twice), left alone when it keeps dying.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { DevicesOptions, EngineMethod, ParametersOf, ReplyOf } from '../../models/engine/protocol';
import type { Disposable } from '../disposable';
import { EngineError } from './engineError';
import type { EngineProcess, EngineProcessOptions, RequestOptions } from './engineProcess';
import { sentences } from './sentences';

/** This many deaths within `restMs`, and the engine is not started until the first of them is that long ago. */
const deathsBeforeRest = 3;
const restMs = 60_000;

/** What to wait before a request whose engine died is made again, the first time and the second. */
const pausesMs = [250, 1000];

/** A cold start on a slow disk takes seconds; beyond this it hangs. */
const defaultHandshakeMs = 30_000;

/** What the settings say about an engine; read anew whenever one is started. */
export interface EngineSettings {
  readonly modelFolders: readonly string[];
  readonly threads: number;
  /** Missing: the processor translates. */
  readonly devices?: DevicesOptions;
  /** How long an engine without work stays; 0: until the end. */
  readonly idleMs: number;
}

/**
 * - `off`: no process runs; the next request starts one;
 * - `starting`, `ready`, `working`: as one would think;
 * - `resting`: it died too often, and requests are refused for a while.
 */
export type EngineState = 'off' | 'starting' | 'ready' | 'working' | 'resting';

export interface EngineClientOptions extends Pick<
  EngineProcessOptions,
  'modulePath' | 'priority' | 'log' | 'shutdownMs' | 'onNotice'
> {
  readonly settings: () => EngineSettings;
  readonly onStateChange?: () => void;
  readonly handshakeMs?: number;
  /** Milliseconds since any fixed moment. */
  readonly now?: () => number;
}

interface Program {
  readonly EngineProcess: typeof EngineProcess;
}

/** What speaks to a process, once somebody has asked for something: a window in which nobody does, does without. */
let program: Program | undefined;

export async function loadProgram(): Promise<Program> {
  return (program ??= await import(/* webpackChunkName: "engineProcess" */ './engineProcess'));
}

type Request = Exclude<EngineMethod, 'initialize' | 'shutdown'>;

export class EngineClient implements Disposable {
  readonly #options: EngineClientOptions;
  readonly #now: () => number;
  #process: EngineProcess | undefined;
  #idleMs = 0;
  #idle: NodeJS.Timeout | undefined;
  #requests = 0;
  /** The settings have changed since the process was started. */
  #outdated = false;
  /** When the engine died of itself, within the last minute. */
  #deaths: number[] = [];
  /** Tells of the end of the rest. */
  #rest: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();
  #stopped: Promise<void> | undefined;

  /** Starts nothing: the first request does. */
  constructor(options: EngineClientOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** The process that serves requests now, if there is one. */
  get processId(): number | undefined {
    return this.#process?.usable === true ? this.#process.processId : undefined;
  }

  get state(): EngineState {
    if (this.#process?.usable === true) {
      if (!this.#process.ready) return 'starting';
      return this.#requests > 0 ? 'working' : 'ready';
    }
    return this.#restsUntil() === undefined ? 'off' : 'resting';
  }

  /**
   * Sends a request to the engine, which is started when it does not run. A request whose engine died is made again
   * of another: every request but `train` may be, since none changes anything before its last step. A training goes on
   * from its last checkpoint when the person says so: what killed it may do so again.
   *
   * @throws EngineError; its message is a sentence for a person
   */
  async request<M extends Request>(
    method: M,
    parameters: ParametersOf<M>,
    options: RequestOptions<M> = {},
  ): Promise<ReplyOf<M>> {
    this.#requests++;
    clearTimeout(this.#idle);
    try {
      return await this.#persist(method, parameters, options);
    } finally {
      this.#requests--;
      if (this.#requests === 0) this.#afterWork();
      this.#changed();
    }
  }

  /** Ends the process, cancelling what is pending, and forgets its deaths: the next request starts a new one. */
  async restart(): Promise<void> {
    this.#deaths = [];
    this.#outdated = false;
    clearTimeout(this.#rest);
    await this.#process?.stop();
    this.#changed();
  }

  /** Has the next request served by a new process, as `settings` says then. What runs is finished first. */
  renew(): void {
    if (this.#requests === 0) void this.restart();
    else this.#outdated = true;
  }

  /** Ends the engine for good; pending requests are rejected as cancelled. Settles when the process is gone. */
  stop(): Promise<void> {
    clearTimeout(this.#rest);
    clearTimeout(this.#idle);
    this.#closing.abort();
    this.#stopped ??= this.#process?.stop() ?? Promise.resolve();
    return this.#stopped;
  }

  dispose(): void {
    void this.stop();
  }

  async #persist<M extends Request>(
    method: M,
    parameters: ParametersOf<M>,
    options: RequestOptions<M>,
  ): Promise<ReplyOf<M>> {
    const { EngineProcess } = program ?? (await loadProgram());
    for (let attempt = 0; ; attempt++) {
      const engine = this.#running(EngineProcess);
      this.#changed();
      try {
        return await engine.request(method, parameters, options);
      } catch (error) {
        const pauseMs = method === 'train' ? undefined : pausesMs[attempt];
        if (!(error instanceof EngineError) || !error.crashed || pauseMs === undefined) throw error;
        this.#options.log.warn(`“${method}” is asked of a new engine in ${pauseMs} ms.`);
        await this.#pause(pauseMs, options.signal);
      }
    }
  }

  async #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const ends = [this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    try {
      await delay(ms, undefined, { signal: AbortSignal.any(ends) });
    } catch {
      throw new EngineError('cancelled', sentences.cancelled());
    }
  }

  #running(Process: typeof EngineProcess): EngineProcess {
    if (this.#stopped !== undefined) throw new EngineError('cancelled', sentences.closing());
    if (this.#process?.usable === true) return this.#process;
    this.#refuseWhileResting();
    const {
      modulePath,
      priority,
      log,
      settings,
      handshakeMs = defaultHandshakeMs,
      shutdownMs,
      onNotice,
    } = this.#options;
    const { idleMs, devices, ...forProcess } = settings();
    this.#idleMs = idleMs;
    const started = startProcess(Process, {
      modulePath,
      priority,
      log,
      handshakeMs,
      shutdownMs,
      onNotice,
      // What killed the engine may have been a device's driver, and would again.
      devices: devices && this.#deaths.length > 0 ? { ...devices, translation: 'cpu' } : devices,
      ...forProcess,
    });
    this.#process = started;
    void started.handshake.then(() => this.#changed());
    void started.ended.then((failure) => {
      if (failure !== undefined) this.#mourn(failure, started.processId);
      this.#changed();
    });
    return started;
  }

  #mourn(failure: EngineError, processId: number | undefined): void {
    this.#options.log.error(`${failure.message} (process ${processId ?? 'none'})`);
    // What a person must put right first is no crash, and keeps its own sentence.
    if (failure.code !== 'engine') return;
    this.#deaths.push(this.#now());
    const end = this.#restsUntil();
    if (end === undefined || this.#stopped !== undefined) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#changed(), end - this.#now());
  }

  #afterWork(): void {
    if (this.#outdated) void this.restart();
    else this.#stopWhenIdle();
  }

  #stopWhenIdle(): void {
    const engine = this.#process;
    if (this.#idleMs === 0 || engine?.usable !== true) return;
    this.#idle = setTimeout(() => {
      if (!engine.usable) return;
      this.#options.log.info(
        `The engine has had nothing to do and ends: process ${engine.processId ?? '?'}.`,
      );
      void engine.stop().then(() => this.#changed());
    }, this.#idleMs);
  }

  /** Until when requests are refused, as `now` tells the time. */
  #restsUntil(): number | undefined {
    const now = this.#now();
    this.#deaths = this.#deaths.filter((death) => now - death < restMs);
    const first = this.#deaths.at(-deathsBeforeRest);
    return first === undefined ? undefined : first + restMs;
  }

  #refuseWhileResting(): void {
    const end = this.#restsUntil();
    if (end === undefined) return;
    throw new EngineError(
      'engine',
      sentences.resting(deathsBeforeRest, Math.ceil((end - this.#now()) / 1000)),
    );
  }

  #changed(): void {
    this.#options.onStateChange?.();
  }
}

function startProcess(Process: typeof EngineProcess, options: EngineProcessOptions): EngineProcess {
  try {
    return new Process(options);
  } catch (error) {
    // Most reasons come as an event; these, such as too little memory for a process, come at once.
    throw new EngineError('engine', sentences.notForked((error as Error).message));
  }
}

/**
 * The extension's engine: started by the first request, started afresh by the next one after its death,
 * left alone for a while when it keeps dying.
 */
import type { EngineMethod, ParametersOf, ReplyOf } from '../../models/engine/protocol';
import type { Disposable } from '../disposable';
import { EngineError } from './engineError';
import { EngineProcess, type EngineProcessOptions, type RequestOptions } from './engineProcess';
import { sentences } from './sentences';

/** This many deaths within `restMs`, and the engine is not started until the first of them is that long ago. */
const deathsBeforeRest = 3;
const restMs = 60_000;

/** A cold start on a slow disk takes seconds; beyond this it hangs. */
const defaultHandshakeMs = 30_000;

export interface EngineClientOptions extends Omit<EngineProcessOptions, 'handshakeMs'> {
  readonly handshakeMs?: number;
  /** Milliseconds since any fixed moment. */
  readonly now?: () => number;
}

export class EngineClient implements Disposable {
  readonly #options: EngineProcessOptions;
  readonly #now: () => number;
  #process: EngineProcess | undefined;
  /** When the engine died of itself, within the last minute. */
  #deaths: number[] = [];
  #stopped: Promise<void> | undefined;

  /** Starts nothing: the first request does. */
  constructor({
    now = () => performance.now(),
    handshakeMs = defaultHandshakeMs,
    ...options
  }: EngineClientOptions) {
    this.#options = { ...options, handshakeMs };
    this.#now = now;
  }

  /** The process that serves requests now, if there is one. */
  get processId(): number | undefined {
    return this.#process?.usable === true ? this.#process.processId : undefined;
  }

  /**
   * Sends a request to the engine, which is started when it does not run.
   *
   * @throws EngineError; its message is a sentence for a person
   */
  async request<M extends Exclude<EngineMethod, 'initialize' | 'shutdown'>>(
    method: M,
    parameters: ParametersOf<M>,
    options: RequestOptions<M> = {},
  ): Promise<ReplyOf<M>> {
    return this.#running().request(method, parameters, options);
  }

  /** Ends the engine for good; pending requests are rejected as cancelled. Settles when the process is gone. */
  stop(): Promise<void> {
    this.#stopped ??= this.#process?.stop() ?? Promise.resolve();
    return this.#stopped;
  }

  dispose(): void {
    void this.stop();
  }

  #running(): EngineProcess {
    if (this.#stopped !== undefined) throw new EngineError('cancelled', sentences.closing());
    if (this.#process?.usable === true) return this.#process;
    this.#refuseWhileResting();
    const started = new EngineProcess(this.#options);
    this.#process = started;
    void started.ended.then((failure) => {
      if (failure === undefined) return;
      this.#options.log.error(`${failure.message} (process ${started.processId ?? 'none'})`);
      // What a person must put right first is no crash, and keeps its own sentence.
      if (failure.code === 'engine') this.#deaths.push(this.#now());
    });
    return started;
  }

  #refuseWhileResting(): void {
    const now = this.#now();
    this.#deaths = this.#deaths.filter((death) => now - death < restMs);
    const first = this.#deaths.at(-deathsBeforeRest);
    if (first === undefined) return;
    const seconds = Math.ceil((first + restMs - now) / 1000);
    throw new EngineError('engine', sentences.resting(deathsBeforeRest, seconds));
  }
}

/**
 * One engine process, from fork to end: the handshake, typed requests, its log lines. A request never
 * hangs: whatever ends the process or its channel rejects all that is pending with one sentence.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ProgressType,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import {
  noticeMethod,
  protocolVersion,
  type DevicesOptions,
  type EngineMethod,
  type Notice,
  type ParametersOf,
  type ProgressOf,
  type ReplyOf,
  type RequestEnvelope,
} from '../../models/engine/protocol';
import { DisposableStore, toDisposable } from '../disposable';
import { EngineError } from './engineError';
import { forwardLogLine, type EngineLog } from './engineLog';
import { sentences, type ProcessEnd } from './sentences';

/** How long an engine that was told to shut down may take, unless it has something to save. */
const defaultShutdownMs = 500;
/** How long a process may live on after its channel has closed; by then it should have ended by itself. */
const channelLossMs = 1000;

export interface EngineProcessOptions {
  /** Absolute path of the engine's bundle. */
  readonly modulePath: string;
  /** Absolute paths of the folders that hold model folders; of two models for a pair the first wins. */
  readonly modelFolders: readonly string[];
  /** Threads of one operator. */
  readonly threads: number;
  /** Missing: the processor computes. */
  readonly devices?: DevicesOptions | undefined;
  /** Gets what the person should know. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
  /** `low`: the editor, and everything else of the person's, comes first. */
  readonly priority: 'normal' | 'low';
  readonly log: EngineLog;
  /** How long the process may take from its start to its answer to the handshake. */
  readonly handshakeMs: number;
  /** How long it may take to its end when it is told to shut down; half a second unless given. */
  readonly shutdownMs?: number | undefined;
}

export interface RequestOptions<M extends EngineMethod> {
  /** Ends the request at once, here and in the engine. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProgressOf<M>) => void;
}

export class EngineProcess {
  readonly #options: EngineProcessOptions;
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  /** Rejects a pending request, one function each. */
  readonly #pending = new Set<(error: EngineError) => void>();
  readonly #progressType = new ProgressType<never>();
  /** Settles when the engine is ready or given up. */
  readonly handshake: Promise<void>;
  #ready = false;
  #progressTokens = 0;
  /** Why no request can be served any more. */
  #failure: EngineError | undefined;

  /** Settles when the process is gone: with why, if nobody had asked for its end. */
  readonly ended: Promise<EngineError | undefined>;

  /** Forks the process and starts the handshake. Requests may be made at once; they wait for it. */
  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.#child = fork(options.modulePath, [], {
      execPath: process.execPath,
      // The extension host's own flags, such as a debugger's port, are not for its child.
      execArgv: [],
      // Under Electron the executable is the editor; the first makes it a plain Node. What Node is told in the
      // environment is meant for others.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Attention travels as the bytes that it is; JSON would write out every number.
      serialization: 'advanced',
    });
    this.#connection = createMessageConnection(
      new IPCMessageReader(this.#child),
      new IPCMessageWriter(this.#child),
    );
    this.#connection.onNotification(noticeMethod, ({ sentence }: Notice) => options.onNotice?.(sentence));
    this.ended = this.#watch();
    this.#yieldToOthers();
    this.#readLog();
    this.#connection.listen();
    this.handshake = this.#shakeHands();
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** Whether the handshake is over and went well. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether a request can still be made. */
  get usable(): boolean {
    return this.#failure === undefined && this.#child.connected;
  }

  /**
   * Sends a request.
   *
   * @throws EngineError, with a sentence, and the stack of who asked
   */
  request<M extends EngineMethod>(
    method: M,
    parameters: ParametersOf<M>,
    options: RequestOptions<M> = {},
  ): Promise<ReplyOf<M>> {
    return this.#track(options.signal, async (settled) => {
      await this.handshake;
      return this.#send(method, parameters, options, settled);
    });
  }

  /**
   * Ends the process: politely, and after a moment by force; at once when it is still starting.
   * Settles when it is gone.
   */
  async stop(): Promise<void> {
    const polite = this.usable && this.#ready;
    this.#fail(new EngineError('cancelled', sentences.closing()));
    // An engine that cannot answer is dealt with below.
    if (polite) this.#connection.sendRequest('shutdown', { parameters: {} }).catch(() => undefined);
    const force = setTimeout(
      () => this.#child.kill('SIGKILL'),
      polite ? (this.#options.shutdownMs ?? defaultShutdownMs) : 0,
    );
    await this.ended;
    clearTimeout(force);
  }

  /**
   * Runs `work` as a pending request: it is rejected with the process, or when the signal aborts,
   * whichever comes first. `settled` is disposed when the request is over in any way.
   */
  #track<T>(signal: AbortSignal | undefined, work: (settled: DisposableStore) => Promise<T>): Promise<T> {
    const asked = new Error();
    return new Promise<T>((resolve, reject) => {
      const settled = new DisposableStore();
      const fail = (error: EngineError): void => {
        settled.dispose();
        reject(error.askedBy(asked));
      };
      const abort = (): void => fail(new EngineError('cancelled', sentences.cancelled()));
      if (this.#failure !== undefined) {
        fail(this.#failure);
        return;
      }
      if (signal?.aborted === true) {
        abort();
        return;
      }
      this.#pending.add(fail);
      settled.add(toDisposable(() => this.#pending.delete(fail)));
      signal?.addEventListener('abort', abort, { once: true });
      settled.add(toDisposable(() => signal?.removeEventListener('abort', abort)));
      work(settled).then(
        (reply) => {
          settled.dispose();
          resolve(reply);
        },
        (error: unknown) => fail(EngineError.from(error)),
      );
    });
  }

  #send<M extends EngineMethod>(
    method: M,
    parameters: ParametersOf<M>,
    { onProgress }: RequestOptions<M>,
    settled: DisposableStore,
  ): Promise<ReplyOf<M>> {
    const envelope: RequestEnvelope<M> = { parameters };
    if (onProgress !== undefined) {
      envelope.progressToken = this.#progressTokens++;
      settled.add(this.#connection.onProgress(this.#progressType, envelope.progressToken, onProgress));
    }
    // Whatever settles the request on this side cancels it on the other; after a reply that is a no-op.
    const cancellation = new CancellationTokenSource();
    settled.add(toDisposable(() => cancellation.cancel()));
    return this.#connection.sendRequest<ReplyOf<M>>(method, envelope, cancellation.token);
  }

  async #shakeHands(): Promise<void> {
    const { log, modelFolders, threads, devices, handshakeMs } = this.#options;
    const late = setTimeout(() => {
      this.#giveUp(new EngineError('engine', sentences.silent(handshakeMs / 1000)));
    }, handshakeMs);
    try {
      const { pairs, pid } = await this.#track(undefined, (settled) =>
        this.#send(
          'initialize',
          { protocolVersion, modelFolders: [...modelFolders], threads, ...(devices && { devices }) },
          {},
          settled,
        ),
      );
      this.#ready = true;
      const offered = pairs.map(({ from, to }) => `${from} → ${to}`).join(', ');
      log.info(
        `The engine is ready: process ${pid}, protocol ${protocolVersion}, models: ${offered || 'none'}.`,
      );
    } catch (error) {
      this.#giveUp(EngineError.from(error));
    } finally {
      clearTimeout(late);
    }
  }

  /** Settles `ended` when the process has exited, or could not be started in the first place. */
  #watch(): Promise<EngineError | undefined> {
    return new Promise((resolve) => {
      const end = (sentence: string, signal: string | null = null): void => {
        // What does not even start will not start the next time either, unless somebody killed it.
        this.#fail(new EngineError('engine', sentence, this.#ready || signal !== null));
        this.#connection.dispose();
        resolve(this.#failure?.code === 'cancelled' ? undefined : this.#failure);
      };
      this.#child.once('exit', (code, signal) => end(this.#endSentence({ code, signal }), signal));
      this.#child.on('error', (error) => {
        if (this.#child.pid === undefined) end(sentences.notForked(error.message));
      });
      // Closing comes a moment before the exit, which says more; but it may be all that comes.
      this.#child.once('disconnect', () => {
        if (this.#failure !== undefined) return;
        const force = setTimeout(() => this.#child.kill('SIGKILL'), channelLossMs);
        this.#child.once('exit', () => clearTimeout(force));
      });
    });
  }

  #endSentence(end: ProcessEnd): string {
    return this.#ready ? sentences.stopped(end) : sentences.endedWhileStarting(end);
  }

  #yieldToOthers(): void {
    const { pid } = this.#child;
    if (this.#options.priority !== 'low' || pid === undefined) return;
    try {
      setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch (error) {
      // It may have ended already, or the system forbids it; it then works at the usual priority.
      this.#options.log.debug(`The engine keeps its priority: ${(error as Error).message}`);
    }
  }

  #readLog(): void {
    if (this.#child.stderr === null) return;
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      forwardLogLine(this.#options.log, line, this.#ready);
    });
  }

  #giveUp(error: EngineError): void {
    this.#fail(error);
    this.#child.kill('SIGKILL');
  }

  /** Rejects everything that is pending, and all that will be asked. Only the first reason counts. */
  #fail(error: EngineError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    for (const reject of [...this.#pending]) reject(error);
  }
}

/**
 * The extension host's side of the reading thread: starts it when something is first to be read, and again when it has
 * died.
 */
import { Worker } from 'node:worker_threads';
import type { Disposable } from '../disposable';
import type { FromThread, ThreadData, ToThread } from './reading/messages';
import type { ReadReply, ReadRequest } from './reading/textReader';

export interface ReadingThreadOptions {
  /** The absolute path of its bundle, `dist/reading.js`. */
  readonly modulePath: string;
  /** Asked for at each start. */
  readonly data: () => ThreadData;
  /** Is told, in sentences, what is wrong with a grammar. */
  readonly warn: (sentence: string) => void;
}

interface Pending {
  readonly resolve: (reply: ReadReply) => void;
  readonly reject: (error: Error) => void;
}

export class ReadingThread implements Disposable {
  readonly #options: ReadingThreadOptions;
  #worker: Worker | undefined;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(options: ReadingThreadOptions) {
    this.#options = options;
  }

  /**
   * @throws the signal's reason when it aborts, or an Error when the thread fails
   */
  async read(request: ReadRequest, signal?: AbortSignal): Promise<ReadReply> {
    signal?.throwIfAborted();
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = ++this.#lastId;
    const send = (message: ToThread): void => worker.postMessage(message);
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#pending.delete(id);
        send({ kind: 'cancel', id });
        reject(signal!.reason as Error);
      };
      const settled = (): void => signal?.removeEventListener('abort', cancel);
      this.#pending.set(id, {
        resolve(reply) {
          settled();
          resolve(reply);
        },
        reject(error) {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      send({ kind: 'read', id, request });
    });
  }

  /** A document is closed. */
  forget(document: string): void {
    this.#worker?.postMessage({ kind: 'forget', document } satisfies ToThread);
  }

  /** Ends it; the next reading starts it anew, with the grammars of then. */
  end(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    this.#failAll('The thread that reads texts was ended.');
  }

  dispose(): void {
    this.end();
  }

  #start(): Worker {
    const { modulePath, data, warn } = this.#options;
    const worker = new Worker(modulePath, { workerData: data() });
    // It holds up nothing that would otherwise end.
    worker.unref();
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'warning') {
        warn(message.sentence);
        return;
      }
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.kind === 'reply') pending?.resolve(message.reply);
      else pending?.reject(new Error(message.message));
    });
    const gone = (why: string): void => {
      // One that was ended on purpose has been replaced already.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#failAll(why);
    };
    worker.on('error', (error) => gone(`The thread that reads texts has failed: ${error.message}`));
    worker.on('exit', () => gone('The thread that reads texts has ended.'));
    return worker;
  }

  #failAll(why: string): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new Error(why));
  }
}

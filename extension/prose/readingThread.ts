/**
 * The extension host's side of the reading thread: starts it when something is first to be read, and again when it has
 * died; what was being read then is read once more.
 */
import { Worker } from 'node:worker_threads';
import { l10n } from 'vscode';
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

/** The thread is gone; what was asked of it may be asked of another. */
class Gone extends Error {}

interface Pending {
  readonly resolve: (reply: ReadReply) => void;
  readonly reject: (error: Error) => void;
}

export class ReadingThread implements Disposable {
  readonly #options: ReadingThreadOptions;
  #worker: Worker | undefined;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #isDisposed = false;

  constructor(options: ReadingThreadOptions) {
    this.#options = options;
  }

  /**
   * @throws the signal's reason when it aborts; an Error that says what to do when the thread dies at it twice
   */
  async read(request: ReadRequest, signal?: AbortSignal): Promise<ReadReply> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await this.#ask(request, signal);
      } catch (error) {
        if (!(error instanceof Gone) || this.#isDisposed) throw error;
        if (isFirst) continue;
        throw new Error(
          l10n.t(
            'This file could not be read: the thread that finds comments and other prose ended at it twice ({0}). Reload the window; if it happens again, turn off the extension that brings the grammar of this language.',
            error.message,
          ),
          { cause: error },
        );
      }
    }
  }

  async #ask(request: ReadRequest, signal?: AbortSignal): Promise<ReadReply> {
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
    this.#failAll('ended');
  }

  dispose(): void {
    this.#isDisposed = true;
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
    worker.on('error', (error) => gone(error.message));
    worker.on('exit', (code) => gone(`exit code ${code}`));
    return worker;
  }

  #failAll(why: string): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new Gone(why));
  }
}

/**
 * The page's side of a door: typed requests that can be cancelled, events, and the state that VS Code keeps for a
 * page while it is hidden.
 */
import * as v from 'valibot';
import {
  fromHost,
  own,
  type Door,
  type EventName,
  type EventOf,
  type FailureCode,
  type FromHost,
  type FromPage,
  type Method,
  type ParametersOf,
  type ProgressOf,
  type ReplyOf,
} from './messages';

/** VS Code, as a page knows it (vsCode.ts). */
export interface PageHost {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
  /** Has somebody hear of all that VS Code sends. */
  listen(receive: (message: unknown) => void): void;
}

/** A request that failed; the message is a sentence for a person. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  constructor(
    readonly code: FailureCode,
    message: string,
  ) {
    super(message);
  }
}

export interface RequestOptions<Progress> {
  /** Ends the request at once, here and at the host. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

interface Pending {
  readonly method: string;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (failure: RequestFailure) => void;
  readonly onProgress: ((progress: unknown) => void) | undefined;
}

export class MessageBus<D extends Door> {
  readonly #host: PageHost;
  readonly #door: D;
  /** What is said when an answer is none. */
  readonly #misunderstood: string;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, (value: unknown) => void>();
  #lastId = 0;

  /** @param misunderstood a sentence for an answer that is not what the door says */
  constructor(host: PageHost, door: D, misunderstood: string) {
    this.#host = host;
    this.#door = door;
    this.#misunderstood = misunderstood;
    host.listen((data) => {
      const message = v.safeParse(fromHost, data);
      if (message.success) this.#receive(message.output);
    });
    host.postMessage({ kind: 'ready' });
  }

  /** @throws RequestFailure */
  request<M extends Method<D>>(
    method: M,
    parameters: ParametersOf<D, M>,
    { signal, onProgress }: RequestOptions<ProgressOf<D, M>> = {},
  ): Promise<ReplyOf<D, M>> {
    const id = ++this.#lastId;
    return new Promise<ReplyOf<D, M>>((resolve, reject) => {
      const cancelled = (): RequestFailure => new RequestFailure('cancelled', '');
      if (signal?.aborted === true) {
        reject(cancelled());
        return;
      }
      const abort = (): void => {
        this.#pending.delete(id);
        this.#host.postMessage({ kind: 'cancel', id });
        reject(cancelled());
      };
      const over = (): void => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      this.#pending.set(id, {
        method,
        resolve: (reply) => {
          over();
          resolve(reply);
        },
        reject: (failure) => {
          over();
          reject(failure);
        },
        onProgress: onProgress as ((progress: unknown) => void) | undefined,
      });
      this.#host.postMessage({ kind: 'request', id, method, parameters });
    });
  }

  /** Has one listener hear of an event, instead of the one before. */
  on<N extends EventName<D>>(name: N, listener: (value: EventOf<D, N>) => void): void {
    this.#listeners.set(name, listener);
  }

  #receive(message: FromHost): void {
    if (message.kind === 'event') {
      const schema = own(this.#door.events, message.name);
      const value = schema === undefined ? undefined : v.safeParse(schema, message.value);
      if (value?.success === true) this.#listeners.get(message.name)?.(value.output);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    const schemas = own(this.#door.requests, pending.method);
    if (message.kind === 'progress') {
      const progress =
        schemas?.progress === undefined ? undefined : v.safeParse(schemas.progress, message.progress);
      if (progress?.success === true) pending.onProgress?.(progress.output);
      return;
    }
    this.#pending.delete(message.id);
    if (message.kind === 'failure') {
      pending.reject(new RequestFailure(message.code, message.message));
      return;
    }
    const reply = schemas === undefined ? undefined : v.safeParse(schemas.reply, message.reply);
    if (reply?.success === true) pending.resolve(reply.output);
    else pending.reject(new RequestFailure('engine', this.#misunderstood));
  }
}

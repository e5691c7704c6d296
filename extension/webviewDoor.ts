/**
 * The host's side of a page's door: checks what comes, has it handled, answers. A page is no more to be trusted than a
 * file: what does not fit its schema changes nothing.
 */
import * as v from 'valibot';
import type { Webview } from 'vscode';
import {
  fromPage,
  own,
  type Door,
  type EventName,
  type EventOf,
  type FromHost,
  type Method,
  type ParametersOf,
  type ProgressOf,
  type ReplyOf,
} from '../webview/components/messages';
import { DisposableStore, type Disposable } from './disposable';
import { EngineError } from './engine/engineError';
import type { EngineLog } from './engine/engineLog';

export interface RequestContext<Progress> {
  /** Aborts when the page no longer wants the answer, or is gone. */
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Every request's handler. What they throw reaches the page as a sentence. */
export type PageHandlers<D extends Door> = {
  readonly [M in Method<D>]: (
    parameters: ParametersOf<D, M>,
    context: RequestContext<ProgressOf<D, M>>,
  ) => Promise<ReplyOf<D, M>>;
};

type AnyHandler = (parameters: unknown, context: RequestContext<unknown>) => Promise<unknown>;

export interface PageDoorOptions<D extends Door> {
  readonly webview: Webview;
  readonly door: D;
  readonly handlers: PageHandlers<D>;
  readonly log: EngineLog;
  /** A sentence for a request that the door does not know. Ours never makes one. */
  readonly misunderstood: string;
}

export class PageDoor<D extends Door> implements Disposable {
  readonly #options: PageDoorOptions<D>;
  readonly #running = new Map<number, AbortController>();
  readonly #store = new DisposableStore();

  constructor(options: PageDoorOptions<D>) {
    this.#options = options;
    this.#store.add(options.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
  }

  /** Tells the page. A page that is hidden may miss it: one that starts asks for what it needs. */
  tell<N extends EventName<D>>(name: N, value: EventOf<D, N>): void {
    this.#post({ kind: 'event', name, value });
  }

  /** Ends what runs for the page. */
  dispose(): void {
    this.#abortAll();
    this.#store.dispose();
  }

  #receive(data: unknown): void {
    const message = v.safeParse(fromPage, data);
    if (!message.success) {
      this.#options.log.debug('A page sent what is no message.');
      return;
    }
    switch (message.output.kind) {
      case 'ready':
        // The page before it is gone, and with it whoever waited.
        this.#abortAll();
        return;
      case 'cancel':
        this.#running.get(message.output.id)?.abort();
        return;
      case 'request':
        void this.#serve(message.output);
    }
  }

  async #serve({
    id,
    method,
    parameters,
  }: {
    id: number;
    method: string;
    parameters?: unknown;
  }): Promise<void> {
    const { door, handlers, misunderstood } = this.#options;
    const schemas = own(door.requests, method);
    const checked = schemas === undefined ? undefined : v.safeParse(schemas.parameters, parameters);
    if (checked?.success !== true || this.#running.has(id)) {
      this.#options.log.debug(`A page asked “${method}” as nobody asks.`);
      this.#post({ kind: 'failure', id, code: 'engine', message: misunderstood });
      return;
    }
    const controller = new AbortController();
    this.#running.set(id, controller);
    const handler = (handlers as unknown as Readonly<Record<string, AnyHandler>>)[method]!;
    try {
      const reply = await handler(checked.output, {
        signal: controller.signal,
        report: (progress) => {
          if (this.#running.get(id) === controller) this.#post({ kind: 'progress', id, progress });
        },
      });
      if (!controller.signal.aborted) this.#post({ kind: 'reply', id, reply });
    } catch (error) {
      if (!controller.signal.aborted) this.#post(this.#failure(id, error));
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  #failure(id: number, error: unknown): FromHost {
    if (error instanceof EngineError)
      return { kind: 'failure', id, code: error.code, message: error.message };
    const message = error instanceof Error ? error.message : String(error);
    // The message may quote the person's text, so the log gets it at a level that is off by default.
    this.#options.log.debug(error instanceof Error ? (error.stack ?? message) : message);
    return { kind: 'failure', id, code: 'engine', message };
  }

  #abortAll(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  #post(message: FromHost): void {
    void this.#options.webview.postMessage(message);
  }
}

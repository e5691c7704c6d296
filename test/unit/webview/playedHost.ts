/** A page's host that a test plays: it sees what the page asks for, and answers when the test says so. */
import type { PageHost } from '../../../webview/components/messageBus';
import type { FailureCode, FromHost, FromPage } from '../../../webview/components/messages';

type Request = Extract<FromPage, { kind: 'request' }>;

export class PlayedHost implements PageHost {
  /** What the page has asked for, answered or not. */
  readonly requests: Request[] = [];
  kept: unknown;
  readonly #waiting: Request[] = [];
  #receive: (message: unknown) => void = () => undefined;

  constructor(kept?: unknown) {
    this.kept = kept;
  }

  postMessage(message: FromPage): void {
    if (message.kind === 'request') {
      this.requests.push(message);
      this.#waiting.push(message);
    } else if (message.kind === 'cancel') {
      const at = this.#waiting.findIndex(({ id }) => id === message.id);
      if (at >= 0) this.#waiting.splice(at, 1);
    }
  }

  getState(): unknown {
    return this.kept;
  }

  setState(state: unknown): void {
    this.kept = state;
  }

  listen(receive: (message: unknown) => void): void {
    this.#receive = receive;
  }

  /** The parameters of all that was asked by a method. */
  asked(method: string): unknown[] {
    return this.requests.filter((request) => request.method === method).map(({ parameters }) => parameters);
  }

  /** How many requests of a method wait for an answer; those that the page has cancelled do not. */
  waiting(method: string): number {
    return this.#waiting.filter((request) => request.method === method).length;
  }

  /** Answers the first request of a method that waits. */
  async reply(method: string, reply: unknown): Promise<void> {
    this.#send({ kind: 'reply', id: this.#take(method), reply });
    await turn();
  }

  /** Refuses the first request of a method that waits. */
  async refuse(method: string, code: FailureCode, message = 'It did not work.'): Promise<void> {
    this.#send({ kind: 'failure', id: this.#take(method), code, message });
    await turn();
  }

  /** Refuses all requests of a method that wait, before the page gets to do anything. */
  async refuseAll(method: string, code: FailureCode): Promise<void> {
    while (this.waiting(method) > 0)
      this.#send({ kind: 'failure', id: this.#take(method), code, message: 'It did not work.' });
    await turn();
  }

  async tell(name: string, value: unknown): Promise<void> {
    this.#send({ kind: 'event', name, value });
    await turn();
  }

  #take(method: string): number {
    const at = this.#waiting.findIndex((request) => request.method === method);
    if (at < 0) throw new Error(`Nobody waits for “${method}”.`);
    return this.#waiting.splice(at, 1)[0]!.id;
  }

  #send(message: FromHost): void {
    this.#receive(message);
  }
}

/** Lets the page take in what it was sent; no clock goes on. */
async function turn(): Promise<void> {
  for (let count = 0; count < 20; count++) await Promise.resolve();
}

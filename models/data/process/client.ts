/** The owner's side of a corpus process: starts it, asks, listens, and notices its death. */
import { fork, type ChildProcess } from 'node:child_process';
import { UserError } from '../../userError';
import type { CorpusJobs, FedBatch, FeedParameters, FromProcess, Job, ReplyOf, ToProcess } from './door';

/** The process ended before its work did; killed from outside, or for want of memory. */
export class CorpusProcessEnded extends Error {
  override readonly name = 'CorpusProcessEnded';
}

/** A feed has no more batches to give, for what its cause says: a UserError, CorpusProcessEnded, or a fault of ours. */
export class FeedFailed extends Error {
  override readonly name = 'FeedFailed';

  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

export interface JobOptions {
  /** Ends the process at once; the promise is then rejected with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, of?: number) => void;
}

/** A process, its messages in order, and its end, after which no message comes. */
class CorpusProcess {
  private readonly child: ChildProcess;
  /** Rejects never. */
  readonly ended: Promise<void>;

  constructor(module: string, onMessage: (message: FromProcess) => void, onEnd: (error: Error) => void) {
    // Our own loader's arguments are not for it; typed arrays need the advanced serialisation.
    this.child = fork(module, [], { serialization: 'advanced', execArgv: [] });
    const { child } = this;
    child.on('message', (message) => onMessage(message as FromProcess));
    // After both, since messages still come in after the exit, and the channel may close before it.
    const disconnected = new Promise<void>((resolve) => child.once('disconnect', resolve));
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        onEnd(
          new CorpusProcessEnded(`The process that reads the corpus cannot be started: ${error.message}.`),
        );
        resolve();
      });
      child.once('exit', (code, signal) => {
        void disconnected.then(() => {
          const how = signal === null ? `with code ${code ?? 0}` : `by ${signal}`;
          onEnd(
            new CorpusProcessEnded(`The process that reads the corpus has ended ${how} before its time.`),
          );
          resolve();
        });
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(message: ToProcess): void {
    // Where it is gone, its end tells.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** An Error by the name that aborted work has everywhere. */
function stopped(): DOMException {
  return new DOMException('The work on the corpus was stopped.', 'AbortError');
}

function failure({ byInput, message }: Extract<FromProcess, { kind: 'failed' }>): Error {
  return byInput ? new UserError(message) : new Error(message);
}

/**
 * Does a job in a process of its own.
 *
 * @param module the corpus process's bundle (models/data/process/main.ts)
 * @throws UserError where input is at fault; CorpusProcessEnded where the process died
 */
export async function runJob<J extends Job>(
  module: string,
  job: J,
  parameters: CorpusJobs[J]['parameters'],
  { signal, onProgress }: JobOptions = {},
): Promise<ReplyOf<J>> {
  if (signal?.aborted === true) throw stopped();
  let child: CorpusProcess | undefined;
  const stop = (): void => void child?.kill();
  try {
    return await new Promise<ReplyOf<J>>((resolve, reject) => {
      const onMessage = (message: FromProcess): void => {
        if (message.kind === 'progress') onProgress?.(message.done, message.of);
        else if (message.kind === 'reply') resolve(message.value);
        else if (message.kind === 'failed') reject(failure(message));
      };
      child = new CorpusProcess(module, onMessage, (error) => {
        reject(signal?.aborted === true ? stopped() : error);
      });
      signal?.addEventListener('abort', stop, { once: true });
      child.send({ kind: 'job', job, parameters } as ToProcess);
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await child?.ended;
  }
}

/**
 * Batches without end from a process of their own, which works ahead. Where the process fails or dies, the batches that
 * it made before are still handed out; then `next` rejects with FeedFailed. To be closed by whoever opened it
 * (`for await` does so by itself).
 */
export class BatchFeed implements AsyncIterableIterator<FedBatch, undefined> {
  private readonly child: CorpusProcess;
  private readonly waiting: FedBatch[] = [];
  private error: FeedFailed | undefined;
  private wake: (() => void) | undefined;

  constructor(module: string, parameters: FeedParameters) {
    const fail = (error: Error): void => {
      this.error ??= new FeedFailed(error);
      this.wake?.();
    };
    this.child = new CorpusProcess(
      module,
      (message) => {
        if (message.kind === 'failed') fail(failure(message));
        if (message.kind !== 'batch') return;
        this.waiting.push(message.fed);
        this.wake?.();
      },
      fail,
    );
    this.child.send({ kind: 'feed', parameters });
  }

  /** The process's id. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** One at a time: a second call must wait for the first. */
  async next(): Promise<IteratorResult<FedBatch, undefined>> {
    for (;;) {
      const value = this.waiting.shift();
      if (value) {
        this.child.send({ kind: 'taken' });
        return { done: false, value };
      }
      if (this.error) throw this.error;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Ends the process. */
  async return(): Promise<IteratorResult<FedBatch, undefined>> {
    await this.child.kill();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

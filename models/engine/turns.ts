/**
 * One thing at a time: work waits until the work before it has settled. Who gives up while waiting
 * leaves at once, and is not started.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` after all the work that was handed in before.
   *
   * @throws what `work` throws, or the signal's reason when it aborts before `work` begins
   */
  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const turn = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    // The chain goes on whether or not this turn succeeds.
    this.#last = turn.catch(() => undefined);
    await abortable(signal, before);
    return turn;
  }
}

/**
 * Waits for a promise, but no longer than the signal allows. What the promise stands for goes on.
 *
 * @throws the signal's reason as soon as it aborts
 */
export function abortable<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

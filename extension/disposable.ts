/**
 * Things that must be put away, and a store that puts them away together.
 */
export interface Disposable {
  dispose(): unknown;
}

/** Something to put away that is only a function. */
export function toDisposable(dispose: () => void): Disposable {
  return { dispose };
}

/**
 * Disposes what it holds, the last first. What is added after that is disposed at once: an asynchronous
 * start that loses the race against the end leaks nothing, and its author need not think of it.
 */
export class DisposableStore implements Disposable {
  #held: Disposable[] = [];
  #disposed = false;

  /** Takes charge of `disposable` and hands it back. */
  add<T extends Disposable>(disposable: T): T {
    if (this.#disposed) disposable.dispose();
    else this.#held.push(disposable);
    return disposable;
  }

  /**
   * @throws AggregateError of what the held ones threw, after all of them have had their turn
   */
  dispose(): void {
    this.#disposed = true;
    const held = this.#held.reverse();
    this.#held = [];
    const errors: unknown[] = [];
    for (const disposable of held) {
      try {
        disposable.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Some things could not be disposed.');
  }
}

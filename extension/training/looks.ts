/** Looks at what others change: one at a time, and however many are asked for meanwhile, one after it. */
export class Looks {
  readonly #look: () => Promise<void>;
  readonly #breathMs: number;
  #inHand: Promise<void> | undefined;
  /** It has not begun: whoever asks before it does is served by it. */
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #endedAt = 0;
  /** Something has changed that the look in hand may not have seen. */
  #missed = false;
  #disposed = false;

  /** @param look never rejects @param breathMs between one look and the next that nobody waits for */
  constructor(look: () => Promise<void>, breathMs: number) {
    this.#look = look;
    this.#breathMs = breathMs;
  }

  /** Settles when what was there at the call has been seen. */
  now(): Promise<void> {
    return (this.#next ??= this.#follow());
  }

  /** Something has changed: it is looked at, after a breath. */
  soon(): void {
    if (this.#disposed) return;
    if (this.#inHand !== undefined) {
      this.#missed = true;
      return;
    }
    const wait = this.#endedAt + this.#breathMs - Date.now();
    this.#timer ??= setTimeout(() => void this.now(), Math.max(0, wait));
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #follow(): Promise<void> {
    await this.#inHand;
    this.#begin();
    await this.#look();
    this.#end();
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#inHand = this.#next;
    this.#next = undefined;
    this.#missed = false;
  }

  #end(): void {
    this.#inHand = undefined;
    this.#endedAt = Date.now();
    if (this.#missed) this.soon();
  }
}

/**
 * Translations that hovers have shown, so that the second look costs nothing: by what was asked, the least recently used
 * going first. A translation lives no longer than the model that made it.
 */

/** What is kept of a translation's origin. */
export interface Origin {
  /** The model's weights; empty where none was needed. */
  readonly modelId: string;
  /** `en → de` */
  readonly pair: string;
}

export class HoverCache<Value extends Origin> {
  /** The least recently used first. */
  readonly #entries = new Map<string, Value>();
  /** The model that was last seen at work, by pair. */
  readonly #models = new Map<string, string>();

  /** @param most entries */
  constructor(private readonly most: number) {}

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#forgetOtherModels(value);
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.most) break;
      this.#entries.delete(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  #forgetOtherModels({ modelId, pair }: Value): void {
    if (modelId === '' || this.#models.get(pair) === modelId) return;
    this.#models.set(pair, modelId);
    for (const [key, entry] of this.#entries) {
      if (entry.pair === pair && entry.modelId !== '' && entry.modelId !== modelId) this.#entries.delete(key);
    }
  }
}

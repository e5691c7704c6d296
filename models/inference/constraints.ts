/**
 * What a hypothesis may say next. Tokens that are no text are never said; each placeholder of the source is said
 * exactly once: one that is not missing is barred, and so is the end while one is.
 */
import { firstByteId } from '../text/reservedTokens';

export class Constraints {
  private readonly missing: Set<number>;

  /** @param placeholders ids of the placeholders that the source holds */
  constructor(
    placeholders: Iterable<number>,
    private readonly endToken: number,
  ) {
    this.missing = new Set(placeholders);
  }

  /** The placeholders that are still to be said. */
  get missingTokens(): ReadonlySet<number> {
    return this.missing;
  }

  allows(token: number): boolean {
    if (token === this.endToken) return this.missing.size === 0;
    // Of the reserved tokens before the bytes only placeholders stand for something in a text.
    return token >= firstByteId || this.missing.has(token);
  }

  /** As `allows` where there is room for nothing but the end and what is missing. */
  allowsAtTheEnd(token: number): boolean {
    return this.missing.size === 0 ? token === this.endToken : this.missing.has(token);
  }

  said(token: number): void {
    this.missing.delete(token);
  }
}

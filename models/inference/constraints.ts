/**
 * What a hypothesis may say next. Tokens that are no text are never said; each placeholder of the source is said
 * exactly once: one that is not missing is barred, and so is the end while one is. A value: hypotheses may share it.
 */
import { firstByteId } from '../text/reservedTokens';

export class Constraints {
  /** The placeholders that are still to be said. */
  readonly missingTokens: ReadonlySet<number>;

  /** @param placeholders ids of the placeholders that the source holds */
  constructor(
    placeholders: Iterable<number>,
    private readonly endToken: number,
  ) {
    this.missingTokens = new Set(placeholders);
  }

  allows(token: number): boolean {
    if (token === this.endToken) return this.missingTokens.size === 0;
    // Of the reserved tokens before the bytes only placeholders stand for something in a text.
    return token >= firstByteId || this.missingTokens.has(token);
  }

  /** Whether a token is the end, and may not be said yet. */
  isBarredEnd(token: number): boolean {
    return token === this.endToken && !this.allows(token);
  }

  /** As `allows` where there is room for nothing but the end and what is missing. */
  allowsAtTheEnd(token: number): boolean {
    return this.missingTokens.size === 0 ? token === this.endToken : this.missingTokens.has(token);
  }

  /** What may be said after this token. */
  said(token: number): Constraints {
    if (!this.missingTokens.has(token)) return this;
    return new Constraints(
      [...this.missingTokens].filter((missing) => missing !== token),
      this.endToken,
    );
  }
}

/**
 * What a hypothesis may say next. Tokens that are no text are never said; each placeholder of the source is said
 * exactly once: used ones are barred, and so is the end while one is missing.
 */
import {
  endId,
  firstByteId,
  isPlaceholder,
  paddingId,
  placeholderCount,
  placeholderToken,
  startId,
  unknownId,
} from '../text/reservedTokens';

/** Reserved tokens that are no text, except the end and placeholders, which depend on the hypothesis. */
const neverSaid: readonly number[] = Array.from({ length: firstByteId }, (_, id) => id).filter(
  (id) => id === paddingId || id === startId || id === unknownId || (id !== endId && !isPlaceholder(id)),
);

export class Constraints {
  private readonly missing: Set<number>;
  private readonly used = new Set<number>();
  private readonly others: ReadonlySet<number>;

  /** @param placeholders ids of the placeholders that the source holds */
  constructor(placeholders: Iterable<number>) {
    this.missing = new Set(placeholders);
    const all = Array.from({ length: placeholderCount }, (_, index) => placeholderToken(index));
    this.others = new Set([...neverSaid, ...all.filter((id) => !this.missing.has(id))]);
  }

  /** How many placeholders are still to be said. */
  get missingCount(): number {
    return this.missing.size;
  }

  missingTokens(): number[] {
    return [...this.missing];
  }

  allows(token: number): boolean {
    if (token >= firstByteId) return true;
    if (token === endId) return this.missing.size === 0;
    return !this.others.has(token) && !this.used.has(token);
  }

  /** As `allows` where there is room for nothing but the end and what is missing. */
  allowsAtTheEnd(token: number): boolean {
    return this.missing.size === 0 ? token === endId : this.missing.has(token);
  }

  said(token: number): void {
    if (this.missing.delete(token)) this.used.add(token);
  }
}

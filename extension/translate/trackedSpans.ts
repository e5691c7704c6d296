/**
 * Follows parts of a document while the document changes around them.
 */
import type { Span } from '../prose/prose';

/** A replacement of a part of a text, in the offsets of the text before it. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * Keeps the offsets of spans right while changes before or after them come in. A change that reaches into
 * a span disturbs it, for good. Text inserted right at a span's edge is outside of it.
 */
export class TrackedSpans {
  #spans: readonly Span[];
  #disturbed = false;

  constructor(spans: readonly Span[]) {
    this.#spans = spans;
  }

  /** Where the spans are now, in the order in which they were given. */
  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** Whether a change has reached into a span; its offsets then mean nothing. */
  get disturbed(): boolean {
    return this.#disturbed;
  }

  /**
   * Takes in changes that were made at once. All their offsets count in the text before any of them, so
   * their order does not matter.
   */
  apply(changes: readonly TextChange[]): void {
    this.#spans = this.#spans.map((span) => {
      let shift = 0;
      for (const { rangeOffset, rangeLength, text } of changes) {
        if (rangeOffset >= span.end) continue;
        if (rangeOffset + rangeLength <= span.start) shift += text.length - rangeLength;
        else this.#disturbed = true;
      }
      return { start: span.start + shift, end: span.end + shift };
    });
  }
}

// Parts that whoever asks for a translation wants back as they are, beyond what patterns find: names that the code
// around a comment gives, the target of a link, an interpolation.

import { unspaced } from './unspacedScripts';

interface Part {
  readonly start: number;
  readonly end: number;
}

const beginsAsWord = /^[\p{L}\p{M}\p{N}_]/u;
const endsAsWord = /[\p{L}\p{M}\p{N}_]$/u;
/** Begins, in a pattern with the flag u, what no word touches from the left, and ends what none touches from the right. */
export const notBehindWord = `(?<!(?![${unspaced}])[\\p{L}\\p{M}\\p{N}_])`;
export const notBeforeWord = `(?!(?![${unspaced}])[\\p{L}\\p{M}\\p{N}_])`;

const patterns = new WeakMap<readonly string[], RegExp | undefined>();

/**
 * Where the parts stand in a text: every occurrence, the longest where several begin, whole words where a part begins or
 * ends with one. In order, not overlapping; UTF-16 offsets.
 */
export function findKeptParts(text: string, keep: readonly string[]): Part[] {
  let pattern = patterns.get(keep);
  // A text is asked for as a whole and sentence by sentence.
  if (!patterns.has(keep)) patterns.set(keep, (pattern = patternOf(keep)));
  if (pattern === undefined) return [];
  return [...text.matchAll(pattern)].map(({ 0: part, index }) => ({
    start: index,
    end: index + part.length,
  }));
}

function patternOf(keep: readonly string[]): RegExp | undefined {
  const alternatives = [...new Set(keep)]
    .filter((part) => part !== '')
    .sort((a, b) => b.length - a.length)
    .map((part) => {
      const escaped = part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      const begins = beginsAsWord.test(part) ? notBehindWord : '';
      return begins + escaped + (endsAsWord.test(part) ? notBeforeWord : '');
    });
  return alternatives.length === 0 ? undefined : new RegExp(alternatives.join('|'), 'gu');
}

/** Spans found in two ways as one list: what overlaps becomes one span, of the kind that the larger part has. */
export function mergeSpans<T extends Part>(found: readonly T[], others: readonly T[]): T[] {
  if (others.length === 0) return [...found];
  const merged: T[] = [];
  for (const span of [...found, ...others].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else if (span.end > last.end) {
      const larger = span.end - span.start > last.end - last.start ? span : last;
      merged[merged.length - 1] = { ...larger, start: last.start, end: span.end };
    }
  }
  return merged;
}

// Parts that whoever asks for a translation wants back as they are, beyond what patterns find: names that the code
// around a comment gives, the target of a link, an interpolation.

import { unspaced } from './unspacedScripts';

interface Part {
  readonly start: number;
  readonly end: number;
}

const beginsAsWord = /^[\p{L}\p{M}\p{N}_]/u;
const endsAsWord = /[\p{L}\p{M}\p{N}_]$/u;
/** `_` of Markdown's `_very important_` is no word: it touches words, as `*` does. */
const hasWords = /[\p{L}\p{N}]/u;
/** Begins, in a pattern with the flag u, what no word touches from the left, and ends what none touches from the right. */
export const notBehindWord = `(?<!(?![${unspaced}])[\\p{L}\\p{M}\\p{N}_])`;
export const notBeforeWord = `(?!(?![${unspaced}])[\\p{L}\\p{M}\\p{N}_])`;
const leftBorder = new RegExp(notBehindWord, 'uy');
const rightBorder = new RegExp(notBeforeWord, 'uy');

/** Parts to look for. One pattern of them all would take time with each at every place, and cannot be of any length. */
interface Sought {
  readonly parts: ReadonlySet<string>;
  /** How long those are that begin with a character, each length once, the longest first. */
  readonly lengths: ReadonlyMap<string, readonly number[]>;
}

const known = new WeakMap<readonly string[], Sought>();

/**
 * Where the parts stand in a text: every occurrence, the longest where several begin, whole words where a part begins or
 * ends with one. In order, not overlapping; UTF-16 offsets.
 */
export function findKeptParts(text: string, keep: readonly string[]): Part[] {
  if (keep.length === 0) return [];
  // A text is asked for as a whole and sentence by sentence.
  const sought = known.get(keep) ?? soughtOf(keep);
  known.set(keep, sought);
  const found: Part[] = [];
  for (let start = 0; start < text.length;) {
    const first = characterAt(text, start);
    const length = sought.lengths.get(first)?.find((long) => isKept(text, start, start + long, sought.parts));
    if (length !== undefined) found.push({ start, end: start + length });
    start += length ?? first.length;
  }
  return found;
}

function soughtOf(keep: readonly string[]): Sought {
  const parts = new Set(keep.filter((part) => part !== ''));
  const lengths = new Map<string, Set<number>>();
  for (const part of [...parts].sort((a, b) => b.length - a.length)) {
    const first = characterAt(part, 0);
    lengths.set(first, (lengths.get(first) ?? new Set()).add(part.length));
  }
  return { parts, lengths: new Map([...lengths].map(([first, of]) => [first, [...of]])) };
}

function isKept(text: string, start: number, end: number, parts: ReadonlySet<string>): boolean {
  const part = text.slice(start, end);
  if (end > text.length || !parts.has(part) || isInCharacter(text, end)) return false;
  if (!hasWords.test(part)) return true;
  return (
    (!beginsAsWord.test(part) || holdsAt(leftBorder, text, start)) &&
    (!endsAsWord.test(part) || holdsAt(rightBorder, text, end))
  );
}

function holdsAt(border: RegExp, text: string, place: number): boolean {
  border.lastIndex = place;
  return border.test(text);
}

function characterAt(text: string, place: number): string {
  return String.fromCodePoint(text.codePointAt(place)!);
}

/** Between the two halves of a character beyond U+FFFF. */
function isInCharacter(text: string, place: number): boolean {
  return (text.codePointAt(place - 1) ?? 0) > 0xffff;
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

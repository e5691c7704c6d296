// Takes out of a text what must survive byte for byte (format specifiers, tags, URLs, identifiers, …), and puts it
// back. What a model sees instead are the placeholders `<x0>` … `<x15>`.

import { findKeptParts, mergeSpans } from './keptParts';
import { fusePieces } from './pieces';
import type { Piece } from './pieces';
import { isPlaceholder, placeholderCount, placeholderIndex } from './reservedTokens';
import { endOfPlainWords, endOfWord, matchSpan } from './spanPatterns';
import type { SpanKind } from './spanPatterns';
import type { Encoding } from './vocabulary';

export type { SpanKind } from './spanPatterns';

/** A protected part of a text, in UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: SpanKind;
}

/**
 * The protected spans of a text, in order, not overlapping. Time is linear in the text's length.
 *
 * @param keep parts to protect besides what the patterns find (keptParts.ts)
 */
export function findProtectedSpans(text: string, keep: readonly string[] = []): Span[] {
  const kept = findKeptParts(text, keep).map((part): Span => ({ ...part, kind: 'kept' }));
  return mergeSpans(joinSpans(text, findBySight(text)), kept);
}

/** What a program or a person puts together: a host and its port, a width and a height. */
const joinedKinds: ReadonlySet<SpanKind> = new Set([
  'printf',
  'brace',
  'variable',
  'path',
  'version',
  'value',
]);
const joints: ReadonlySet<string> = new Set(['', ':', '@', '/', '=', '-', '.', 'x']);
/** A port, or a line and a column. */
const numbersBehind = /(?::\d{1,6}){1,2}(?!:?\w)/y;
/** The end of a line, and GCC's quotes, which are the text's own. */
const standsAlone = /^%[n<>']$/;

/** `{host}:{port}`, `%dx%d`, `main.c:12`: one span where no white space parts them, lest a model puts words between. */
function joinSpans(text: string, spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    const end = endWithNumbers(text, span);
    if (last !== undefined && isJoined(text, last, span)) joined[joined.length - 1] = { ...last, end };
    else joined.push({ ...span, end });
  }
  return joined;
}

function isJoined(text: string, last: Span, next: Span): boolean {
  const mayJoin = ({ kind, start, end }: Span): boolean =>
    joinedKinds.has(kind) && !standsAlone.test(text.slice(start, end));
  if (!mayJoin(last) || !mayJoin(next)) return false;
  return joints.has(text.slice(last.end, next.start));
}

function endWithNumbers(text: string, { kind, end }: Span): number {
  numbersBehind.lastIndex = end;
  return joinedKinds.has(kind) && numbersBehind.test(text) ? numbersBehind.lastIndex : end;
}

function findBySight(text: string): Span[] {
  const spans: Span[] = [];
  for (let place = 0; place < text.length;) {
    place = endOfPlainWords(text, place);
    const found = matchSpan(text, place, spans.at(-1)?.end === place);
    if (found) {
      spans.push({ start: place, ...found });
      place = found.end;
      continue;
    }
    const end = endOfWord(text, place);
    place = end > place ? end : place + ((text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1);
  }
  return spans;
}

/** A text, or a part of one, with its protected spans taken out. */
export interface ProtectedText {
  /** Where in the whole text this part begins and ends, in UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** The text with the k-th span as placeholder k. */
  readonly pieces: readonly Piece[];
  /** What the placeholders stand for. */
  readonly spans: readonly string[];
  /**
   * Where the tokens of `pieces` stand in the whole text: the offsets of an encoding of them, with each placeholder's
   * span in its place.
   */
  originalOffsets(encoding: Encoding): [start: number, end: number][];
}

/**
 * Protects a text for translating: every span becomes a placeholder, in order of appearance. A text with more than 16
 * is cut, at the border of a sentence, else of a clause, else of a word. The parts follow each other without a gap.
 */
export function protect(text: string, keep: readonly string[] = []): ProtectedText[] {
  const spans = findProtectedSpans(text, keep);
  const parts: ProtectedText[] = [];
  let start = 0;
  let first = 0;
  while (spans.length - first > placeholderCount) {
    const cut = findCut(text, spans.slice(first, first + placeholderCount + 1));
    let next = first;
    while (spans[next]!.start < cut) next++;
    parts.push(protectPart(text, start, cut, spans.slice(first, next)));
    start = cut;
    first = next;
  }
  parts.push(protectPart(text, start, text.length, spans.slice(first)));
  return parts;
}

/** Where to cut after the first of 17 spans and not after the start of the last; the latest of the best borders. */
function findCut(text: string, spans: readonly Span[]): number {
  const closing = '[\\p{Pe}\\p{Pf}"\']*';
  const borders = [
    new RegExp(`[.!?]${closing}\\s+|[。！？]${closing}\\s*|\\n+`, 'gu'),
    /[,;:]\s+|[，；：、]\s*/gu,
    /\s+/gu,
  ];
  for (const border of borders) {
    for (let gap = spans.length - 1; gap > 0; gap--) {
      const start = spans[gap - 1]!.end;
      const between = text.slice(start, spans[gap]!.start);
      const last = [...between.matchAll(border)].at(-1);
      if (last) return start + last.index + last[0].length;
    }
  }
  return spans.at(-1)!.start;
}

function protectPart(text: string, start: number, end: number, spans: readonly Span[]): ProtectedText {
  const pieces: Piece[] = [];
  let place = start;
  spans.forEach((span, placeholder) => {
    pieces.push(text.slice(place, span.start), { placeholder });
    place = span.end;
  });
  pieces.push(text.slice(place, end));
  const texts = spans.map((span) => text.slice(span.start, span.end));
  return {
    start,
    end,
    pieces: fusePieces(pieces),
    spans: texts,
    originalOffsets: (encoding) => restoredOffsets(encoding, texts, start),
  };
}

/**
 * Where tokens stand in the restored text, which itself begins at `start`: in the encoding a placeholder has length 0;
 * here it has that of its span, and what follows moves on.
 */
export function restoredOffsets(
  { ids, offsets }: Encoding,
  spans: readonly string[],
  start = 0,
): [start: number, end: number][] {
  let shift = start;
  return ids.map((id, index) => {
    const [from, to] = offsets[index]!;
    const before = shift;
    if (isPlaceholder(id)) shift += spans[placeholderIndex(id)]?.length ?? 0;
    return [from + before, to + shift];
  });
}

/**
 * A translation that somebody else has made of a protected text, as the model would have said it: what equals one of
 * the text's spans, the k-th occurrence with the k-th, is its placeholder; everything else is text.
 */
export function protectTranslation(translation: string, spans: readonly string[]): Piece[] {
  const waiting = new Map<string, number[]>();
  spans.forEach((span, placeholder) => waiting.set(span, [...(waiting.get(span) ?? []), placeholder]));
  const numbered = findProtectedSpans(translation, spans).flatMap((span) => {
    const placeholder = waiting.get(translation.slice(span.start, span.end))?.shift();
    return placeholder === undefined ? [] : [{ span, placeholder }];
  });
  return replaceSpans(translation, numbered);
}

/**
 * Protects a pair for training. Only spans that both sides hold, the k-th occurrence with the k-th, become
 * placeholders, so that the model learns to carry every one over; the first 16 of the source, the rest stays text.
 * They are numbered in the source's order from `offset` on, modulo 16, so that all sixteen can be trained.
 */
export function protectPair(
  source: string,
  target: string,
  offset = 0,
): { source: Piece[]; target: Piece[]; count: number } {
  const targetSpans = findProtectedSpans(target);
  const waiting = new Map<string, Span[]>();
  for (const span of targetSpans) {
    const text = target.slice(span.start, span.end);
    const same = waiting.get(text);
    if (same) same.push(span);
    else waiting.set(text, [span]);
  }
  const numbered: { source: Span; target: Span; placeholder: number }[] = [];
  for (const span of findProtectedSpans(source)) {
    if (numbered.length === placeholderCount) break;
    const match = waiting.get(source.slice(span.start, span.end))?.shift();
    if (!match) continue;
    numbered.push({
      source: span,
      target: match,
      placeholder: (numbered.length + offset) % placeholderCount,
    });
  }
  return {
    source: replaceSpans(
      source,
      numbered.map(({ source: span, placeholder }) => ({ span, placeholder })),
    ),
    target: replaceSpans(
      target,
      numbered.map(({ target: span, placeholder }) => ({ span, placeholder })),
    ),
    count: numbered.length,
  };
}

function replaceSpans(text: string, numbered: readonly { span: Span; placeholder: number }[]): Piece[] {
  const pieces: Piece[] = [];
  let place = 0;
  for (const { span, placeholder } of [...numbered].sort((a, b) => a.span.start - b.span.start)) {
    pieces.push(text.slice(place, span.start), { placeholder });
    place = span.end;
  }
  pieces.push(text.slice(place));
  return fusePieces(pieces);
}

/** The text of some pieces with their spans put back, byte for byte. An Error for a placeholder without a span. */
export function restore(pieces: readonly Piece[], spans: readonly string[]): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const span = spans[piece.placeholder];
      if (span === undefined) {
        throw new Error(
          `The placeholder <x${piece.placeholder}> stands for nothing: the text holds ${spans.length} protected spans.`,
        );
      }
      return span;
    })
    .join('');
}

/**
 * A text as the segments that the model translates one by one, and what stands between them and stays as it is.
 * Lines are kept apart; a line is cut into sentences, and those into parts with at most 16 protected spans and not
 * more tokens than the model was trained on.
 */
import type { Piece } from '../text/pieces';
import { protect } from '../text/protectedSpans';
import { splitSentences } from '../text/sentences';

export interface Segment {
  /** What the model reads: text with placeholders, without white space at its ends. */
  readonly pieces: readonly Piece[];
  /** What the placeholders stand for. */
  readonly spans: readonly string[];
}

/** Text that stays, or a segment to translate. */
export type Part = string | Segment;

/** The parts one after the other are the text. `isTooLong` says of pieces that the model could not take them. */
export function splitIntoParts(text: string, language: string, isTooLong: (pieces: readonly Piece[]) => boolean): Part[] {
  const parts: Part[] = [];
  // Odd elements are line breaks.
  text.split(/(\r\n|[\n\r\u2028\u2029])/u).forEach((line, index) => {
    if (index % 2 === 1) parts.push(line);
    else parts.push(...splitLine(line, language, isTooLong));
  });
  return parts.filter((part) => part !== '');
}

function splitLine(line: string, language: string, isTooLong: (pieces: readonly Piece[]) => boolean): Part[] {
  const parts: Part[] = [];
  let place = 0;
  for (const { start, end } of splitSentences(line, language)) {
    parts.push(line.slice(place, start), ...splitSentence(line.slice(start, end), isTooLong));
    place = end;
  }
  parts.push(line.slice(place));
  return parts;
}

function splitSentence(sentence: string, isTooLong: (pieces: readonly Piece[]) => boolean): Part[] {
  return protect(sentence).flatMap(({ start, end, pieces, spans }) => {
    const text = sentence.slice(start, end);
    if (!hasWords(pieces)) return [text];
    const cut = isTooLong(pieces) ? middleBorder(text) : undefined;
    if (cut !== undefined) return [text.slice(0, cut), text.slice(cut)].flatMap((half) => splitSentence(half, isTooLong));
    const [before, after] = outerWhiteSpace(text);
    return [before, { pieces: trimPieces(pieces), spans }, after];
  });
}

function hasWords(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => typeof piece === 'string' && /[\p{L}\p{N}]/u.test(piece));
}

/** Where to cut a long text: after the clause that ends nearest to its middle, else after the nearest word, else there. */
function middleBorder(text: string): number | undefined {
  if (text.length < 2) return undefined;
  const middle = text.length / 2;
  for (const border of [/[,;:，；：、]\s*/gu, /\s+/gu]) {
    const ends = [...text.matchAll(border)].map((match) => match.index + match[0].length);
    const inside = ends.filter((end) => end > 0 && end < text.length);
    if (inside.length > 0) return inside.reduce((a, b) => (Math.abs(b - middle) < Math.abs(a - middle) ? b : a));
  }
  const half = Math.floor(middle);
  // Not between the halves of a surrogate pair.
  return /[\uD800-\uDBFF]/.test(text[half - 1]!) ? half + 1 : half;
}

function outerWhiteSpace(text: string): [before: string, after: string] {
  return [/^\s*/u.exec(text)![0], /\s*$/u.exec(text)![0]];
}

function trimPieces(pieces: readonly Piece[]): Piece[] {
  const trimmed = [...pieces];
  const [first, last] = [trimmed[0], trimmed.at(-1)];
  if (typeof first === 'string') trimmed[0] = first.trimStart();
  if (typeof last === 'string') trimmed[trimmed.length - 1] = (trimmed.at(-1) as string).trimEnd();
  return trimmed;
}

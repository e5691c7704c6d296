/**
 * A text as the segments that the model translates one by one, and what stands between them and stays as it is.
 * Lines and columns are kept apart; each is cut into sentences, and those into parts with at most 16 protected spans and not
 * more tokens than the model was trained on.
 */
import { calmPieces, inCapitals } from '../text/capitals';
import { withChanges, type Change } from '../text/changes';
import { findKeptParts } from '../text/keptParts';
import { findMnemonic } from '../text/mnemonics';
import { fusePieces, type Piece } from '../text/pieces';
import { placeholderCount } from '../text/reservedTokens';
import { findProtectedSpans, protect, restore } from '../text/protectedSpans';
import { splitSentences } from '../text/sentences';
import { veil } from '../text/veiledSpans';
import type { PiecesOf } from '../text/vocabulary';

export interface Segment {
  /** What the model reads: text with placeholders, without white space at its ends. */
  readonly pieces: readonly Piece[];
  /** What the placeholders stand for. */
  readonly spans: readonly string[];
  /** The text is in capitals, and `pieces` as a sentence is written; missing where not. */
  readonly inCapitals?: true;
  /** What puts the mark of a label's key back into the text of `pieces`; missing where it has none. */
  readonly mnemonic?: Change;
}

/** The segment as it stands in the text. */
export function sourceOf({ pieces, spans, inCapitals: isLoud, mnemonic }: Segment): string {
  const read = isLoud
    ? pieces.map((piece) => (typeof piece === 'string' ? inCapitals(piece) : piece))
    : pieces;
  return withChanges(restore(read, spans), mnemonic ? [mnemonic] : []);
}

/** Text that stays, or a segment to translate. */
export type Part = string | Segment;

/** What of pieces the model could not take, and which parts are protected besides what patterns find. */
export interface SplitRules {
  readonly isTooLong: (pieces: readonly Piece[]) => boolean;
  readonly keep: readonly string[];
  readonly piecesOf: PiecesOf;
}

/**
 * The segment with further parts of its text as protected spans, each where it stands as whole words, as far as there
 * are placeholders for them; none where it would be the same.
 */
export function protectMore(segment: Segment, keep: readonly string[]): Segment | undefined {
  const { pieces, spans } = segment;
  const held: { pieces: Piece[]; spans: string[] } = { pieces: [], spans: [] };
  let left = placeholderCount - spans.length;
  const hold = (span: string): void => {
    held.pieces.push({ placeholder: held.spans.length });
    held.spans.push(span);
  };
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      hold(spans[piece.placeholder]!);
      continue;
    }
    let place = 0;
    for (const { start, end } of findKeptParts(piece, keep)) {
      if (left === 0) break;
      left--;
      held.pieces.push(piece.slice(place, start));
      hold(piece.slice(start, end));
      place = end;
    }
    held.pieces.push(piece.slice(place));
  }
  if (held.spans.length === spans.length || !hasWords(held.pieces)) return undefined;
  return { ...segment, pieces: fusePieces(held.pieces), spans: held.spans };
}

/** The parts one after the other are the text. */
export function splitIntoParts(text: string, language: string, rules: SplitRules): Part[] {
  return splitAtGaps(text, rules.keep)
    .flatMap((line, index) => (index % 2 === 0 ? splitLine(line, language, rules) : [line]))
    .filter((part) => part !== '');
}

/** What parts more than words: the lines of a text, and the columns of a line. */
const gaps = /\r\n|[\n\r\u2028\u2029]|\t+| {3,}/gu;

/** Columns and the gaps between them in turn. One inside a protected span, as of a tag over two lines, parts nothing. */
function splitAtGaps(text: string, keep: readonly string[]): string[] {
  const spans = findProtectedSpans(text, keep);
  const columns: string[] = [];
  let place = 0;
  let next = 0;
  for (const { index, 0: gap } of text.matchAll(gaps)) {
    while (next < spans.length && spans[next]!.end <= index) next++;
    if (next < spans.length && spans[next]!.start < index) continue;
    columns.push(text.slice(place, index), gap);
    place = index + gap.length;
  }
  return [...columns, text.slice(place)];
}

function splitLine(line: string, language: string, rules: SplitRules): Part[] {
  let place = 0;
  const sentences = splitSentences(line, language, rules.keep);
  const parts = sentences.flatMap(({ start, end }) => {
    const before = line.slice(place, start);
    place = end;
    return [before, ...splitSentence(line.slice(start, end), rules, sentences.length === 1)];
  });
  return [...parts, line.slice(place)];
}

/** @param isAlone in its line or column, as labels are */
function splitSentence(sentence: string, rules: SplitRules, isAlone: boolean): Part[] {
  return protect(sentence, rules.keep).flatMap(({ start, end, pieces, spans }) => {
    const text = sentence.slice(start, end);
    if (!hasWords(pieces)) return [text];
    const cut = rules.isTooLong(pieces) ? middleBorder(text, rules.keep) : undefined;
    if (cut !== undefined)
      return [text.slice(0, cut), text.slice(cut)].flatMap((half) => splitSentence(half, rules, false));
    const [before, after] = outerWhiteSpace(text);
    return [before, segmentOf(trimPieces(pieces), spans, rules.piecesOf, isAlone), after];
  });
}

function segmentOf(
  pieces: readonly Piece[],
  spans: readonly string[],
  piecesOf: PiecesOf,
  mayBeLabel: boolean,
): Segment {
  const isLabel = mayBeLabel && !spans.some((span) => span.includes('&'));
  const mnemonic = isLabel ? findMnemonic(veil(pieces, spans), piecesOf) : undefined;
  const read = mnemonic ? withoutMark(pieces, mnemonic.as) : pieces;
  const calm = calmPieces(read, piecesOf);
  return {
    ...{ pieces: calm ?? read, spans },
    ...(calm && { inCapitals: true }),
    ...(mnemonic && { mnemonic }),
  };
}

/** @param mark stands in the pieces once */
function withoutMark(pieces: readonly Piece[], mark: string): Piece[] {
  return fusePieces(pieces.map((piece) => (typeof piece === 'string' ? piece.replace(mark, '') : piece)));
}

function hasWords(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => typeof piece === 'string' && /[\p{L}\p{N}]/u.test(piece));
}

/**
 * Where to cut a long text: after the clause that ends nearest to its middle, else after the nearest word, else as near
 * as can be; never inside a protected span or a character.
 */
function middleBorder(text: string, keep: readonly string[]): number | undefined {
  const spans = findProtectedSpans(text, keep);
  const mayCut = (place: number): boolean =>
    place > 0 &&
    place < text.length &&
    !(/[\uD800-\uDBFF]/.test(text[place - 1]!) && /[\uDC00-\uDFFF]/.test(text[place]!)) &&
    !spans.some(({ start, end }) => start < place && place < end);
  const half = Math.floor(text.length / 2);
  const candidates = [
    endsOf(/[,;:，；：、]\s*/gu, text),
    endsOf(/\s+/gu, text),
    [half, half + 1, ...spans.flatMap(({ start, end }) => [start, end])],
  ];
  const places = candidates.map((group) => group.filter(mayCut)).find((group) => group.length > 0);
  return places?.reduce((a, b) => (Math.abs(b - half) < Math.abs(a - half) ? b : a));
}

function endsOf(pattern: RegExp, text: string): number[] {
  return [...text.matchAll(pattern)].map((match) => match.index + match[0].length);
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

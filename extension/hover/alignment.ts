/**
 * Attention as people can read it: the mean of all heads, the bytes of a character taken together, and in long sentences
 * the pieces of a word.
 */
import type { ObservedToken, ReplyOf } from '../../models/engine/protocol';
import { mostTokens, strongest, type AttentionMap } from './attentionPicture';

export interface Alignment extends AttentionMap {
  /** Pieces of a word stand together. */
  readonly words: boolean;
}

/** With more pieces than this, words are easier to read, and few of their pieces say much by themselves. */
const mostPieces = 24;

/** A text and its tokens. */
export interface TokenisedText {
  readonly text: string;
  readonly tokens: readonly ObservedToken[];
}

/** Tokens that stand together, by their indices. */
interface Group {
  label: string;
  readonly tokens: number[];
}

/**
 * Where in the source the model looked for what it said, piece by piece or word by word.
 *
 * @param weights cross attention, of one layer or the mean of them
 * @returns undefined where there is too much for a picture
 */
export function alignmentOf(
  source: TokenisedText,
  target: TokenisedText,
  weights: ReplyOf<'attention'>,
): Alignment | undefined {
  const pieces = { rows: piecesOf(target), columns: piecesOf(source) };
  const words = Math.max(pieces.rows.length, pieces.columns.length) > mostPieces;
  const { rows, columns } = words
    ? { rows: wordsOf(target, pieces.rows), columns: wordsOf(source, pieces.columns) }
    : pieces;
  if (Math.max(rows.length, columns.length) > mostTokens) return undefined;
  return {
    rows: rows.map(({ label }) => label),
    columns: columns.map(({ label }) => label),
    weights: merged(weights, rows, columns),
    words,
  };
}

/** What each row attends to most, for those who see no picture: `Datei ← file`. */
export function inWords({ rows, columns, weights }: AttentionMap): string {
  return rows
    .slice(0, -1)
    .map((row, index) => `${row} ← ${columns[strongest(weights, index, columns.length)]!}`)
    .join(', ');
}

const end = '</s>';
const space = '▁';

/** Piece by piece. The bytes of a character are one, and a space of its own belongs to what follows it. */
function piecesOf({ text, tokens }: TokenisedText): Group[] {
  const groups: Group[] = [];
  let isSpace = false;
  tokens.forEach((token, index) => {
    const last = groups.at(-1);
    const label = labelOf(text, token, index);
    if (last !== undefined && sharesPlace(tokens[index - 1]!, token)) {
      last.tokens.push(index);
    } else if (last !== undefined && isSpace && token.text !== end) {
      last.label = withoutDot(label);
      last.tokens.push(index);
    } else {
      groups.push({ label, tokens: [index] });
    }
    isSpace = token.text === space;
  });
  return groups;
}

/** Two bytes of one character. */
function sharesPlace(one: ObservedToken, other: ObservedToken): boolean {
  return (
    isByte(one) && isByte(other) && one.end > one.start && one.start === other.start && one.end === other.end
  );
}

function isByte({ text }: ObservedToken): boolean {
  return /^<0x[0-9A-F]{2}>$/.test(text);
}

/** Plain where a word begins, after a dot where it goes on. */
function labelOf(text: string, token: ObservedToken, index: number): string {
  const written = isByte(token) ? text.slice(token.start, token.end) : token.text;
  const shown = written.replaceAll(space, ' ').trim();
  if (shown === '') return '␣';
  const goesOn = index > 0 && token.text !== end && !written.startsWith(space) && isLetters(shown);
  return goesOn ? `${wordGoesOn}${shown}` : shown;
}

const wordGoesOn = '·';

function withoutDot(label: string): string {
  return label.startsWith(wordGoesOn) && label.length > 1 ? label.slice(wordGoesOn.length) : label;
}

function isLetters(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}_]+$/u.test(text);
}

/** Scripts that put no space between words: what the vocabulary has as a piece is as good a word as any. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Pieces that follow each other within a word. */
function wordsOf({ tokens }: TokenisedText, pieces: readonly Group[]): Group[] {
  const words: Group[] = [];
  let isOpen = false;
  for (const { label, tokens: places } of pieces) {
    const shown = withoutDot(label);
    const goesOn = shown !== label;
    const last = words.at(-1);
    if (last !== undefined && isOpen && goesOn && !unspaced.test(shown)) {
      last.label += shown;
      last.tokens.push(...places);
    } else words.push({ label: shown, tokens: [...places] });
    isOpen = isLetters(shown) && tokens[places.at(-1)!]!.text !== end;
  }
  return words;
}

/** Of what was read the sum, of what was said the mean (as in Clark et al. 2019, §4.1), so that rows still sum to 1. */
function merged(
  { heads, queries, keys, weights }: ReplyOf<'attention'>,
  rows: readonly Group[],
  columns: readonly Group[],
): Float32Array {
  const map = new Float32Array(rows.length * columns.length);
  rows.forEach((row, rowIndex) => {
    columns.forEach((column, columnIndex) => {
      let sum = 0;
      for (let head = 0; head < heads; head++) {
        for (const query of row.tokens) {
          for (const key of column.tokens) sum += weights[(head * queries + query) * keys + key]!;
        }
      }
      map[rowIndex * columns.length + columnIndex] = sum / (heads * row.tokens.length);
    });
  });
  return map;
}

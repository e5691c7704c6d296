/**
 * A string in pieces: what it says, with escape sequences read, and what stays as it is.
 */
import type { Escaping } from './escaping';
import { withPlainLineEndings } from './prose';
import type { StringPart } from './reading/regions';

/** A part of a string: what it says, or what stays as it is. */
export interface Piece {
  readonly kind: 'said' | 'kept';
  /** It is an escape sequence that has been read. */
  readonly isEscape?: boolean;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A line break, with the indentation of the next line. */
const lineBreakPattern = /^(?:\r\n|\n|\r)[ \t]*/;

/**
 * Parts as they are meant: Rust's grammar parts the backslash from what it escapes, and others part it from the line
 * break behind it, over which the string goes on.
 */
export function wholeParts(source: string, parts: readonly StringPart[]): StringPart[] {
  const whole: StringPart[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    const begun = last === undefined || last.kind === 'text' ? '' : source.slice(last.start, last.end);
    const isBegun = begun === '\\' || (/^\\[ux]/.test(begun) && source[part.start] !== '\\');
    const indented =
      begun === '\\' ? lineBreakPattern.exec(source.slice(part.start, part.end))?.[0] : undefined;
    if (last !== undefined && indented !== undefined) {
      const end = part.start + indented.length;
      whole[whole.length - 1] = { kind: 'hole', start: last.start, end };
      if (end < part.end) whole.push({ ...part, start: end });
    } else if (last?.kind === 'escape' && part.kind === 'escape' && isBegun) {
      whole[whole.length - 1] = { ...last, end: part.end };
    } else {
      whole.push(part);
    }
  }
  return whole;
}

export interface ReadingRules {
  readonly escaping: Escaping;
  /** Line breaks of the source are spaces. */
  readonly isYaml: boolean;
}

/** A string's parts, with escape sequences read. */
export function piecesOf(
  source: string,
  parts: readonly StringPart[],
  { escaping, isYaml }: ReadingRules,
): Piece[] {
  return wholeParts(source, parts).flatMap(({ kind, start, end }): Piece[] => {
    const raw = source.slice(start, end);
    if (kind === 'hole') return [{ kind: 'kept', start, end, text: withPlainLineEndings(raw) }];
    if (kind === 'escape') {
      const text = escaping.decode(raw);
      return [
        text === undefined
          ? { kind: 'kept', start, end, text: raw }
          : { kind: 'said', isEscape: true, start, end, text },
      ];
    }
    // A backslash that the grammar takes for nothing stays with what follows it, be it a line break.
    const pieces: Piece[] = [];
    let place = start;
    for (const match of raw.matchAll(/\\(?:(?:\r\n|\n|\r)[ \t]*|\S)?|[^\\]+/g)) {
      const next = place + match[0].length;
      const isKept = match[0].startsWith('\\');
      const text = withPlainLineEndings(match[0]);
      const said = isYaml ? unfolded(text) : text;
      pieces.push({ kind: isKept ? 'kept' : 'said', start: place, end: next, text: isKept ? text : said });
      place = next;
    }
    return pieces;
  });
}

/** A line break is a space, and a blank line is a line break. */
function unfolded(text: string): string {
  return text.replace(/[ \t]*\n[ \t\n]*/g, (breaks) => '\n'.repeat(breaks.split('\n').length - 2) || ' ');
}

/**
 * How a string ends its lines, where it does so by escape sequences alone. Windows' `\r\n` is one if there is no other;
 * else a `\r` stays where it is.
 */
export function withLineBreaks(pieces: readonly Piece[]): { pieces: Piece[]; lineBreak?: string } {
  const ways = new Set<string>();
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const isReturned = piece.isEscape === true && piece.text === '\n' && last?.text === '\\r';
    if (piece.kind === 'said' && piece.text.includes('\n'))
      ways.add(isReturned ? '\\r\\n' : piece.isEscape === true ? '\\n' : '\n');
    if (isReturned) joined[joined.length - 1] = { ...piece, start: last.start };
    else joined.push(piece);
  }
  const [way] = ways;
  if (way === undefined || ways.has('\n')) return { pieces: [...pieces] };
  return ways.size === 1 ? { pieces: joined, lineBreak: way } : { pieces: [...pieces], lineBreak: '\\n' };
}

/** Without white space at the ends. */
export function trimmed(source: string, pieces: readonly Piece[]): Piece[] {
  const left = [...pieces];
  const isBlank = ({ kind, text }: Piece): boolean =>
    (kind === 'said' && text.trim() === '') || text === '\\r' || /^\\\n[ \t]*$/.test(text);
  while (left.length > 0 && isBlank(left[0]!)) left.shift();
  while (left.length > 0 && isBlank(left.at(-1)!)) left.pop();
  return left.map((piece, index) => {
    if (piece.kind === 'kept' || piece.isEscape === true) return piece;
    let { start, end, text } = piece;
    if (index === 0) {
      while (/\s/.test(source[start]!)) start++;
      text = text.trimStart();
    }
    if (index === left.length - 1) {
      while (/\s/.test(source[end - 1]!)) end--;
      text = text.trimEnd();
    }
    return { ...piece, start, end, text };
  });
}

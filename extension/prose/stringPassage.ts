/**
 * A string as a passage: what it says, with escape sequences read; interpolations and placeholders stay. A translation is
 * escaped again for the string that it goes into; one that the string cannot hold is not put in.
 */
import { escapingOf } from './escaping';
import { bringsNoMore, keepsParts } from './keptParts';
import type { ProsePassage } from './passage';
import { withPlainLineEndings } from './prose';
import type { StringRegion } from './reading/regions';
import type { Snapshot } from './snapshot';
import { isProseString } from './stringProse';

/** A part of a string: what it says, or what stays as it is. */
interface Piece {
  readonly kind: 'said' | 'kept';
  /** It is an escape sequence that has been read. */
  readonly isEscape?: boolean;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What must not come in by a translation: it may begin an interpolation, or an escape sequence. */
const signs = ['{', '}', '$', '#', '%', '\\', '`', '<', '>'];

/** @returns undefined where the string is no prose */
export function stringPassage(
  snapshot: Snapshot,
  region: StringRegion,
  languageId: string,
): ProsePassage | undefined {
  const { open, close, attribute, callee, parts } = region;
  if (/^(?:css|scss|less)$/.test(languageId) && !isContent(snapshot, region)) return undefined;
  const ascii = parts.some(
    ({ kind, start, end }) =>
      kind === 'escape' && /^\\u(?:00[89a-f]|0[1-9a-f]|[1-9a-f])/i.test(snapshot.text.slice(start, end)),
  );
  const isAttribute = attribute !== undefined && (languageId === 'html' || close.length === 1);
  const escaping = escapingOf({ languageId, open, close, isAttribute, ascii });
  const pieces = trimmed(
    snapshot.text,
    piecesOf(snapshot.text, region, (sequence) => escaping.decode(sequence)),
  );
  if (pieces.length === 0) return undefined;
  // A backslash that stands for itself is part of a path, or of a pattern.
  const said = pieces
    .map(({ kind, text: piece }) => (kind === 'said' || /^\\[^({]/.test(piece) ? piece : ' '))
    .join('');
  if (!isProseString(said, { attribute, callee })) return undefined;
  const span = { start: pieces[0]!.start, end: pieces.at(-1)!.end };
  const text = pieces.map((piece) => piece.text).join('');
  const keep = [...new Set(pieces.flatMap((piece) => (piece.kind === 'kept' ? [piece.text] : [])))];

  function encoded(translation: string): string | undefined {
    const plain = withPlainLineEndings(translation.trim());
    if (plain === '' || !keepsParts(text, plain, keep) || !bringsNoMore(text, plain, keep, signs))
      return undefined;
    if (placeholders(text).join() !== placeholders(plain).join()) return undefined;
    let result = '';
    for (const piece of splitAtKept(plain, keep)) {
      const written = keep.includes(piece) ? piece : escaping.encode(piece);
      if (written === undefined) return undefined;
      result += written;
    }
    return result.replaceAll('\n', snapshot.lineEnding);
  }

  return {
    kind: 'string',
    span,
    text,
    keep,
    fits: (translation) => encoded(translation) !== undefined,
    fit: (translation) => encoded(translation) ?? snapshot.text.slice(span.start, span.end),
    below(translation) {
      const line = snapshot.lineAt(span.end);
      const indentation = /^\s*/.exec(snapshot.at(snapshot.lineAt(span.start)))![0];
      const rows = withPlainLineEndings(translation.trim()).split('\n');
      return { line, text: rows.map((row) => snapshot.lineEnding + indentation + row).join('') };
    },
  };
}

function piecesOf(
  source: string,
  { parts }: StringRegion,
  decode: (sequence: string) => string | undefined,
): Piece[] {
  return parts.flatMap(({ kind, start, end }): Piece[] => {
    const raw = source.slice(start, end);
    if (kind === 'hole') return [{ kind: 'kept', start, end, text: raw }];
    if (kind === 'escape') {
      const text = decode(raw);
      return [
        text === undefined
          ? { kind: 'kept', start, end, text: raw }
          : { kind: 'said', isEscape: true, start, end, text },
      ];
    }
    // A backslash that the grammar takes for nothing stays with what follows it.
    const pieces: Piece[] = [];
    let place = start;
    for (const match of raw.matchAll(/\\[^\s]?|[^\\]+/g)) {
      const next = place + match[0].length;
      const isKept = match[0].startsWith('\\');
      const text = isKept ? match[0] : withPlainLineEndings(match[0]);
      pieces.push({ kind: isKept ? 'kept' : 'said', start: place, end: next, text });
      place = next;
    }
    return pieces;
  });
}

/** Without white space at the ends. */
function trimmed(source: string, pieces: readonly Piece[]): Piece[] {
  const left = [...pieces];
  const isBlank = ({ kind, text }: Piece): boolean => kind === 'said' && text.trim() === '';
  while (left.length > 0 && isBlank(left[0]!)) left.shift();
  while (left.length > 0 && isBlank(left.at(-1)!)) left.pop();
  return left.map((piece, index) => {
    if (piece.kind === 'kept' || piece.isEscape === true || (index > 0 && index < left.length - 1))
      return piece;
    let { start, end } = piece;
    if (index === 0) while (/\s/.test(source[start]!)) start++;
    if (index === left.length - 1) while (/\s/.test(source[end - 1]!)) end--;
    return { ...piece, start, end, text: withPlainLineEndings(source.slice(start, end)) };
  });
}

/** `%s` without a number takes the next argument: their order stays. */
function placeholders(text: string): string[] {
  return text.match(/%[-+ #0]*\d*(?:\.\d+)?(?:hh?|ll?|[zjtL])?[a-zA-Z@]/g) ?? [];
}

function splitAtKept(text: string, keep: readonly string[]): string[] {
  if (keep.length === 0) return [text];
  const escaped = [...keep]
    .sort((a, b) => b.length - a.length)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return text.split(new RegExp(`(${escaped.join('|')})`)).filter((piece) => piece !== '');
}

/** In style sheets all other strings name fonts, files and things. */
function isContent(snapshot: Snapshot, { start, open }: StringRegion): boolean {
  const before = snapshot.text.slice(snapshot.offsets[snapshot.lineAt(start)], start - open.length);
  return /\bcontent\s*:[^;]*$/.test(before);
}

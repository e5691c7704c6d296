/**
 * A string as a passage: what it says, with escape sequences read; interpolations and placeholders stay. A translation is
 * escaped again for the string that it goes into; one that the string cannot hold is not put in.
 */
import { escapingOf } from './escaping';
import { bringsNoMore, keepsParts } from './keptParts';
import type { ProsePassage } from './passage';
import { withPlainLineEndings, type Span } from './prose';
import type { StringPart, StringRegion } from './reading/regions';
import type { Snapshot } from './snapshot';
import { piecesOf, trimmed, wholeParts, withLineBreaks, type Piece } from './stringPieces';
import { isProseString } from './stringProse';
import { wrap } from './wrap';

/** A string of a document. */
export interface StringAt {
  readonly snapshot: Snapshot;
  readonly region: StringRegion;
  readonly languageId: string;
}

/** A string as it was read, and how one is written. */
interface ReadString {
  readonly pieces: readonly Piece[];
  /** What it says, with a space for each interpolation and placeholder. */
  readonly said: string;
  /** What of it stays. */
  readonly keep: readonly string[];
  /** A text as the string writes it; undefined where it cannot. */
  readonly encode: (text: string) => string | undefined;
  /** What was written as lines of the source, where the language joins these with spaces. */
  readonly fold: (written: string) => string;
}

/** What must not come in by a translation: it may begin an interpolation, or an escape sequence. */
const signs = ['{', '}', '$', '#', '%', '\\', '`', '<', '>'];
/** What a translation has as often as the text: what arguments and branches (`no apples | one apple`) begin or end with. */
const borders = ['{', '}', '|'];
/** An argument of ICU's messages, up to its kind: `{count, plural`. */
const argumentHead = /\{\s*[\w.]+\s*,\s*\w+/g;
/** Laravel's `:count`. */
const namedArgument = /(?<![\w:]):[a-z_]\w*/gi;

/** @returns undefined where the string is no prose */
export function stringPassage(string: StringAt): ProsePassage | undefined {
  const { snapshot, region, languageId } = string;
  if (/^(?:css|scss|less)$/.test(languageId) && !isContent(snapshot, region)) return undefined;
  const read = readString(string);
  return read.pieces.length > 0 && isProseString(read.said, region) ? passageOf(snapshot, read) : undefined;
}

/**
 * What of a string lies between two offsets, whether or not it is prose: a person means it who selects it. What stays is
 * in it as a whole.
 *
 * @returns undefined where there are no words
 */
export function partOfString(string: StringAt, { start, end }: Span): ProsePassage | undefined {
  const { snapshot, region } = string;
  const parts = wholeParts(snapshot.text, region.parts).flatMap((part): StringPart[] => {
    if (part.end <= start || end <= part.start) return [];
    if (part.kind !== 'text') return [part];
    return [{ ...part, start: Math.max(start, part.start), end: Math.min(end, part.end) }];
  });
  const read = readString({ ...string, region: { ...region, parts } });
  return /\p{L}/u.test(read.said) ? passageOf(snapshot, read) : undefined;
}

function readString({ snapshot, region, languageId }: StringAt): ReadString {
  const { open, close, attribute, parts } = region;
  const { text: source } = snapshot;
  const ascii = parts.some(
    ({ kind, start, end }) =>
      kind === 'escape' && /^\\u(?:00[89a-f]|0[1-9a-f]|[1-9a-f])/i.test(source.slice(start, end)),
  );
  const isAttribute = attribute !== undefined && (languageId === 'html' || close.length === 1);
  const escaping = escapingOf({ languageId, open, close, isAttribute, ascii });
  const isYaml = languageId === 'yaml';
  const { pieces: all, lineBreak } = withLineBreaks(piecesOf(source, parts, { escaping, isYaml }));
  const pieces = trimmed(source, all);
  const named = languageId === 'php' ? (textOf(pieces).match(namedArgument) ?? []) : [];
  const raw = pieces.map(({ start, end }) => source.slice(start, end)).join('');
  const isFolded = isYaml && /[\r\n]/.test(raw) && !/\\\s/.test(raw);
  const separator = lineBreak ?? (isFolded ? '\n\n' : undefined);
  return {
    pieces,
    // A backslash that stands for itself is part of a path, or of a pattern.
    said: pieces
      .map(({ kind, text }) => (kind === 'said' || /^\\[^({\r\n]/.test(text) ? text : ' '))
      .join(''),
    keep: [...new Set([...pieces.filter(({ kind }) => kind === 'kept').map(({ text }) => text), ...named])],
    encode(text) {
      if (separator === undefined) return escaping.encode(text);
      const lines = text.split('\n').map((line) => escaping.encode(line));
      return lines.includes(undefined) ? undefined : lines.join(separator);
    },
    fold: (written) => (isFolded ? folded(snapshot, pieces, written) : written),
  };
}

function passageOf(snapshot: Snapshot, { pieces, keep, encode, fold }: ReadString): ProsePassage {
  const span = { start: pieces[0]!.start, end: pieces.at(-1)!.end };
  const text = textOf(pieces);

  function encoded(translation: string): string | undefined {
    const plain = withPlainLineEndings(translation.trim());
    if (plain === '' || plain.split('\n').length !== text.split('\n').length) return undefined;
    if (!keepsParts(text, plain, keep) || !bringsNoMore(text, plain, keep, signs)) return undefined;
    if (!bringsNoMore(text, plain, keep, borders) || !bringsNoMore(plain, text, keep, borders))
      return undefined;
    if (placeholders(text).join() !== placeholders(plain).join()) return undefined;
    if (argumentHeads(text).join() !== argumentHeads(plain).join()) return undefined;
    let result = '';
    for (const piece of splitAtKept(plain, keep)) {
      const written = keep.includes(piece) ? piece : encode(piece);
      if (written === undefined) return undefined;
      result += written;
    }
    return fold(result).replaceAll('\n', snapshot.lineEnding);
  }

  return {
    kind: 'string',
    span,
    text,
    keep,
    takesArguments: true,
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

/** As wide as it was, and as far to the right. */
function folded(snapshot: Snapshot, pieces: readonly Piece[], written: string): string {
  const { start } = pieces[0]!;
  const [first, last] = [snapshot.lineAt(start), snapshot.lineAt(pieces.at(-1)!.end)];
  let below = first + 1;
  while (below < last && snapshot.at(below).trim() === '') below++;
  const lead = /^\s*/.exec(snapshot.at(below))![0];
  let width = 0;
  for (let line = first; line <= last; line++)
    width = Math.max(width, snapshot.at(line).length - lead.length);
  // What stands before the string takes room too.
  const room = 'x'.repeat(Math.max(0, start - snapshot.offsets[first]! - lead.length));
  // Between paragraphs stand their line breaks, each written twice.
  return (room + written)
    .split(/((?:\n\n)+)/)
    .map((part, index) =>
      index % 2 === 0 ? wrap(part, width).join(`\n${lead}`) : '\n'.repeat(part.length / 2 + 1) + lead,
    )
    .join('')
    .slice(room.length);
}

/** `%s` without a number takes the next argument: their order stays. */
function placeholders(text: string): string[] {
  return text.match(/%[-+ #0]*\d*(?:\.\d+)?(?:hh?|ll?|[zjtL])?[a-zA-Z@]/g) ?? [];
}

/** They have names, and may come in another order. */
function argumentHeads(text: string): string[] {
  return (text.match(argumentHead) ?? []).sort();
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join('');
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

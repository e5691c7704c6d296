// Where languages write spaces: Chinese and Japanese none between words and sentences, others do. A translation into
// the one from the other needs other spaces than its source has, between sentences and beside protected spans.

import type { Change } from './changes';
import { primaryLanguage } from './languageTags';
import type { Piece } from './pieces';
import { veils } from './veiledSpans';

const withoutSpaces: ReadonlySet<string> = new Set(['ja', 'yue', 'zh']);

/** Whether a language (a BCP 47 tag) parts words and sentences by spaces. */
export function writesSpaces(language: string): boolean {
  return !withoutSpaces.has(primaryLanguage(language));
}

/** Letters that no space parts from their neighbours, for a class of characters in a pattern with the flag u. */
export const unspacedLetter = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
/** With the signs that are as wide as the letters and have their space within them. */
const unspaced = `[${unspacedLetter}\\u3000-\\u303f\\uff00-\\uff60]`;
const endsUnspaced = new RegExp(`${unspaced}$`, 'u');
const beginsUnspaced = new RegExp(`^${unspaced}`, 'u');
const endsWide = /[\u3000-\u303f\uff00-\uff60]$/u;
const beginsWide = /^[\u3000-\u303f\uff00-\uff60]/u;
/** Of curly quotation marks none tells whether Chinese or a European language has written it, nor do tags. */
const closers = /(?:[”’]|<\/[^<>]{0,60}>)+$/;
const openers = /^(?:[“‘]|<[^/<>]{0,60}>)+/;

/**
 * What stands between two sentences of a translation, where `gap` stands between those of its source. A space comes in
 * where the translation's language writes one and the source's does not, and goes in the other direction. Line breaks,
 * tabs and wide gaps are the writer's and stay.
 */
export function gapBetween(
  before: string,
  gap: string,
  after: string,
  { from, to }: { readonly from: string; readonly to: string },
): string {
  if (before === '' || after === '' || writesSpaces(from) === writesSpaces(to)) return gap;
  // The end is enough, and the text may be long.
  const end = before.slice(-100);
  if (writesSpaces(to)) return gap === '' && needSpace(end, after) ? ' ' : gap;
  return /^ {1,2}$/.test(gap) && needNone(end, after) ? '' : gap;
}

function needSpace(before: string, after: string): boolean {
  const [end, start] = [before.replace(closers, ''), after.replace(openers, '')];
  if (endsUnspaced.test(end) || beginsUnspaced.test(start)) return false;
  if (/[\s\p{Ps}\p{Pi}]$/u.test(before)) return false;
  return !/^(?:[\s\p{Pe}\p{Pf}.,;:!?…]|<\/[A-Za-z])/u.test(after);
}

function needNone(before: string, after: string): boolean {
  const [end, start] = [before.replace(closers, ''), after.replace(openers, '')];
  if (endsWide.test(end) || beginsWide.test(start)) return true;
  return endsUnspaced.test(end) && beginsUnspaced.test(start);
}

/** Letters and digits that a space parts from a protected span. */
const endsAsWord = new RegExp(`(?![${unspacedLetter}])[\\p{L}\\p{N}]\\p{M}*$`, 'u');
const beginsAsWord = new RegExp(`^(?![${unspacedLetter}])[\\p{L}\\p{N}]`, 'u');
/** A placeholder that the model had left out stands behind the end, “verbunden sind. ioctl(2)”, or behind “name:”. */
const endsClause = /\p{L}[.!?…,;:]$/u;
/** `File`s, 1st: the span's own ending. */
const inflection = /^(?:s|e?n|e?d|ing|st|nd|rd|th)(?![\p{L}\p{N}])/u;

type Side = 'space' | 'unspaced' | 'joined';

const spaceAt = (place: number): Change => ({ start: place, end: place, as: ' ' });

/**
 * Spaces that are missing in a translation, its text with the spans in it, and that the source has on that side of a
 * protected span: “die`foo`Funktion”. The source of a language without spaces has one wherever its letters touch a span, a
 * word of another script or a number: “theSM2”, “code137”.
 *
 * @param source the pieces that were translated
 * @param spans what the placeholders of both stand for
 */
export function lostSpaces(
  pieces: readonly Piece[],
  source: readonly Piece[],
  spans: readonly string[],
): Change[] {
  /** `apart`: behind white space, or behind letters that have none. */
  const sides = new Map<number, { before: Side; behind: Side; apart: boolean }>();
  source.forEach((piece, index) => {
    if (typeof piece === 'string') return;
    const [before, behind] = [textBeside(source[index - 1]), textBeside(source[index + 1])];
    const span = spans[piece.placeholder] ?? '';
    sides.set(piece.placeholder, {
      before: sideOf(before, span, 'before'),
      behind: sideOf(behind, span, 'behind'),
      apart: before !== undefined && (before === '' || /\s$/.test(before) || endsUnspaced.test(before)),
    });
  });
  const isParted = (piece: Piece, side: 'before' | 'behind'): boolean =>
    typeof piece !== 'string' && (sides.get(piece.placeholder)?.[side] ?? 'joined') !== 'joined';
  const isApart = (piece: Piece): boolean =>
    typeof piece !== 'string' && sides.get(piece.placeholder)?.apart === true;
  const isInName = (above: string, piece: Piece): boolean =>
    typeof piece !== 'string' &&
    sides.get(piece.placeholder)?.before === 'unspaced' &&
    isHyphen(spans[piece.placeholder] ?? '', above, source);
  const isLost = (above: Piece, piece: Piece): boolean => {
    if (typeof above === 'string')
      return (
        isParted(piece, 'before') &&
        (endsAsWord.test(above) || (endsClause.test(above) && isApart(piece))) &&
        !isInName(above, piece)
      );
    if (typeof piece !== 'string') return isParted(above, 'behind') && isParted(piece, 'before');
    return beginsAsWord.test(piece) && !inflection.test(piece) && isParted(above, 'behind');
  };
  const words = wordsAmongOthers(source);
  const lost: number[] = [];
  let place = 0;
  pieces.forEach((piece, index) => {
    const above = pieces[index - 1];
    if (above !== undefined && isLost(above, piece)) lost.push(place);
    if (typeof piece === 'string')
      lost.push(...words.flatMap((word) => joinedTo(word, piece, source)).map((at) => place + at));
    place += typeof piece === 'string' ? piece.length : (spans[piece.placeholder] ?? '').length;
  });
  return [...new Set(lost)].map(spaceAt);
}

/** Words in capitals or with digits, and numbers, that touch letters of a script without spaces. */
function wordsAmongOthers(source: readonly Piece[]): string[] {
  return [...new Set(textsOf(source).flatMap((text) => text.match(foreignWord) ?? []))];
}

const textsOf = (pieces: readonly Piece[]): string[] => pieces.filter((piece) => typeof piece === 'string');

const mixedWord = '[A-Z][A-Za-z0-9]*[A-Z0-9]';
const number = '-?\\d+(?:[.,]\\d+)*';
const foreignWord = new RegExp(
  `(?<=[${unspacedLetter}])(?:${mixedWord}|${number}(?![A-Za-z0-9_]|[.,]\\d))|` +
    `(?:${mixedWord}|(?<![A-Za-z0-9_.,-])${number})(?=[${unspacedLetter}])`,
  'gu',
);

/** Where small letters touch a word that has none at its ends, and do not in the source. */
function joinedTo(word: string, text: string, source: readonly Piece[]): number[] {
  const whole = new RegExp(`(?<!\\d[.,]?)${word.replaceAll('.', '\\.')}(?![.,]?\\d)`, 'g');
  const isWritten = (run: string): boolean => textsOf(source).some((piece) => piece.includes(run));
  return [...text.matchAll(whole)].flatMap(({ index }) => {
    const end = index + word.length;
    const [before, after] = [text.slice(0, index), text.slice(end)];
    const [above] = /[\p{L}\p{N}_]*$/u.exec(before)!;
    const [below] = /^[\p{L}\p{N}_]*/u.exec(after)!;
    const isJoinedAbove =
      /\p{Ll}$/u.test(above) && !isWritten(above + word) && !isHyphen(word, before, source);
    const isJoinedBelow = /^\p{Ll}/u.test(below) && !isWritten(word + below) && !inflection.test(after);
    return [...(isJoinedAbove ? [index] : []), ...(isJoinedBelow ? [end] : [])];
  });
}

/** “未知-2” is “Unknown-2”, and “返回-1。” has a minus: names have capitals, and labels no full stop. */
function isHyphen(word: string, above: string, source: readonly Piece[]): boolean {
  const isName = /^-\d/.test(word) && /\p{Lu}\p{L}*$/u.test(above);
  return isName && !/[.!?。！？]$/u.test(textsOf(source).at(-1) ?? '');
}

/** A sign between two words, each as far as it is of one kind: text, or a span. */
const signBetweenWords = new RegExp(
  `[:,;](?<=([\\p{L}\\p{N}_]+|[${veils}]+)[:,;])(?=([\\p{L}\\p{N}_]+|[${veils}]+))`,
  'gu',
);

/**
 * Spaces that are missing in a translation from a language without spaces behind the signs that are as wide as its letters:
 * “Default:false”. What the source has in the same signs stays: “{host}:{port}”, “10:30”.
 *
 * @param said the translation, and `source`, with their spans veiled
 */
export function spacesBehindSigns(said: string, source: string): Change[] {
  return [...said.matchAll(signBetweenWords)]
    .filter(
      ({ 0: sign, 1: above = '', 2: below = '' }) =>
        !(/\d$/.test(above) && /^\d/.test(below)) && !source.includes(above + sign + below),
    )
    .map(({ index }) => spaceAt(index + 1));
}

/** The text beside a span; undefined where another span is. */
function textBeside(piece: Piece | undefined): string | undefined {
  return piece === undefined ? '' : typeof piece === 'string' ? piece : undefined;
}

function sideOf(text: string | undefined, span: string, side: 'before' | 'behind'): Side {
  if (text === undefined) return 'joined';
  // A tag belongs to what it encloses, a sign to what it stands in.
  const isInner = side === 'before' ? /^<\//.test(span) : /^<[^/]/.test(span);
  const touches = side === 'before' ? endsUnspaced.test(text) : beginsUnspaced.test(text);
  if (touches)
    return isInner || /^[&\\]|\/>$/.test(span) || !/[\p{L}\p{N}]/u.test(span) ? 'joined' : 'unspaced';
  if (text === '') return isInner ? 'joined' : 'space';
  const isParted =
    side === 'before'
      ? /(?:^|\s)[\p{Ps}\p{Pi}"']*$/u.test(text)
      : /^[\p{Pe}\p{Pf}"'.,;:!?…]*(?:\s|$)/u.test(text);
  return isParted || (!isInner && hasLostItsSign(text, span, side)) ? 'space' : 'joined';
}

/** Of “pre-2.0” and “`foo`'s” the sign alone has joined the span to its word. */
function hasLostItsSign(text: string, span: string, side: 'before' | 'behind'): boolean {
  return side === 'before'
    ? /[^\p{L}\p{N}\p{M}_]$/u.test(text) && /^[\p{L}\p{N}`]/u.test(span)
    : /^[^\p{L}\p{N}\p{M}_]/u.test(text) && /[\p{L}\p{N}`]$/u.test(span);
}

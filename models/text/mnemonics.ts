// Labels of menus and buttons mark the key to press: “Save &As”, “E&xit”, “文件(&F)”. Corpora have the marks taken out
// (scripts/corpus/messages.mjs), and a model that meets one makes a word of it. So labels are read without, and their
// translations get a mark of their own.

import type { Change } from './changes';
import { veils } from './veiledSpans';
import type { PiecesOf } from './vocabulary';
import { writesSpaces } from './writtenSpaces';

/** Behind the words, as where letters are no keys; “(&x)” is C's. */
const behind = /\s*[(（]&([A-Z0-9])[)）](?=\s*(?:[:：…]|\.{3})*$)/u;
/** What a label is made of, with a capital first; sentences have more words and other signs. */
const label = new RegExp(
  `^["“„»']?\\p{Lu}[\\p{L}\\p{M}\\p{N}'’"“”„«»()/+ ${veils}-]*(?:[:：…]|\\.{3})?$`,
  'u',
);
const mostWords = 6;
/** “Takes a &str”, “a &b” */
const behindLetter = /(?<![\p{L}\p{M}])\p{L} &/u;
/** The mark before a letter, and the parts of the word on both sides of it. */
const within = /&(?<=(?<![^\s"“„»'(/-])(\p{L}*)&)(?=(\p{L}[\p{L}\p{M}]*)(?![\p{L}\p{M}\p{N}_;]))/u;

/**
 * The mark of a label as what puts it back into the label without it; undefined for what has none, or may be something
 * else: “R&D”, “copy&paste”, C's “a &b”.
 *
 * @param text with its spans veiled
 * @param piecesOf in how many pieces the model's vocabulary writes a word
 */
export function findMnemonic(text: string, piecesOf: PiecesOf): Change | undefined {
  return onlyMark(text, behind.exec(text) ?? markWithin(text, piecesOf));
}

/** As `findMnemonic`, for the translation of a label that has one: it is no other sign there. */
export function findCounterpart(text: string): Change | undefined {
  return onlyMark(text, behind.exec(text) ?? within.exec(text));
}

function onlyMark(text: string, found: RegExpExecArray | null): Change | undefined {
  const isAlone = found !== null && text.split('&').length === 2;
  if (!isAlone || !/\p{L}/u.test(text.replace(found[0], ''))) return undefined;
  return { start: found.index, end: found.index, as: found[0] };
}

function markWithin(text: string, piecesOf: PiecesOf): RegExpExecArray | null {
  const found = within.exec(text);
  if (found === null || !isLabel(text.replace('&', '')) || behindLetter.test(text)) return null;
  const [, above = '', below = ''] = found;
  return (above === '' ? below.length > 1 : isOneWord(above, below, piecesOf)) ? found : null;
}

const isLabel = (text: string): boolean => label.test(text) && text.split(/\s+/).length <= mostWords;

/** “E&xit”, and not “R&D” or “Copy&paste”: a vocabulary has the word whole, or in fewer pieces than its parts. */
function isOneWord(above: string, below: string, piecesOf: PiecesOf): boolean {
  if (!/^\p{Ll}/u.test(below) || above.length + below.length < 3) return false;
  const pieces = piecesOf(above + below);
  return pieces <= 2 || pieces < piecesOf(above) + piecesOf(below);
}

/**
 * The mark for a label's translation. Chinese and Japanese have it behind, others before the same letter, if there is one:
 * in the same word, at the beginning of another or anywhere; else before the first letter.
 *
 * @param said the translation, and `source`, the label without its mark, with their spans veiled
 * @param mnemonic what puts the source's mark back
 */
export function mnemonicIn(said: string, source: string, { start, as }: Change, to: string): Change[] {
  const letter = behind.exec(as)?.[1] ?? source.charAt(start);
  if (said.includes('&') || !/\p{L}/u.test(said)) return [];
  if (!writesSpaces(to)) {
    const end = /\s*(?:[:：…]|\.{3})*\s*$/u.exec(said)!.index;
    return [{ start: end, end, as: `(&${letter.toUpperCase()})` }];
  }
  const place = placeOf(letter, [source.slice(0, start), source.slice(start)], said);
  return [{ start: place, end: place, as: '&' }];
}

/** @param parts of the label, before its mark and behind */
function placeOf(letter: string, [head, tail]: readonly [string, string], said: string): number {
  const [above] = /[\p{L}\p{M}]*$/u.exec(head)!;
  const [below] = /^[\p{L}\p{M}]*/u.exec(tail)!;
  const patterns = [
    ...(below === '' ? [] : [`(?<=${notBehindLetter}${above})${below}(?![\\p{L}\\p{M}])`]),
    notBehindLetter + letter,
    letter,
    '\\p{L}',
  ];
  const places = patterns.map((pattern) => said.search(new RegExp(pattern, 'iu')));
  return places.find((place) => place >= 0)!;
}

const notBehindLetter = '(?<![\\p{L}\\p{M}\\p{N}])';

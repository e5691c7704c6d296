// Words of digits and letters that a model has to say as they stand: 4c01db0b339c, 1_000_000, python3. It writes them
// piece by piece, and loses its count in “ff8800” as in a number; no reader would notice.

import { notBeforeWord, notBehindWord } from './keptParts';
import { isWord } from './namesInCapitals';
import type { PiecesOf } from './vocabulary';

/** What is longer is data, and a pattern made of it could not be read. */
const longest = 1000;
const mixed = new RegExp(
  `${notBehindWord}(?=[A-Za-z_]*\\d)(?=\\d*[A-Za-z_])[A-Za-z0-9_]{3,${longest}}${notBeforeWord}`,
  'gu',
);
/** Numbers with an ending that is a language's own: 21st, 1990s, 3pm, 10er, 2ten. */
const inflected = /^\d+(?:st|nd|rd|th|(?:th)?s|am|pm|er[ns]?|te[mnrs]?|tel|fache?[mnrs]?|mal)$/i;
/** “file2” and “64bit”: a word that may be translated, with a number. */
const withNumber = /^(?:[A-Za-z]{3,}\d+|\d+[A-Za-z]{3,})$/;

/**
 * The words of digits and letters, or underscores, of a text that a translation of it does not hold as often, in the
 * text's order, each once. Other languages may write them with a capital, or with a hyphen: “64-Bit-Version”.
 *
 * @param piecesOf in how many pieces the model's vocabulary writes a word
 */
export function lostMixedWords(source: string, translation: string, piecesOf: PiecesOf): string[] {
  const words = [...new Set(source.match(mixed))].filter((word) => !inflected.test(word));
  return words.filter((word) => {
    const written = new RegExp(`(?<![a-z0-9_])${looselyWritten(word)}(?![a-z0-9_])`, 'gi');
    return (
      countOf(written, translation) < countOf(written, source) && !isTranslated(word, translation, piecesOf)
    );
  });
}

/** As a pattern: digits and letters may be parted, and “3x3” may have a sign. */
function looselyWritten(word: string): string {
  return word
    .replace(/(?<=\d)x(?=\d)/gi, ' ?[x×] ?')
    .replace(/(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)/gi, '[-\\s]?');
}

/** “Datei2” for “file2”, “64 位” for “64bit”: the number is there. */
function isTranslated(word: string, translation: string, piecesOf: PiecesOf): boolean {
  if (!withNumber.test(word) || !isWord(word.replace(/\d/g, ''), piecesOf)) return false;
  return new RegExp(`(?<!\\d)${word.replace(/\D/g, '')}(?!\\d)`).test(translation);
}

function countOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}

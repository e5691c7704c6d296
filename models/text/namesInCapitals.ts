// Names in capitals that a model has to say as they stand: SIGTTIN, YAML, DC240. It has met few of them, and writes them
// letter by letter, as SIGTIN or JAML, or not at all. “FILE” and “DATEI” are words, which it translates.

import { notBeforeWord, notBehindWord } from './keptParts';
import type { PiecesOf } from './vocabulary';

/** Two letters are said in words more often than not: “UI”, “ID”. */
const inCapitals = new RegExp(`${notBehindWord}(?=\\d*\\p{Lu})[\\p{Lu}\\d]{3,}${notBeforeWord}`, 'gu');

/** A vocabulary writes words in longer pieces. */
const lettersAPiece = 3;

/**
 * The names in capitals of a text that a translation of it does not hold, in the text's order, each once. It may put an
 * ending to them, or a word; and where it has as many words in capitals of its own, it has translated them.
 *
 * @param piecesOf in how many pieces the model's vocabulary writes a word
 */
export function lostNames(source: string, translation: string, piecesOf: PiecesOf): string[] {
  const isName = (word: string): boolean => /\d/.test(word) || !isWord(word, piecesOf);
  const lost = missingFrom(translation, source).filter(isName);
  if (lost.length === 0) return lost;
  const words = missingFrom(source, translation).filter((word) => !isName(word));
  return words.length < lost.length ? lost : [];
}

/** What stands in capitals in one text, and not in the other. */
function missingFrom(other: string, text: string): string[] {
  return [...new Set(text.match(inCapitals))].filter(
    (word) => !new RegExp(`(?<![\\p{Lu}\\d])${word}(?![\\p{Lu}\\d])`, 'u').test(other),
  );
}

/** Whether a vocabulary has it as it is written within a sentence, or at its beginning, as German writes nouns. */
export function isWord(word: string, piecesOf: PiecesOf): boolean {
  const small = word.toLowerCase();
  const pieces = Math.min(piecesOf(small), piecesOf(word.charAt(0) + small.slice(1)));
  return word.length / pieces >= lettersAPiece;
}

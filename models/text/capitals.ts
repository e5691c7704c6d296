// Sentences in capitals, such as “DO NOT DELETE THIS FILE”. Models have hardly met their words so written; they read
// them as “Do not delete this file”, and what they say is put into capitals again.

import type { Piece } from './pieces';

/** Fewer letters or words may be names: “HTTP GET”. */
const leastLetters = 9;
const leastWords = 2;

/** Letter by letter, so that offsets hold: ß becomes the capital ẞ, and a letter that would become several stays. */
export function inCapitals(text: string): string {
  return text.replace(/\p{L}/gu, (letter) =>
    letter === 'ß' ? 'ẞ' : ofSameLength(letter, letter.toUpperCase()),
  );
}

const ofSameLength = (letter: string, changed: string): string =>
  changed.length === letter.length ? changed : letter;

/** As a sentence is written: the first letter stays as it is. */
function inSmall(text: string, isFirst: boolean): string {
  const begin = isFirst ? /\p{L}/u.exec(text) : null;
  const end = begin === null ? 0 : begin.index + begin[0].length;
  const rest = text.slice(end);
  return text.slice(0, end) + rest.replace(/\p{L}/gu, (letter) => ofSameLength(letter, letter.toLowerCase()));
}

/** A text in capitals as a sentence is written; of the same length. */
export function calmText(text: string): string {
  return inSmall(text, true);
}

/** The pieces of a sentence in capitals as a sentence is written; undefined where it is not in capitals. */
export function calmPieces(pieces: readonly Piece[]): Piece[] | undefined {
  const strings = pieces.filter((piece) => typeof piece === 'string');
  const words = strings.flatMap((text) => text.match(/\p{L}+/gu) ?? []);
  if (words.some((word) => !/^\p{Lu}+$/u.test(word))) return undefined;
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  if (letters < leastLetters || words.filter((word) => word.length > 1).length < leastWords) return undefined;
  const calm = pieces.map((piece, index) =>
    typeof piece === 'string' ? inSmall(piece, index === 0) : piece,
  );
  // What does not come back as it was is no sentence in capitals that we know.
  const isSame = calm.every(
    (piece, index) => typeof piece !== 'string' || inCapitals(piece) === pieces[index],
  );
  return isSame ? calm : undefined;
}

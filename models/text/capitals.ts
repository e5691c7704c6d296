// Sentences in capitals, such as “DO NOT DELETE THIS FILE”. Models have hardly met their words so written; they read
// them as “Do not delete this file”, and what they say is put into capitals again. Names that are always written so, as
// in “CONVERT PDF TO HTML”, they have met in capitals alone.

import type { Piece } from './pieces';
import type { PiecesOf } from './vocabulary';

/** Fewer letters or words may be names: “HTTP GET”. */
const leastLetters = 9;
const leastWords = 2;

/** Names that a vocabulary may write in as many pieces either way, one or two: those that corpora have most often. */
const knownNames = new Set(
  (
    'ABI AI BIOS CD CLI CPU CSS DOM DOS FAQ GB GCC GID GIF GPL GPS GTK HTTP ID IO IP IRC KB LAN MPEG NTFS PHP RAM ' +
    'ROM RSS SDK SMS SSH TIFF UEFI UI UID URI URL USA UTC UUID WAV WIFI XML YAML'
  ).split(' '),
);

/** Letter by letter, so that offsets hold: ß becomes the capital ẞ, and a letter that would become several stays. */
export function inCapitals(text: string): string {
  return text.replace(/\p{L}/gu, (letter) =>
    letter === 'ß' ? 'ẞ' : ofSameLength(letter, letter.toUpperCase()),
  );
}

const ofSameLength = (letter: string, changed: string): string =>
  changed.length === letter.length ? changed : letter;

/** As a sentence is written: names stay as they are, and so does the first letter. */
function inSmall(text: string, isFirst: boolean, piecesOf: PiecesOf): string {
  const begin = isFirst ? /\p{L}/u.exec(text) : null;
  const end = begin === null ? 0 : begin.index + begin[0].length;
  const write = (word: string): string =>
    isName(word, piecesOf)
      ? word
      : word.replace(/\p{L}/gu, (letter) => ofSameLength(letter, letter.toLowerCase()));
  return text.replace(/[\p{L}\p{M}\p{N}]+/gu, (word, place: number) => {
    const kept = Math.max(0, end - place);
    return word.slice(0, kept) + write(word).slice(kept);
  });
}

/** A vocabulary has learned whole what its corpora write in capitals: “USB” is one piece, “usb” two. */
function isName(word: string, piecesOf: PiecesOf): boolean {
  if (/\p{N}/u.test(word) || knownNames.has(word)) return true;
  const small = word.toLowerCase();
  const written = [small, word.charAt(0) + small.slice(1)];
  return written.every((other) => piecesOf(word) < piecesOf(other));
}

/** A text in capitals as a sentence is written; of the same length. */
export function calmText(text: string, piecesOf: PiecesOf): string {
  return inSmall(text, true, piecesOf);
}

/** The pieces of a sentence in capitals as a sentence is written; undefined where it is not in capitals, or all names. */
export function calmPieces(pieces: readonly Piece[], piecesOf: PiecesOf): Piece[] | undefined {
  const strings = pieces.filter((piece) => typeof piece === 'string');
  const words = strings.flatMap((text) => text.match(/\p{L}+/gu) ?? []);
  if (words.some((word) => !/^\p{Lu}+$/u.test(word))) return undefined;
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  if (letters < leastLetters || words.filter((word) => word.length > 1).length < leastWords) return undefined;
  const calm = pieces.map((piece, index) =>
    typeof piece === 'string' ? inSmall(piece, index === 0, piecesOf) : piece,
  );
  if (calm.every((piece, index) => piece === pieces[index])) return undefined;
  // What does not come back as it was is no sentence in capitals that we know.
  const isSame = calm.every(
    (piece, index) => typeof piece !== 'string' || inCapitals(piece) === pieces[index],
  );
  return isSame ? calm : undefined;
}

/**
 * Breaks a text into lines of a width, at spaces and between Chinese or Japanese characters; and joins such lines.
 */

/** Characters that take two columns. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]/u;
/** Characters of scripts that put no spaces between words. Korean does. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60]/u;
const unspacedAtEnd = new RegExp(`${unspaced.source}$`, 'u');
const unspacedAtStart = new RegExp(`^${unspaced.source}`, 'u');
/** Never at the beginning of a line. */
const closing = /^[、。，．：；！？）」』】》”’,.:;!?)\]}]/u;
/** Never at the end of a line. */
const opening = /[（「『【《“‘([{]/u;

/** Columns that a text takes. */
export function columns(text: string): number {
  if (!wide.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += wide.test(character) ? 2 : 1;
  return sum;
}

/** What cannot be broken, each with the space before it. */
function piecesOf(text: string): string[] {
  return text.split(/(?<=\S)(?=[ \t])/u).flatMap((word) => (unspaced.test(word) ? piecesOfWord(word) : word));
}

function piecesOfWord(word: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  /** The last character that is no white space. */
  let before = '';
  for (const character of word) {
    const breaks = before !== '' && (unspaced.test(character) || unspaced.test(before));
    if (breaks && !closing.test(character) && !opening.test(before)) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
    if (character.trim() !== '') before = character;
  }
  pieces.push(piece);
  return pieces;
}

/** Lines of at most `width` columns; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  // Counted as it grows: a line may have millions of characters.
  let taken = 0;
  for (const piece of piecesOf(text.trim())) {
    const grown = taken + columns(piece);
    if (line !== '' && grown > width) {
      lines.push(line);
      line = piece.trimStart();
      taken = columns(line);
    } else {
      line += piece;
      taken = grown;
    }
  }
  lines.push(line);
  return lines;
}

/** What goes between a line and the next when they become one. */
export function joint(line: string, next: string): '' | ' ' {
  return unspacedAtEnd.test(line) && unspacedAtStart.test(next) ? '' : ' ';
}

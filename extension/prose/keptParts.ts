/**
 * What of a text must be found again in its translation.
 */

/** How often a part occurs in a text, occurrences apart from each other. */
function count(text: string, part: string): number {
  return part === '' ? 0 : text.split(part).length - 1;
}

/** Whether every part occurs in a translation as often as in the text. Longer parts hide the shorter ones in them. */
export function keepsParts(text: string, translation: string, keep: readonly string[]): boolean {
  let [before, after] = [text, translation];
  for (const part of [...keep].sort((a, b) => b.length - a.length)) {
    if (count(before, part) !== count(after, part)) return false;
    // Nothing is to be found across the gap.
    before = before.replaceAll(part, '\u0000');
    after = after.replaceAll(part, '\u0000');
  }
  return true;
}

/** Whether every name stands in a translation as a word of its own at least as often as in the text. */
export function keepsNames(text: string, translation: string, names: readonly string[]): boolean {
  return names.every((name) => countWhole(translation, name) >= countWhole(text, name));
}

/** Scripts without spaces between words: there a name may touch its neighbours. */
const spaced =
  '(?![\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}])[\\p{L}\\p{M}\\p{N}_]';

function countWhole(text: string, name: string): number {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const before = /^[\p{L}\p{M}\p{N}_]/u.test(name) ? `(?<!${spaced})` : '';
  const behind = /[\p{L}\p{M}\p{N}_]$/u.test(name) ? `(?!${spaced})` : '';
  return text.match(new RegExp(before + escaped + behind, 'gu'))?.length ?? 0;
}

/** Whether a translation brings none of some characters beyond those that the text has, parts to keep aside. */
export function bringsNoMore(
  text: string,
  translation: string,
  keep: readonly string[],
  characters: readonly string[],
): boolean {
  let [before, after] = [text, translation];
  for (const part of [...keep].sort((a, b) => b.length - a.length)) {
    before = before.replaceAll(part, ' ');
    after = after.replaceAll(part, ' ');
  }
  return characters.every((character) => count(after, character) <= count(before, character));
}

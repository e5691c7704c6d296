// Keys that are pressed together, which a model has to say as they stand. It knows that “Ctrl” is “Strg” in German, and
// may lose the second of two, or make a K a C: translations are looked through for them.

import { notBehindWord } from './keptParts';

const modifier = '(?:Ctrl|Control|Strg|Alt|AltGr|Shift|Umschalt|Cmd|Command|Option|Meta|Super|Win)';
const shortcut = `${modifier}(?:\\+(?:[\\p{Script=Latin}\\d]{1,12}|[^\\s\\p{L}\\p{N}+]))+`;
const shortcuts = new RegExp(`${notBehindWord}${shortcut}`, 'giu');
/** One after the other: “Ctrl+K Ctrl+S”. */
const sequences = new RegExp(`${notBehindWord}${shortcut}(?: ${shortcut})*`, 'giu');
/** What a key is called in all languages: a letter, a digit, F5. */
const named = /\+(\p{L}|\d|F\d{1,2})$/iu;

/**
 * The shortcuts of a text that a translation of it does not hold as often, in the text's order, each once, as they are
 * written there. Modifiers and keys like “Up” may have other names; all count as lost where one of those is.
 */
export function lostShortcuts(source: string, translation: string): string[] {
  const wanted = source.match(sequences);
  if (wanted === null) return [];
  const said = translation.match(shortcuts) ?? [];
  const isFewer = said.length < (source.match(shortcuts)?.length ?? 0);
  const left = said.map(keyOf);
  const lost = wanted.filter((sequence) => {
    const missing = (sequence.match(shortcuts) ?? [])
      .map(keyOf)
      .filter((key) => key !== undefined && !take(left, key));
    return isFewer || missing.length > 0;
  });
  return [...new Set(lost)];
}

const keyOf = (keys: string): string | undefined => named.exec(keys)?.[1]?.toUpperCase();

function take(keys: (string | undefined)[], key: string): boolean {
  const place = keys.indexOf(key);
  if (place >= 0) keys.splice(place, 1);
  return place >= 0;
}

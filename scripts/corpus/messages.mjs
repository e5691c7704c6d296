// What makes a plain text of a message of a program: no keyboard mnemonics, folded white space.

/**
 * @typedef {[source: string, target: string]} Pair
 */

/** What marks the key to press: GTK's and wxWidgets', Qt's and Windows', LibreOffice's. */
const marks = /** @type {const} */ (['_', '&', '~']);

/** Characters; more than sixty words have. What is longer is a licence or made to take time. */
const longest = 5000;

/**
 * A message and its translation as a person reads them; undefined for what is no text (credits, lists of keywords,
 * texts that begin with their context).
 * @param {string} source
 * @param {string} target
 * @returns {Pair | undefined}
 */
export function plainMessage(source, target) {
  if (source.length > longest || target.length > longest) return undefined;
  if (isCredit(source) || isKeywordList(source) || hasContextPrefix(source)) return undefined;
  const [plainSource, plainTarget] = withoutMnemonics(source, target);
  return [foldSpace(plainSource), foldSpace(plainTarget)];
}

/**
 * White space as a single space, none at the ends, and none of no width; no-break spaces are typography, and stay.
 * @param {string} text
 */
export function foldSpace(text) {
  return text
    .replace(/[\u200b\ufeff]/g, '')
    .replace(/[ \t\r\n\f\v]+/g, ' ')
    .replace(/^ | $/g, '');
}

/**
 * Takes mnemonics out. `_` and `&` are also part of names (`PRE_PATH`, `R&D`, `&amp;`), so a mark counts only where
 * it is the one of its kind, stands before a letter or digit, and both sides have it or the target has none at all.
 * @param {string} source
 * @param {string} target
 * @returns {Pair}
 */
export function withoutMnemonics(source, target) {
  for (const mark of marks) {
    const place = mnemonicPlace(source, mark);
    if (place === undefined) {
      const extra = source.includes(mark) ? undefined : mnemonicPlace(target, mark);
      if (extra === undefined || /[\p{L}\p{N}]$/u.test(target.slice(0, extra))) continue;
      return [source, without(target, extra)];
    }
    // Chinese and Japanese put the Latin letter behind: 文件(_F)
    const behind = new RegExp(`\\s*[(（][${mark}][A-Za-z0-9][)）]`).exec(target);
    if (behind !== null) return [without(source, place), target.replace(behind[0], '')];
    const targetPlace = mnemonicPlace(target, mark);
    if (targetPlace === undefined && target.includes(mark)) continue;
    // An identifier is the same on both sides; a mnemonic's mark seldom stands between letters.
    const isWithin = /[\p{L}\p{N}]$/u.test(source.slice(0, place));
    if (isWithin && targetPlace !== undefined && wordAt(source, place) === wordAt(target, targetPlace))
      continue;
    return [without(source, place), targetPlace === undefined ? target : without(target, targetPlace)];
  }
  return [source, target];
}

/** @param {string} text @param {'_' | '&' | '~'} mark @returns {number | undefined} where its only mnemonic stands */
function mnemonicPlace(text, mark) {
  const place = text.indexOf(mark);
  if (place < 0 || text.indexOf(mark, place + 1) >= 0) return undefined;
  if (!/^[\p{L}\p{N}]/u.test(text.slice(place + 1))) return undefined;
  if (mark === '&' && /^&#?\w{1,30};/.test(text.slice(place))) return undefined;
  // “~5 minutes”; Scheme's format directive “~a”
  if (mark === '~' && /^~(?:\d|[a-z](?!\p{L}))/u.test(text.slice(place))) return undefined;
  return place;
}

/** @param {string} text @param {number} place */
const without = (text, place) => text.slice(0, place) + text.slice(place + 1);

/** The word around a place. @param {string} text @param {number} place */
function wordAt(text, place) {
  const before = /[\p{L}\p{N}_&~.%-]*$/u.exec(text.slice(0, place))?.[0] ?? '';
  const after = /^[\p{L}\p{N}_&~.%-]*/u.exec(text.slice(place))?.[0] ?? '';
  return before + after;
}

/** Messages that stand for the translators' names. @param {string} source */
function isCredit(source) {
  return /^translators?[-_ ]credits?$|^translator_credits|^Your (?:names|emails)$|^(?:NAME|EMAIL|ROLES) OF TRANSLATORS$/i.test(
    source.trim(),
  );
}

/** Words to be found by, as in desktop entries: “text;editor;plain;”. @param {string} source */
function isKeywordList(source) {
  return (
    /^[^;.!?]+(?:;[^;.!?]+)+;$/.test(source.trim()) || /^[^; ][^;]*(?:;[^; ][^;]*){2,};?$/.test(source.trim())
  );
}

/**
 * “Menu|File”, “keyboard label|Alt”, KDE's old “_: a verb\nOpen”: what stands before is for the translator.
 * @param {string} source
 */
function hasContextPrefix(source) {
  return /^[A-Za-z][\w .-]{0,40}\|[^|\s*]|^_n?: /.test(source);
}

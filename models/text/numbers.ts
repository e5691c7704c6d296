// Numbers that a model has to say as they stand. It writes digits one after the other, and may lose its count in
// “11111”; no reader would notice, so that translations are looked through for them.

import { notBeforeWord, notBehindWord } from './keptParts';

/** What parts thousands in one language or another. */
const separator = "[.,'’ \\u00a0\\u202f]";
const parting = `(?<=(?<!\\d)\\d{1,3})${separator}(?=\\d{3}(?!\\d))`;
const thousands = new RegExp(parting, 'gu');
/** “17”, “1,000,000”, “1.5”: digits that belong to no word. */
const wholeNumber = new RegExp(
  `${notBehindWord}\\d+(?:${parting}\\d{3})*(?:[.,]\\d+)?${notBeforeWord}`,
  'gu',
);
const digits = /\d+/g;
const decimal = /^(\d+)[.,](\d+)$/;
/** How words begin that say 0 … 9; 1 is said in too many ways to look for. */
const smallNumbers: Readonly<Record<string, readonly (string | undefined)[]>> = {
  en: [
    ...['zero|no|none|not|never|without', undefined, 'two|both|second|twice', 'three|third', 'four'],
    ...['five|fifth', 'six', 'seven', 'eight', 'nine|ninth'],
  ],
  de: [
    ...['null|kein|nicht|nie|ohne', undefined, 'zwei|zwo|beid', 'drei|dritt', 'vier', 'fünf', 'sechs'],
    ...['sieb', 'acht', 'neun'],
  ],
  zh: ['零|无|没|不|未', undefined, '二|两|双', '三', '四', '五', '六', '七', '八', '九'],
};

/** “acht” is neither in “Nacht” nor in “Achtung”, “achtet” and “achtzehn”; Chinese writes no spaces. */
const atWord = '(?<![\\p{Script=Latin}])';
const alone = '(?!ung|et|teen|ty|zehn|zig|[sß]s?ig|und)';

/**
 * Whether a digit is said in words, as far as is known: of a language that is not known here, it is.
 *
 * @param language a language tag
 */
function isInWords(digit: string, text: string, language: string): boolean {
  const words = smallNumbers[language]?.[Number(digit)];
  return words === undefined || new RegExp(`${atWord}(?:${words})${alone}`, 'iu').test(text);
}

/**
 * The numbers of a text that a translation of it does not hold as often, in the text's order, each once, as they are
 * written there. Thousands may be parted otherwise, and decimals: “1,234.5” is held by “1.234,5”; small numbers may be said in
 * words.
 *
 * @param language the translation's
 */
export function lostNumbers(source: string, translation: string, language: string): string[] {
  if (!/\d/.test(source)) return [];
  const said = countsOf(translation);
  const lost = new Set<string>();
  for (const [number] of source.matchAll(wholeNumber)) {
    if (losesPoint(number, translation)) lost.add(number);
    for (const plain of plainNumbers(number)) {
      const left = said.get(plain) ?? 0;
      if (left > 0) said.set(plain, left - 1);
      else if (standsIn(translation, plain) || isWritten(translation, number)) continue;
      else if (plain.length > 1 || !isInWords(plain, translation, language)) lost.add(number);
    }
  }
  return [...lost];
}

/** All numbers of a text that belong to no word, each once, as they are written. */
export function wholeNumbers(text: string): string[] {
  return [...new Set(text.match(wholeNumber))];
}

const plainNumbers = (text: string): string[] => text.replace(thousands, '').match(digits) ?? [];

/** Whether a decimal's halves are no longer one number: “1.5” in “1。5”. */
function losesPoint(number: string, translation: string): boolean {
  const [, whole, rest] = decimal.exec(number.replace(thousands, '')) ?? [];
  if (whole === undefined || isWritten(translation, number)) return false;
  return !new RegExp(`(?<!\\d)${whole}[.,]${rest}(?!\\d)`).test(translation.replace(thousands, ''));
}

/** Beside other digits that seem to go on with it: “a1 000”. */
const standsIn = (text: string, number: string): boolean =>
  new RegExp(`(?<=\\d${separator})${number}(?!\\d)|(?<!\\d)${number}(?=${separator}\\d)`, 'u').test(text);

/** A parted one as it is, where something stands behind it that other numbers go on with: “1’122,000a”, “1,1,000”. */
const isWritten = (text: string, number: string): boolean =>
  /\D/.test(number) && new RegExp(`(?<!\\d)${number.replaceAll('.', '\\.')}(?!\\d)`, 'u').test(text);

function countsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const number of plainNumbers(text)) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}

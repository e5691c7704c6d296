// Which pairs are worth training on. Every rule has a name, which its count goes by in the report.

/** @typedef {{ start: number, end: number, kind: string }} Span */
/** @typedef {(text: string) => readonly Span[]} FindSpans as models/text/protectedSpans has it */

const limits = /** @type {const} */ ({
  words: 60,
  characters: 1500,
  /** From so many words on, a target of which so much stands in the source is no translation. */
  copiedWords: 6,
  copiedShare: 0.75,
  /** Target length by source length, in characters. */
  ratio: [0.35, 3.2],
  /** The same where the source has more than `longSource` characters. */
  longRatio: [0.5, 2.2],
  longSource: 40,
  /** Up to here a target may be of any length up to `shortTarget`: “Go” is “Wechseln zu”, “stderr” three words. */
  shortSource: 8,
  shortTarget: 40,
  /** A Chinese character says as much as so many letters. */
  chineseCharacter: 2.6,
  shortestSource: 2,
});

/** The spans that both sides must have alike; others (paths, identifiers, URLs) are now and then translated. */
const placeholderKinds = new Set(['printf', 'brace', 'variable', 'tag', 'option']);

/**
 * @typedef {'empty' | 'broken' | 'noWords' | 'tooLong' | 'untranslated' | 'lengths' | 'placeholders' | 'numbers'} Rule
 */

/**
 * Why a pair is to be dropped; undefined where it is to be kept.
 * @param {string} source
 * @param {string} target
 * @param {FindSpans} findSpans
 * @returns {Rule | undefined}
 */
export function objection(source, target, findSpans) {
  if (source.length < limits.shortestSource || target === '') return 'empty';
  if (Math.max(source.length, target.length) > limits.characters) return 'tooLong';
  if (isBroken(source) || isBroken(target)) return 'broken';
  if (!/\p{L}{2}/u.test(source) || !/\p{L}/u.test(target)) return 'noWords';
  if (countWords(source) > limits.words || countWords(target) > limits.words) return 'tooLong';
  if (source === target || isMostlyCopied(source, target)) return 'untranslated';
  if (lengthsAreFarApart(lengthOf(source), lengthOf(target))) return 'lengths';
  if (placeholdersOf(source, findSpans) !== placeholdersOf(target, findSpans)) return 'placeholders';
  if (!numbersAgree(source, target)) return 'numbers';
  return undefined;
}

/**
 * A paragraph that the translators left, but for its quotation marks; a list of names. Shorter texts are often alike:
 * “Optional argument”, „Optionales Argument“.
 * @param {string} source
 * @param {string} target
 */
function isMostlyCopied(source, target) {
  const words = plainWords(target);
  if (words.length < limits.copiedWords) return false;
  const known = new Set(plainWords(source));
  return words.filter((word) => known.has(word)).length >= limits.copiedShare * words.length;
}

/** Words that are no part of options, paths, variables and identifiers. @param {string} text */
function plainWords(text) {
  return text.toLowerCase().match(/(?<![\p{L}\p{N}_%$\\/-])\p{L}{2,}(?![\p{L}\p{N}_(])/gu) ?? [];
}

/** @param {number} source @param {number} target */
function lengthsAreFarApart(source, target) {
  if (source <= limits.shortSource) return target > limits.shortTarget;
  const [least, most] = source > limits.longSource ? limits.longRatio : limits.ratio;
  return target < least * source || target > most * source;
}

/** Control characters, bytes that were no text in their encoding, and what is not known. @param {string} text */
function isBroken(text) {
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000e-\u001f\u007f\ufffc\ufffd]/.test(text);
}

/** @param {string} text */
export function countWords(text) {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

/** Characters, as many as a language with an alphabet would need. @param {string} text */
export function lengthOf(text) {
  const chinese = text.match(/[\u3400-\u9fff\uf900-\ufaff]/g)?.length ?? 0;
  return text.length + (limits.chineseCharacter - 1) * chinese;
}

/** @param {string} text @param {FindSpans} findSpans */
function placeholdersOf(text, findSpans) {
  /** @type {string[]} */
  const found = [];
  for (const { start, end, kind } of findSpans(text)) {
    const span = text.slice(start, end);
    if (placeholderKinds.has(kind)) found.push(span);
    // Quotation marks differ: `%s' is »%s«.
    else if (kind === 'code' || kind === 'path') found.push(...(span.match(/%(?:\d\$)?[a-z]/g) ?? []));
  }
  return found.sort().join('\0');
}

/**
 * Whether both sides have the same numbers, however their languages group digits (1,000.5 and 1.000,5). One side may
 * spell out those of one digit: “1 move” and „Ein Zug“.
 * @param {string} source
 * @param {string} target
 */
function numbersAgree(source, target) {
  const sides = [source, target].map((text) =>
    (text.match(/\d+(?:[.,'’\u00a0\u202f]\d+)*/g) ?? []).map((number) => number.replace(/\D/g, '')).sort(),
  );
  const [long, otherLong] = sides.map((numbers) => numbers.filter((number) => number.length > 1).join(' '));
  const [short = [], otherShort = []] = sides.map((numbers) =>
    numbers.filter((number) => number.length === 1),
  );
  if (long !== otherLong) return false;
  const [fewer, more] = short.length < otherShort.length ? [short, otherShort] : [otherShort, short];
  return fewer.every((number) => more.includes(number));
}

/**
 * The target with a full stop at its end where the source has one, and without where it has none.
 * @param {string} source
 * @param {string} target
 * @param {string} stop the target language's full stop
 */
export function stopAsSource(source, target, stop) {
  const sourceEnds = /[^.…]\.$/.test(source);
  if (sourceEnds && /[\p{L}\p{N}\p{Pe}\p{Pf}"'%]$/u.test(target)) return target + stop;
  const targetEnds = /[^.…][.。]$/.test(target);
  // With two sentences the last stop belongs to the text, “etc.” to the word.
  const oneSentence = !/[.!?:] |[。！？]./.test(target) && !/\b(?:etc|usw|usf|ecc|al|Jhd?t?)\.$/.test(target);
  if (targetEnds && !sourceEnds && oneSentence && /[\p{L}\p{N}]$/u.test(source)) return target.slice(0, -1);
  return target;
}

// Cuts a text into the words within which byte-pair merges may happen: runs of one script, of digits, of
// punctuation and symbols, or of control characters; a single space before a run belongs to it.
//
// One pattern serves here and in tokenizer.json, where Rust's Oniguruma and JavaScript's `u` mode must agree.
// So scripts are literal ranges (the dialects name them differently) and only general categories use \p.

/** What stands for a space (U+0020) inside tokens. */
export const spaceMark = '\u2581';

const marks = '\u0300-\u036f';
/** Scripts kept apart from each other, as the inside of a character class. Latin comes first: it is commonest. */
const scripts = [
  `A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02c1\u1d00-\u1d25\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua787\uab30-\uab5a\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a${marks}`,
  '\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3fffd}', // Han
  `\u0370-\u0373\u0376-\u037d\u037f\u0386\u0388-\u03ff\u1f00-\u1fbc${marks}`, // Greek
  `\u0400-\u052f\u1c80-\u1c88\u2de0-\u2dff\ua640-\ua69f${marks}`, // Cyrillic
  '\u3041-\u3096\u3099\u309a\u309d-\u309f', // Hiragana
  '\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f', // Katakana
  '\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb', // Hangul
  '\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdfb\ufe70-\ufefc', // Arabic
  '\u0591-\u05bd\u05bf-\u05c2\u05c4\u05c5\u05c7\u05d0-\u05f2\ufb1d-\ufb4f', // Hebrew
];
const controls = '\\p{Cc}\\p{Zl}\\p{Zp}';

/**
 * The pattern whose matches, one after the other, are the words of a text. They cover all of it.
 * `space` is the character that marks a space: U+0020 in a plain text, `spaceMark` in a marked one.
 */
export function wordPattern(space: string): string {
  const runs = [
    ...scripts.map((script) => `[${script}]+`),
    `(?:(?![${scripts.join('')}])[\\p{L}\\p{M}])+`, // letters of any other script
    '\\p{N}+',
    `[${controls}]+`,
    `[^${space}\\p{L}\\p{N}${controls}]+`,
  ];
  // Of several spaces the last goes to the word after them; the others form a word of their own.
  return `${space}?(?:${runs.join('|')})|${space}+(?=${space}[^${space}])|${space}+`;
}

const words = new RegExp(wordPattern(' '), 'gu');

/** The words of a text, in order; joined, they are the text. */
export function splitWords(text: string): string[] {
  return text.match(words) ?? [];
}

/**
 * A character as it is written inside tokens: a space as `spaceMark`. Two have no such form (undefined) and are always
 * encoded as bytes: a literal U+2581, which would be read as a space, and a lone surrogate, which is no character and
 * becomes the bytes of U+FFFD, as everywhere on the web.
 */
export function toTokenCharacter(character: string): string | undefined {
  if (character === ' ') return spaceMark;
  return character === spaceMark || /\p{Surrogate}/u.test(character) ? undefined : character;
}

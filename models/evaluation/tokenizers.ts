/**
 * How lines become words before BLEU counts them: the tokenisations of sacreBLEU, rule for rule, since a score can
 * only be compared with scores of the same tokenisation. (The model's own subwords live in another room.)
 */
import type { MosesLanguage } from './moses/abbreviations';
import { tokenizeMoses } from './moses/tokenizer';

/** sacreBLEU's names. `13a` is the default for most languages, `zh` is for Chinese, `none` splits at white space. */
export type SacrebleuTokenizerName = '13a' | 'intl' | 'zh' | 'char' | 'none';

/** Those, and the scripts of Moses by language, which sacreBLEU does not have. */
export type TokenizerName = SacrebleuTokenizerName | `moses-${MosesLanguage}`;

// Python's white space: Unicode's, and the four separators U+001C–U+001F. JavaScript's \s lacks U+0085 and has U+FEFF.
// eslint-disable-next-line no-control-regex -- these control characters are white space here
const whiteSpace = /[\p{White_Space}\u001C-\u001F]/u;
// eslint-disable-next-line no-control-regex -- as above
const words = /[^\p{White_Space}\u001C-\u001F]+/gu;

/** The runs between white space, as Python's `str.split()` gives them. */
export function splitAtWhiteSpace(text: string): string[] {
  return text.match(words) ?? [];
}

/** Text without white space at its end. (A loop, since /\s+$/ is quadratic in long inner runs.) */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && whiteSpace.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

function trimStart(text: string): string {
  let start = 0;
  while (start < text.length && whiteSpace.test(text[start]!)) start++;
  return text.slice(start);
}

/** The language-dependent half of mteval-v13a, which `13a` and `zh` share: punctuation stands alone. */
function splitWesternPunctuation(text: string): string[] {
  return splitAtWhiteSpace(
    text
      // All ASCII punctuation but the apostrophe, comma, hyphen and full stop.
      .replace(/[ -&(-+:-@[-`{-~/]/g, ' $& ')
      // A comma or full stop stays inside numbers alone: 1,000.5
      .replace(/([^0-9])([.,])/g, '$1 $2 ')
      .replace(/([.,])([^0-9])/g, ' $1 $2')
      // A hyphen after a digit: 5-year
      .replace(/([0-9])(-)/g, '$1 $2 '),
  );
}

function tokenize13a(line: string): string[] {
  const text = line
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  // The spaces let the rules for commas and full stops see a neighbour at both ends.
  return splitWesternPunctuation(` ${text} `);
}

/**
 * mteval-v14, international: punctuation stands alone unless digits surround it, symbols always do. A full stop after
 * a number at the end of a line stays with the number, as there.
 */
function tokenizeInternational(line: string): string[] {
  return splitAtWhiteSpace(
    line
      .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
      .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
      .replace(/\p{S}/gu, ' $& '),
  );
}

/**
 * What `zh` takes for a Chinese character. U+2001–U+2A6D (dashes, quotation marks, arrows, …) comes of sacreBLEU
 * writing Extension B's U+20000–U+2A6D6 with four-digit escapes, and Extension B itself is left out for the same
 * reason. Scores hold this, so it stays.
 */
const chineseCharacter = new RegExp(
  '[\\u2001-\\u2A6D\\u2E80-\\u2FDF\\u2FF0-\\u303F\\u3100-\\u312F\\u31A0-\\u31EF\\u3200-\\u4DB5\\u4E00-\\u9FBB' +
    '\\uF900-\\uFA2D\\uFA30-\\uFA6A\\uFA70-\\uFAD9\\uFE10-\\uFE1F\\uFE30-\\uFE4F\\uFF00-\\uFFEF]',
  'g',
);

function tokenizeChinese(line: string): string[] {
  return splitWesternPunctuation(trimStart(line).replace(chineseCharacter, ' $& '));
}

/** Every code point but white space. */
function tokenizeCharacters(line: string): string[] {
  return Array.from(line).filter((character) => !whiteSpace.test(character));
}

const sacrebleuTokenizers: Record<SacrebleuTokenizerName, (line: string) => string[]> = {
  '13a': tokenize13a,
  intl: tokenizeInternational,
  zh: tokenizeChinese,
  char: tokenizeCharacters,
  none: splitAtWhiteSpace,
};

const tokenizers: Record<TokenizerName, (line: string) => string[]> = {
  ...sacrebleuTokenizers,
  'moses-en': (line) => tokenizeMoses(line, 'en'),
  'moses-de': (line) => tokenizeMoses(line, 'de'),
  'moses-fr': (line) => tokenizeMoses(line, 'fr'),
};

/** sacreBLEU's tokenisations by name, for messages and checks of arguments. */
export const sacrebleuTokenizerNames = Object.keys(sacrebleuTokenizers) as SacrebleuTokenizerName[];

/**
 * Splits a line into the words that BLEU counts, as sacreBLEU or the scripts of Moses do. White space at the line's end
 * is dropped first.
 *
 * Source: mteval-v13a.pl and mteval-v14.pl (NIST); Post 2018, "A Call for Clarity in Reporting BLEU Scores"; for Moses
 * see moses/tokenizer.ts.
 */
export function tokenize(line: string, tokenizer: TokenizerName): string[] {
  return tokenizers[tokenizer](trimEnd(line));
}

/**
 * Words as the scripts of Moses split them: normalize-punctuation.perl, then tokenizer.perl, which papers on Multi30k
 * and on WMT run before multi-bleu.perl counts. Its oddities decide scores, so they are kept.
 *
 * Koehn et al. 2007, "Moses: Open Source Toolkit for Statistical Machine Translation".
 */
import { abbreviations, type MosesLanguage } from './abbreviations';
import { normalizePunctuation } from './punctuation';

/**
 * The words of one line, with Moses' escapes (`&apos;`, `&quot;`, `&amp;`, …).
 *
 * @param language whose apostrophes, abbreviations and quotation marks the line has
 */
export function tokenizeMoses(line: string, language: MosesLanguage): string[] {
  let text = normalizePunctuation(line, language)
    .replace(/\p{White_Space}+/gu, ' ')
    // eslint-disable-next-line no-control-regex -- control characters are dropped
    .replace(/[\u0000-\u001F]/g, '')
    .replace(/ +/g, ' ')
    .replace(/^ | $/g, '');
  text = splitSigns(text);
  text = splitApostrophes(text, language);
  text = splitFullStops(text, language).replace(/\.'$/, " . '");
  return escape(text).split(' ').filter(Boolean);
}

/** All but letters, digits and the signs with rules of their own stand alone; so do runs of full stops. */
function splitSigns(text: string): string {
  return (
    text
      .replace(/[^\p{Alphabetic}\p{Nd}\p{White_Space}.'`,-]/gu, ' $& ')
      .replace(/\.{2,}/g, ' $& ')
      // A comma stays inside numbers alone: 5,300
      .replace(/(\P{N}),/gu, '$1 , ')
      .replace(/,(\P{N})/gu, ' , $1')
      .replace(/(\p{N}),$/u, '$1 ,')
  );
}

/** English keeps the apostrophe with what follows (`man 's`), French with what precedes (`l' eau`). */
function splitApostrophes(text: string, language: MosesLanguage): string {
  switch (language) {
    case 'en':
      return text
        .replace(/(\P{Alphabetic})'(\P{Alphabetic})/gu, "$1 ' $2")
        .replace(/([^\p{Alphabetic}\p{N}])'(\p{Alphabetic})/gu, "$1 ' $2")
        .replace(/(\p{Alphabetic})'(\P{Alphabetic})/gu, "$1 ' $2")
        .replace(/(\p{Alphabetic})'(\p{Alphabetic})/gu, "$1 '$2")
        .replace(/(\p{N})'(s)/gu, "$1 '$2");
    case 'fr':
      return text
        .replace(/(\P{Alphabetic})'(\P{Alphabetic})/gu, "$1 ' $2")
        .replace(/(\P{Alphabetic})'(\p{Alphabetic})/gu, "$1 ' $2")
        .replace(/(\p{Alphabetic})'(\P{Alphabetic})/gu, "$1 ' $2")
        .replace(/(\p{Alphabetic})'(\p{Alphabetic})/gu, "$1' $2");
    case 'de':
      return text.replaceAll("'", " ' ");
  }
}

/**
 * A full stop leaves its word unless that is an abbreviation or a small letter follows. The last word of a line is no
 * exception here: a German `nummer 10.` keeps its full stop, as the published test sets of Multi30k have it. (Later
 * versions of the script split it.)
 */
function splitFullStops(text: string, language: MosesLanguage): string {
  // Two spaces are left where two rules put one each: nothing stands between them, which counts as the next word.
  const words = text.replace(/ +$/, '').split(' ');
  return words
    .map((word, index) => {
      if (!word.endsWith('.') || /^\.+$/.test(word)) return word;
      const stem = word.slice(0, -1);
      const next = words[index + 1] ?? '';
      return keepsFullStop(stem, next, language) ? word : `${stem} .`;
    })
    .join(' ');
}

function keepsFullStop(stem: string, next: string, language: MosesLanguage): boolean {
  const { always, beforeNumbers } = abbreviations[language];
  if (stem.includes('.') && /\p{Alphabetic}/u.test(stem)) return true;
  if (always.has(stem) || /^\p{Lowercase}/u.test(next)) return true;
  return beforeNumbers.has(stem) && /^[0-9]/.test(next);
}

const escapes: readonly (readonly [sign: string, escaped: string])[] = [
  ['&', '&amp;'],
  ['|', '&#124;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&apos;'],
  ['"', '&quot;'],
  ['[', '&#91;'],
  [']', '&#93;'],
];

/** Signs that mean something in Moses' own files. */
function escape(text: string): string {
  return escapes.reduce((escaped, [sign, name]) => escaped.replaceAll(sign, name), text);
}

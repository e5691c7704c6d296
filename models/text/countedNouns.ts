// Nouns that a placeholder counts. A German model that has met “`foo`-Datei” writes “%d-Dateien” too, where the source has
// “%d files”: a hyphen binds names to nouns, and no numbers.

import type { Change } from './changes';
import { primaryLanguage } from './languageTags';
import { unveil, veils } from './veiledSpans';

/** `%d`, `%1$d`, `%(size)ld`, `{}` and `{0}`; and those whose names say so: `{n}`, `{count}`, `${numFiles}`. */
const counts =
  /^(?:%(?:\d+\$|\(\w+\))?[\d'+-]*(?:hh?|ll?|[jzt])?[diu]|\{\d*\}|[$#]?\{{1,2}(?:n|num|(?:n|num)[A-Z_]\w*|count|\w+(?:C|_c)ount)\}{1,2})$/;
const span = `([${veils}])\\2*`;
/** Before what is likely to be a plural: a span in its veil, or a number that is none of a name such as “Windows 7”. */
const counted = new RegExp(
  `(${span}|\\d{1,3}(?:[.,]\\d{3})+|(?<!\\p{Lu}\\S* |[\\d.,])\\d+) \\p{L}+(?<!s)s(?!\\p{L})`,
  'gu',
);
const bound = new RegExp(
  `(?<![\\p{L}\\p{N}.,-])(${span}|\\d+(?:[.,]\\d+)*)-(?=\\p{Lu}\\p{L}*(?![\\p{L}-]))`,
  'gu',
);

/**
 * The hyphens of a German translation that are to be spaces.
 *
 * @param said the translation, and `source`, with their spans veiled
 * @param to the translation's language
 */
export function countedNouns(said: string, source: string, spans: readonly string[], to: string): Change[] {
  if (primaryLanguage(to) !== 'de') return [];
  const quantities = new Set([...source.matchAll(counted)].map(([, what = '']) => plain(what)));
  return [...said.matchAll(bound)].flatMap(({ index, 1: what = '' }) => {
    const isCounted = quantities.has(plain(what)) && (/\d/.test(what) || counts.test(unveil(what, spans)));
    const hyphen = index + what.length;
    return isCounted ? [{ start: hyphen, end: hyphen + 1, as: ' ' }] : [];
  });
}

/** A number without what parts its thousands. */
const plain = (quantity: string): string => quantity.replace(/[.,]/g, '');

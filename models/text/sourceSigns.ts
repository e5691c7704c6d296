// Signs that can be written in two ways, which a model chooses from by chance: an ellipsis as “…” or three dots, quotation
// marks as double or single ones. The source has chosen.

import type { Change } from './changes';
import { primaryLanguage } from './languageTags';
import { veils } from './veiledSpans';
import { writesSpaces } from './writtenSpaces';

/**
 * What is to be written as the source has it.
 *
 * @param said the translation, and `source`, with their spans veiled
 * @param to the translation's language
 */
export function sourceSigns(said: string, source: string, to: string): Change[] {
  return [...ellipses(said, source, to), ...quotationMarks(said, source, to)];
}

const dots = /(?<!\.)\.{3}(?!\.)/g;
const sign = /…+/g;
/** Chinese writes “……” for both. */
const halfSign = /(?<!…)…(?!…)/g;

function ellipses(said: string, source: string, to: string): Change[] {
  const [hasDots, hasSign] = [source.match(dots) !== null, source.includes('…')];
  if (hasDots === hasSign) return [];
  const other = hasSign ? dots : writesSpaces(to) ? sign : halfSign;
  return [...said.matchAll(other)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
    as: hasSign ? '…' : '...',
  }));
}

const double = /["“”„«»「」『』]/;
const curly = /[“”„«»「」『』]/;
/** At the border of a word: within one it is an apostrophe. */
const single = /(?<!\p{L})['‘’‚‹›]|['‘’‚‹›](?!\p{L})/u;
/** With the apostrophes of the words within. */
const quoted = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}${veils}])'(?=\\S)((?:[^'"“”]|(?<=\\p{L})'(?=\\p{L}))*)(?<=\\S)'(?![\\p{L}\\p{N}])`,
  'gu',
);
const words = new RegExp(`^\\p{L}[^${veils}]*$`, 'u');

/**
 * Of English ones: German and Chinese models write only one kind. Curly marks stand for either: in English programs say '%s'
 * as often as "%s", and quote words doubly.
 */
function quotationMarks(said: string, source: string, to: string): Change[] {
  if (primaryLanguage(to) !== 'en' || !double.test(source) || single.test(source)) return [];
  const found = [...said.matchAll(quoted)];
  const isPlain = !curly.test(source) || said.replace(quoted, '').includes('"');
  if (!isPlain && !found.every(([, within = '']) => words.test(within))) return [];
  return found
    .flatMap(({ index, 0: { length } }) => [index, index + length - 1])
    .map((start) => ({ start, end: start + 1, as: '"' }));
}

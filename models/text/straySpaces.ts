// Spaces that a model writes inside of tags, quotation marks and brackets where the source has none. Chinese has none
// outside of them either, so that translations from it and into it have them on any side.

import type { Change } from './changes';
import { unveil, veils } from './veiledSpans';

const inPattern = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
/** Words between signs that open and close; of `5"` none opens. */
const enclosures = [
  '()',
  '[]',
  '{}',
  '（）',
  '【】',
  '「」',
  '『』',
  '《》',
  '“”',
  '„“',
  '„”',
  '»«',
  '""',
].map((pair) => {
  const [open, close] = [inPattern(pair.charAt(0)), inPattern(pair.charAt(1))];
  const others = `[^${open}${close}]`;
  return new RegExp(`(?<![\\p{L}\\p{N}](?="))${open}( *)${others}*(?! )${others}( *)${close}`, 'gu');
});
const beginOfTag = /^<([A-Za-z][\w:.-]*)[^]*(?<!\/)>$/;
const endOfTag = /^<\/([A-Za-z][\w:.-]*)/;
const spanInVeil = new RegExp(`([${veils}])\\1*`, 'g');

/**
 * The spaces of a translation that are to go.
 *
 * @param said the translation, and `source`, with their spans veiled
 */
export function straySpaces(said: string, source: string, spans: readonly string[]): Change[] {
  return [...inTags(said, source, spans), ...inEnclosures(said, source), ...inLinks(said, source)];
}

/** Of tags that have their counterpart: `<file>` alone may be a word. */
function inTags(said: string, source: string, spans: readonly string[]): Change[] {
  const names = (tag: RegExp): unknown[] => spans.map((span) => tag.exec(span)?.[1]);
  const [begun, ended] = [names(beginOfTag), names(endOfTag)];
  return [...source.matchAll(spanInVeil)].flatMap(({ 0: veiled, index }) => {
    const span = unveil(veiled, spans);
    const [begin, end] = [beginOfTag.exec(span)?.[1], endOfTag.exec(span)?.[1]];
    if (begin !== undefined && ended.includes(begin) && /^\S/.test(source.slice(index + veiled.length)))
      return spacesAt(`(?<=${veiled}) +`, said);
    if (end !== undefined && begun.includes(end) && /\S$/.test(source.slice(0, index)))
      return spacesAt(` +(?=${veiled})`, said);
    return [];
  });
}

function inEnclosures(said: string, source: string): Change[] {
  if (gapsIn(source).length > 0) return [];
  return gapsIn(said);
}

/** The spaces between signs and what they enclose. */
function gapsIn(text: string): Change[] {
  return enclosures
    .flatMap((enclosure) => [...text.matchAll(enclosure)])
    .flatMap(({ 0: whole, 1: before = '', 2: after = '', index }) => {
      const [start, end] = [index + 1, index + whole.length - 1];
      return [gap(start, start + before.length), gap(end - after.length, end)];
    })
    .filter(({ start, end }) => end > start);
}

/** “[text] (target)” is no link of Markdown. */
function inLinks(said: string, source: string): Change[] {
  return source.includes('](') && !/\] +\(/.test(source) ? spacesAt('(?<=\\]) +(?=\\()', said) : [];
}

function spacesAt(pattern: string, text: string): Change[] {
  return [...text.matchAll(new RegExp(pattern, 'g'))].map(({ 0: spaces, index }) =>
    gap(index, index + spaces.length),
  );
}

const gap = (start: number, end: number): Change => ({ start, end, as: '' });

// What of a text a model cannot say after it: words and signs with characters that its vocabulary knows by their bytes
// alone. It has hardly met them in training, and makes anything of them; so they are taken out like any protected span.

import { unspaced } from './unspacedScripts';

/** Words, those of scripts without spaces apart from the others; and signs, as many as follow each other. */
const runs = new RegExp(
  `[${unspaced}]+|(?:(?![${unspaced}])[\\p{L}\\p{M}\\p{N}_])+|(?:(?![\\0-\\x7f])[^\\p{L}\\p{N}\\s])+`,
  'gu',
);
const beyondAscii = /[^\0-\x7f]/;
const letters = /\p{L}/gu;

/**
 * The parts of a text to keep, each once. Of a line that consists of such words for the most part, none: it is in
 * another language than the model's, and that shall be seen.
 *
 * @param knows whether a character has a token of its own
 */
export function unknownWords(text: string, knows: (character: string) => boolean): string[] {
  if (!beyondAscii.test(text)) return [];
  const kept = new Set<string>();
  for (const line of text.split('\n')) {
    if (!beyondAscii.test(line)) continue;
    const unknown = (line.match(runs) ?? []).filter((run) => beyondAscii.test(run) && !knowsAll(run, knows));
    const count = unknown.reduce((sum, run) => sum + lettersOf(run), 0);
    if (count > 0 && count * 2 > lettersOf(line)) continue;
    for (const run of unknown) kept.add(run);
  }
  return [...kept];
}

function knowsAll(run: string, knows: (character: string) => boolean): boolean {
  for (const character of run) if (character > '\x7f' && !knows(character)) return false;
  return true;
}

function lettersOf(text: string): number {
  return text.match(letters)?.length ?? 0;
}

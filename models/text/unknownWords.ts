// What of a text a model cannot say after it: words and signs with characters that its vocabulary knows by their bytes
// alone. It has hardly met them in training, and makes anything of them; so they are taken out like any protected span.

import { unspaced } from './unspacedScripts';
import { writesSpaces } from './writtenSpaces';

/** Words, those of scripts without spaces apart from the others; and signs, as many as follow each other. */
const runsWith = (unspacedRun: string): RegExp =>
  new RegExp(
    `${unspacedRun}|(?:(?![${unspaced}])[\\p{L}\\p{M}\\p{N}_])+|(?:(?![\\0-\\x7f])[^\\p{L}\\p{N}\\s])+`,
    'gu',
  );
const runs = runsWith(`[${unspaced}]+`);
/** In a language that parts no words by spaces a run is a clause, and to keep all of it is worse than a lost letter. */
const runsWithoutHan = runsWith(`(?:(?!\\p{Script=Han})[${unspaced}])+`);
const beyondAscii = /[^\0-\x7f]/;
const letters = /\p{L}/gu;
const beginsWithLetter = /^[\p{L}\p{N}_]/u;
/** A sign with the marks that belong to it, and what a joiner joins: 👩‍💻. */
const sign = /.\p{M}*(?:\u200d.\p{M}*)*/gsu;

type Knows = (character: string) => boolean;

/**
 * The parts of a text to keep, each once. Of a line that consists of such words for the most part, none: it is in
 * another language than the model's, and that shall be seen.
 *
 * @param knows whether a character has a token of its own
 * @param language of the text: a BCP 47 tag
 */
export function unknownWords(text: string, knows: Knows, language: string): string[] {
  if (!beyondAscii.test(text)) return [];
  const pattern = writesSpaces(language) ? runs : runsWithoutHan;
  const kept = new Set<string>();
  for (const line of text.split('\n')) {
    if (!beyondAscii.test(line)) continue;
    const unknown = (line.match(pattern) ?? []).flatMap((run) => unknownOf(run, knows));
    const count = unknown.reduce((sum, run) => sum + lettersOf(run), 0);
    if (count > 0 && count * 2 > lettersOf(line)) continue;
    for (const run of unknown) kept.add(run);
  }
  return [...kept];
}

/** A word as a whole, since half of one is none; of signs those alone that are unknown. */
function unknownOf(run: string, knows: Knows): string[] {
  if (knowsAll(run, knows)) return [];
  if (beginsWithLetter.test(run)) return [run];
  return run.replace(sign, (one) => (knowsAll(one, knows) ? ' ' : one)).match(/[^ ]+/gu) ?? [];
}

function knowsAll(run: string, knows: Knows): boolean {
  for (const character of run) if (character > '\x7f' && !knowsInAnyCase(character, knows)) return false;
  return true;
}

/** Ö has no token where it is rare, but a model has met it by its bytes as often as its words begin a sentence. */
function knowsInAnyCase(character: string, knows: Knows): boolean {
  const forms = [character, character.toLowerCase(), character.toUpperCase()];
  return forms.some((form) => form > '\x7f' && knows(form));
}

function lettersOf(text: string): number {
  return text.match(letters)?.length ?? 0;
}

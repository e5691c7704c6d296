// Reads the subword-nmt fixture: words as that program sees them, with `</w>` on their last character.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = join(__dirname, '../../fixtures/subword-nmt');
const lines = (file: string): string[] =>
  gunzipSync(readFileSync(join(folder, file)))
    .toString('utf8')
    .trimEnd()
    .split('\n');

export const corpusLines = lines('corpus.txt.gz');
export const appliedLines = lines('applied.txt.gz');
/** Each as `left right`. */
export const expectedMerges = readFileSync(join(folder, 'merges-3000.txt'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1);

/** The words between spaces; the program strips spaces at the ends of a line. */
export function wordsOfLine(line: string): string[] {
  return line.split(' ').filter((word) => word !== '');
}

export function charactersOfWord(word: string): string[] {
  const characters = Array.from(word);
  return characters.map((character, index) =>
    index + 1 < characters.length ? character : `${character}</w>`,
  );
}

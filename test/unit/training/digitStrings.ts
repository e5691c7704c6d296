/** The toy task: strings of digits such as `3 1 4`, whose translation is the string read backwards. */
import { writeFile } from 'node:fs/promises';
import { randomWords } from '../../../models/data/random';

const shortest = 2;
const longest = 10;

/** Strings of 2 to 10 digits, all different; the same for the same seed. */
export function digitStrings(count: number, seed: number): string[] {
  const words = randomWords(seed);
  const strings = new Set<string>();
  while (strings.size < count) {
    const length = shortest + (words() % (longest - shortest + 1));
    strings.add(Array.from({ length }, () => words() % 10).join(' '));
  }
  return [...strings];
}

export function reversed(text: string): string {
  return text.split(' ').reverse().join(' ');
}

/** A corpus: a string, a tab, the string reversed. */
export async function writePairs(file: string, strings: readonly string[]): Promise<void> {
  await writeFile(file, strings.map((text) => `${text}\t${reversed(text)}\n`).join(''));
}

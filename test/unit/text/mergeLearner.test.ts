import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnMerges } from '../../../models/text/mergeLearner';
import type { LearnedMerges, MergeProblem } from '../../../models/text/mergeLearner';
import { charactersOfWord, corpusLines, expectedMerges, wordsOfLine } from './subwordNmt';

function problemOf(
  counts: ReadonlyMap<string, number>,
  split: (word: string) => string[],
): Omit<MergeProblem, 'size'> {
  const symbols: string[] = [];
  const words = [...counts].map(([word, count]) => ({
    count,
    symbols: split(word).map((character) => {
      if (!symbols.includes(character)) symbols.push(character);
      return symbols.indexOf(character);
    }),
  }));
  return { symbols, words };
}

const inText = ({ symbols, merges }: LearnedMerges): string[] =>
  merges.map(([left, right]) => `${symbols[left]} ${symbols[right]}`);

/** The definition: count all pairs, merge the commonest, start again. */
function learnSlowly({ symbols, words, size }: MergeProblem): string[] {
  const texts = words.map((word) => ({
    count: word.count,
    parts: word.symbols.map((symbol) => symbols[symbol]!),
  }));
  const known = new Set(symbols);
  const merges: string[] = [];
  while (known.size < size) {
    const counts = new Map<string, number>();
    for (const { count, parts } of texts) {
      for (let i = 0; i + 1 < parts.length; i++) {
        const pair = `${parts[i]} ${parts[i + 1]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + count);
      }
    }
    const [best] = [...counts].sort((a, b) => b[1] - a[1] || comparePairs(b[0], a[0]));
    if (!best || best[1] < 2) break;
    merges.push(best[0]);
    const [left, right] = best[0].split(' ') as [string, string];
    known.add(left + right);
    for (const text of texts) {
      for (let i = 0; i + 1 < text.parts.length; i++) {
        if (text.parts[i] === left && text.parts[i + 1] === right) text.parts.splice(i, 2, left + right);
      }
    }
  }
  return merges;
}

function comparePairs(a: string, b: string): number {
  const [leftA, rightA] = a.split(' ') as [string, string];
  const [leftB, rightB] = b.split(' ') as [string, string];
  const [x, y] = leftA === leftB ? [rightA, rightB] : [leftA, leftB];
  return x < y ? -1 : x > y ? 1 : 0;
}

describe('learning merges', () => {
  it('gives the 3,000 merges of subword-nmt, ties included', () => {
    const counts = new Map<string, number>();
    for (const line of corpusLines) {
      for (const word of wordsOfLine(line)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const problem = problemOf(counts, charactersOfWord);
    const learned = learnMerges({ ...problem, size: problem.symbols.length + 3000 });
    expect(expectedMerges).toHaveLength(3000);
    expect(inText(learned)).toEqual(expectedMerges);
  });

  it('equals counting anew after each merge', () => {
    const words = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 12 }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(
        words,
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 12, maxLength: 12 }),
        (list, counts) => {
          const problem = problemOf(new Map(list.map((word, i) => [word, counts[i]!])), (word) =>
            Array.from(word),
          );
          expect(inText(learnMerges({ ...problem, size: 20 }))).toEqual(
            learnSlowly({ ...problem, size: 20 }),
          );
        },
      ),
      { seed: 32, numRuns: 500 },
    );
  });

  it('stops at the size wanted and tells how far it is', () => {
    const seen: [number, number][] = [];
    const problem = problemOf(new Map([['abababcd', 9]]), (word) => Array.from(word));
    const { symbols } = learnMerges({ ...problem, size: 6, onProgress: (made, of) => seen.push([made, of]) });
    expect(symbols).toEqual(['a', 'b', 'c', 'd', 'ab', 'abab']);
    expect(seen).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('stops when no pair occurs twice', () => {
    const problem = problemOf(new Map([['abc', 1]]), (word) => Array.from(word));
    expect(learnMerges({ ...problem, size: 100 }).merges).toEqual([]);
  });
});

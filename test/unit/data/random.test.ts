import { describe, expect, it } from 'vitest';
import { normals, randomWords, shuffle } from '../../../models/data/random';

function first(count: number, ...key: number[]): number[] {
  const words = randomWords(...key);
  return Array.from({ length: count }, () => words());
}

describe('randomWords', () => {
  it('repeats itself for the same key', () => {
    expect(first(100, 7, 3)).toEqual(first(100, 7, 3));
  });

  it('gives the words of sfc32', () => {
    // From a second implementation, in Python. Resumed runs depend on them: the order of the pairs, what is held out.
    expect(first(4, 1, 0)).toEqual([2432303627, 3534724422, 150451098, 3484963892]);
    expect(first(4, 7, 2 ** 40 + 3)).toEqual([1216748600, 369534036, 1652184411, 1994686941]);
  });

  it('gives other words for every other key', () => {
    const keys = [[], [0], [1], [0, 0], [0, 1], [1, 0], [1, 2], [2, 1], [2 ** 32], [2 ** 32 + 1], [2 ** 52]];
    const starts = keys.map((key) => first(2, ...key).join());
    expect(new Set(starts).size).toBe(keys.length);
  });

  it('spreads over all 32 bits, even for neighbouring keys', () => {
    const ones = new Array<number>(32).fill(0);
    const keys = 4000;
    for (let key = 0; key < keys; key++) {
      const [word] = first(1, key);
      for (let bit = 0; bit < 32; bit++) ones[bit]! += (word! >>> bit) & 1;
    }
    // Binomial: the standard deviation is √4000/2 ≈ 31.6; five of them.
    for (const count of ones) expect(Math.abs(count - keys / 2)).toBeLessThan(5 * Math.sqrt(keys / 4));
  });
});

describe('shuffle', () => {
  it('keeps every item', () => {
    for (const length of [0, 1, 2, 3, 100]) {
      const items = Uint32Array.from({ length }, (_, index) => index * index);
      shuffle(items, randomWords(length));
      expect(items.toSorted()).toEqual(Uint32Array.from({ length }, (_, index) => index * index));
    }
  });

  it('takes each of the 24 orders of four items equally often', () => {
    const words = randomWords(20);
    const counts = new Map<string, number>();
    const rounds = 24_000;
    for (let round = 0; round < rounds; round++) {
      const items = [0, 1, 2, 3];
      shuffle(items, words);
      counts.set(items.join(), (counts.get(items.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const expected = rounds / 24;
    const chiSquare = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    // 23 degrees of freedom: 49.7 is exceeded once in a thousand.
    expect(chiSquare).toBeLessThan(49.7);
  });
});

describe('normals', () => {
  const count = 100_000;
  const normal = normals(randomWords(5));
  const values = Array.from({ length: count }, normal);
  const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / count;

  it('have the moments of the standard normal distribution', () => {
    // Each bound is about four standard errors.
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
  });

  it('do not depend on their neighbours', () => {
    const products = values.slice(1).reduce((sum, value, index) => sum + value * values[index]!, 0);
    expect(Math.abs(products / count)).toBeLessThan(4 / Math.sqrt(count));
  });

  it('are finite for the smallest and the largest word', () => {
    for (const word of [0, 2 ** 32 - 1]) {
      const normal = normals(() => word);
      expect([normal(), normal()].every(Number.isFinite)).toBe(true);
    }
  });
});

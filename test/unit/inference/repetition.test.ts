/** Which repetitions are cut, and which are speech. */
import { describe, expect, it } from 'vitest';
import { longestRepetition, repeatedTail } from '../../../models/inference/repetition';

const counted = (length: number, from = 100): number[] => Array.from({ length }, (_, index) => from + index);
const repeat = (cycle: readonly number[], times: number): number[] =>
  Array.from({ length: times }, () => cycle).flat();
const words = (text: string): number[] => {
  const known = [...new Set(text.split(' '))];
  return text.split(' ').map((word) => known.indexOf(word));
};

describe('a runaway', () => {
  it.each(counted(12, 1))('of cycle %i is found as soon as it is said often enough, not before', (length) => {
    const cycle = counted(length, 50);
    const needed = Math.max(4 * length, 12);
    const said = [1, 2, 3, ...repeat(cycle, 20)];
    for (let end = 0; end < 3 + needed; end++) expect(repeatedTail(said.slice(0, end))).toBe(0);
    // Cutting leaves the cycle once.
    expect(repeatedTail(said.slice(0, 3 + needed))).toBe(needed - length);
  });

  it('is found at once when it begins with the text', () => {
    expect(repeatedTail(repeat([7], 12))).toBe(11);
    expect(repeatedTail(repeat([7, 8], 6))).toBe(10);
  });

  it('of longer cycles is left to the longest length', () => {
    expect(repeatedTail(repeat(counted(13), 9))).toBe(0);
  });
});

describe('speech', () => {
  it.each([
    'no , no , no , no , no !',
    'a b c a b c a b c',
    'the more you look the more you see , and the more you see the more you know',
    'row by row , page by page , day by day , year by year , and so on',
    'ha ha ha ha ha ha ha ha ha ha ha',
    'x = 0 , y = 0 , z = 0 , u = 0 , v = 0 , w = 0',
  ])('is not cut: %s', (text) => {
    const tokens = words(text);
    for (let end = 1; end <= tokens.length; end++) expect(repeatedTail(tokens.slice(0, end))).toBe(0);
  });

  it('may repeat itself eleven tokens further than its source', () => {
    const source = [1, ...repeat([9], 30), 2];
    expect(longestRepetition(source)).toBe(30);
    expect(repeatedTail([5, ...repeat([9], 41)], 30)).toBe(0);
    // What the source holds stays.
    expect(repeatedTail([5, ...repeat([9], 42)], 30)).toBe(12);
  });
});

describe('a source’s longest repetition', () => {
  it.each([
    [[], 0],
    [[1, 2, 3], 0],
    [[1, 2, 1, 3], 0],
    [[1, 1], 2],
    [[5, 1, 2, 1, 2, 6], 4],
    [[5, 1, 2, 1, 2, 1, 6], 5],
    [[...counted(12), ...counted(12)], 24],
    [[...counted(13), ...counted(13)], 0],
    [[1, 1, 1, 5, 2, 3, 2, 3, 2, 3], 6],
  ])('of %j is %i', (tokens, expected) => expect(longestRepetition(tokens)).toBe(expected));
});

/** Damaged text keeps everything but the order of letters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomWords } from '../../../models/data/random';
import { shuffleLetters } from '../../../models/data/shuffledLetters';
import { findProtectedSpans } from '../../../models/text/protectedSpans';

const shuffled = (text: string, share: number, seed = 1): string =>
  shuffleLetters(text, share, randomWords(seed));

describe('shuffled letters', () => {
  const text =
    'Opening the configuration of %(username)s in /usr/share/documents failed, says the Übersetzer.';

  it('stay within their words; protected spans and short words stay as they are', () => {
    const result = shuffled(text, 1);
    expect(result).not.toBe(text);
    for (const [start, end] of findProtectedSpans(text).map(({ start, end }) => [start, end] as const))
      expect(result.slice(start, end)).toBe(text.slice(start, end));
    expect(result).toMatch(/ of .* in /);
    const letters = (of: string): string[] => of.split(' ').map((word) => Array.from(word).sort().join(''));
    expect(letters(result)).toEqual(letters(text));
  });

  it('are as many as asked for', () => {
    const words = Array.from({ length: 1000 }, () => 'abcdefgh').join(' ');
    const changed = (share: number): number =>
      shuffled(words, share)
        .split(' ')
        .filter((word) => word !== 'abcdefgh').length;
    expect(changed(0)).toBe(0);
    expect(Math.abs(changed(0.25) - 250)).toBeLessThan(40);
    expect(changed(1)).toBeGreaterThan(990);
  });

  it('are the same for the same random numbers', () => {
    expect(shuffled(text, 0.5, 7)).toBe(shuffled(text, 0.5, 7));
    expect(shuffled(text, 0.5, 7)).not.toBe(shuffled(text, 0.5, 8));
  });

  it('keep every character whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (any) => {
        expect(Array.from(shuffled(any, 1)).sort()).toEqual(Array.from(any).sort());
      }),
      { seed: 20_261_128, numRuns: 300 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { encodePairs, protectPairs, type ProtectedPair } from '../../../models/data/encodePairs';
import { learnVocabulary } from '../../../models/text/learnVocabulary';
import type { Piece } from '../../../models/text/pieces';
import { isPlaceholder, placeholderIndex } from '../../../models/text/reservedTokens';

const pairs = Array.from({ length: 2000 }, (_, index) => ({
  source: `Copy %s to {path} or ${'ab'.repeat(index % 5)} leave it, %d times`,
  target: `%d-mal nach {path} kopieren: %s (oder ${'ab'.repeat(index % 5)} lassen) {other}`,
}));

const placeholders = (pieces: readonly Piece[]): number[] =>
  pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.placeholder]));

const byNumber = (a: number, b: number): number => a - b;

describe('protectPairs', () => {
  const protectedPairs = [...protectPairs(pairs, 1)];

  it('puts the same placeholders on both sides, those that both hold alone', () => {
    for (const { source, target } of protectedPairs) {
      expect(placeholders(source)).toHaveLength(3);
      expect(placeholders(target).sort(byNumber)).toEqual(placeholders(source).sort(byNumber));
      expect(target.filter((piece) => typeof piece === 'string').join('')).toContain('{other}');
    }
  });

  it('gives a span the same number on both sides', () => {
    for (const { source, target } of protectedPairs) {
      const [string, path, number] = placeholders(source);
      expect(placeholders(target)).toEqual([number, path, string]);
    }
  });

  it('numbers half of the pairs from 0 and the others from anywhere', () => {
    const firsts = protectedPairs.map(({ source }) => placeholders(source)[0]!);
    const counts = Array.from(
      { length: 16 },
      (_, number) => firsts.filter((first) => first === number).length,
    );
    expect(counts[0]! / pairs.length).toBeGreaterThan(0.47);
    expect(counts[0]! / pairs.length).toBeLessThan(0.59);
    for (const count of counts.slice(1)) expect(count).toBeGreaterThan(30);
  });

  it('repeats itself for a seed, and for another seed numbers otherwise', () => {
    expect([...protectPairs(pairs, 1)]).toEqual(protectedPairs);
    expect([...protectPairs(pairs, 2)]).not.toEqual(protectedPairs);
  });
});

describe('encodePairs', () => {
  const protectedPairs = [...protectPairs(pairs, 1)];
  const texts = protectedPairs.flatMap(({ source, target }) => [source, target]);
  const vocabulary = learnVocabulary(texts, { size: 400 });

  it('gives ids whose pieces are the pair again', () => {
    const encoded = [...encodePairs(protectedPairs, vocabulary, 1000)];
    expect(encoded).toHaveLength(pairs.length);
    encoded.forEach((pair, index) => {
      const { source, target } = pair!;
      expect(vocabulary.decodePieces(source)).toEqual(protectedPairs[index]!.source);
      expect(vocabulary.decodePieces(target)).toEqual(protectedPairs[index]!.target);
      const numbers = (ids: Iterable<number>): number[] =>
        [...ids].filter(isPlaceholder).map(placeholderIndex).sort(byNumber);
      expect(numbers(source)).toEqual(numbers(target));
    });
  });

  it('leaves out pairs that are too long on either side, or empty on one', () => {
    const some: ProtectedPair[] = [
      { source: ['a b c d'], target: ['a'] },
      { source: ['a'], target: ['a b c d'] },
      { source: [], target: ['a'] },
      { source: ['a'], target: [] },
      { source: ['a b'], target: ['b a'] },
    ];
    const length = vocabulary.encodeIds('a b').length;
    expect(vocabulary.encodeIds('a b c d').length).toBeGreaterThan(length);
    const encoded = [...encodePairs(some, vocabulary, length)];
    expect(encoded).toEqual([
      ...new Array<undefined>(4).fill(undefined),
      { source: vocabulary.encodeIds('a b'), target: vocabulary.encodeIds('b a') },
    ]);
  });
});

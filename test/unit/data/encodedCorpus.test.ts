import { describe, expect, it } from 'vitest';
import { EncodedCorpus } from '../../../models/data/encodedCorpus';

describe('EncodedCorpus', () => {
  it('gives back what was put in', () => {
    const corpus = EncodedCorpus.from([
      { source: [5, 6, 7], target: [8] },
      { source: [9], target: [10, 11] },
    ]);
    expect(corpus.size).toBe(2);
    expect([...corpus.source(0)]).toEqual([5, 6, 7]);
    expect([...corpus.target(0)]).toEqual([8]);
    expect([...corpus.source(1)]).toEqual([9]);
    expect([...corpus.target(1)]).toEqual([10, 11]);
    expect([corpus.sourceLength(0), corpus.targetLength(0)]).toEqual([3, 1]);
    expect([corpus.sourceLength(1), corpus.targetLength(1)]).toEqual([1, 2]);
  });

  it('may be empty', () => {
    const corpus = EncodedCorpus.from([]);
    expect(corpus.size).toBe(0);
  });

  it('grows beyond what it starts with', () => {
    // One side alone is more than twice as long as the first room for tokens.
    const long = Array.from({ length: 150_000 }, (_, index) => index);
    const corpus = EncodedCorpus.from([
      { source: [1], target: [2] },
      { source: long, target: [3] },
      { source: [4], target: long },
    ]);
    expect(corpus.source(1).join()).toBe(long.join());
    expect(corpus.target(2).join()).toBe(long.join());
    expect([...corpus.target(1), ...corpus.source(2)]).toEqual([3, 4]);
  });
});

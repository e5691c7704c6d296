import { describe, expect, it } from 'vitest';
import { makeBatch, planEpoch } from '../../../models/data/batches';
import { EncodedCorpus } from '../../../models/data/encodedCorpus';
import { normals, randomWords } from '../../../models/data/random';

const framing = { padding: 0, start: 1, end: 2 };

/** A corpus of pairs with these lengths; the tokens do not matter. */
function corpusOf(lengths: readonly (readonly [source: number, target: number])[]): EncodedCorpus {
  const tokens = (length: number): number[] => Array.from({ length }, (_, index) => 300 + index);
  return EncodedCorpus.from(
    lengths.map(([source, target]) => ({ source: tokens(source), target: tokens(target) })),
  );
}

/**
 * Lengths in tokens as they were measured on messages of software, English and German, with a vocabulary of 8,000: the
 * logarithm of the source's length is 2.0 ± 0.71; targets are a tenth longer, give or take a third where the source is
 * short and an eighth where it is long.
 */
function realisticLengths(pairs: number): [source: number, target: number][] {
  const normal = normals(randomWords(11));
  const whole = (value: number): number => Math.min(200, Math.max(1, Math.round(value)));
  return Array.from({ length: pairs }, () => {
    const source = whole(Math.exp(2 + 0.71 * normal()));
    const spread = source <= 5 ? 0.33 : source <= 15 ? 0.24 : source <= 50 ? 0.16 : 0.13;
    return [source, whole(source * Math.exp(0.1 + spread * normal()))];
  });
}

describe('planEpoch', () => {
  const lengths = realisticLengths(50_000);
  const corpus = corpusOf(lengths);
  const plan = planEpoch(corpus, 2500, 1, 0);

  it('takes every pair exactly once', () => {
    const pairs = plan.flatMap((batch) => [...batch]).sort((a, b) => a - b);
    expect(pairs).toEqual(Array.from({ length: corpus.size }, (_, pair) => pair));
  });

  it('keeps to the budget on both sides', () => {
    for (const pairs of plan) {
      const batch = makeBatch(corpus, pairs, framing);
      expect(batch.size * Math.max(batch.sourceLength, batch.targetLength)).toBeLessThanOrEqual(2500);
    }
  });

  it('fills at least 90 % of the positions with tokens', () => {
    let filled = 0;
    let positions = 0;
    for (const pairs of plan) {
      const { size, sourceLength, targetLength } = makeBatch(corpus, pairs, framing);
      positions += size * (sourceLength + targetLength);
      for (const pair of pairs) filled += corpus.sourceLength(pair) + 1 + corpus.targetLength(pair) + 1;
    }
    expect(filled / positions).toBeGreaterThan(0.9);
  });

  it('is the same for the same seed and epoch, and another for others', () => {
    expect(planEpoch(corpus, 2500, 1, 0)).toEqual(plan);
    for (const other of [planEpoch(corpus, 2500, 1, 1), planEpoch(corpus, 2500, 2, 0)]) {
      expect(other.map(String)).not.toEqual(plan.map(String));
      // Not only the batches' order: who stands beside whom changes as well.
      const known = new Set(plan.map((batch) => batch.toSorted().join()));
      const repeated = other.filter((batch) => known.has(batch.toSorted().join()));
      expect(repeated.length).toBeLessThan(plan.length / 4);
    }
  });

  it('mixes short and long batches', () => {
    const longest = plan.map((pairs) => Math.max(...Array.from(pairs, (pair) => corpus.targetLength(pair))));
    const rising = longest.slice(1).filter((length, index) => length >= longest[index]!).length;
    expect(rising / plan.length).toBeGreaterThan(0.3);
    expect(rising / plan.length).toBeLessThan(0.7);
  });

  it('gives a pair that is longer than the budget a batch of its own', () => {
    const few = corpusOf([
      [3, 3],
      [40, 5],
      [3, 3],
      [5, 40],
    ]);
    const batches = planEpoch(few, 16, 1, 0).map((pairs) => [...pairs].sort());
    expect(batches.sort()).toEqual([[0, 2], [1], [3]]);
    expect(planEpoch(corpusOf([[40, 40]]), 16, 1, 0)).toEqual([Uint32Array.of(0)]);
  });

  it('counts the end of a sentence, and the longer of the two sides', () => {
    const four = corpusOf([
      [3, 1],
      [3, 1],
      [3, 1],
      [3, 1],
    ]);
    expect(planEpoch(four, 16, 1, 0).map((pairs) => pairs.length)).toEqual([4]);
    expect(
      planEpoch(four, 15, 1, 0)
        .map((pairs) => pairs.length)
        .sort(),
    ).toEqual([1, 3]);
  });

  it('has no batch for no pair', () => {
    expect(planEpoch(corpusOf([]), 100, 1, 0)).toEqual([]);
  });
});

describe('makeBatch', () => {
  const corpus = EncodedCorpus.from([
    { source: [300, 301, 302], target: [400] },
    { source: [303], target: [401, 402] },
    { source: [999], target: [999, 999, 999, 999] },
  ]);

  it('frames and pads', () => {
    const batch = makeBatch(corpus, [0, 1], framing);
    expect(batch).toEqual({
      size: 2,
      sourceLength: 4,
      targetLength: 3,
      // prettier-ignore
      sourceIds: Int32Array.of(
        300, 301, 302, 2,
        303, 2, 0, 0,
      ),
      // prettier-ignore
      targetIds: Int32Array.of(
        1, 400, 0,
        1, 401, 402,
      ),
      rows: Int32Array.of(0, 1, 3, 4, 5),
      labels: Int32Array.of(400, 2, 401, 402, 2),
    });
  });

  it('uses the framing that it is given', () => {
    const batch = makeBatch(corpus, [0], { padding: 9, start: 8, end: 7 });
    expect([...batch.sourceIds]).toEqual([300, 301, 302, 7]);
    expect([...batch.targetIds]).toEqual([8, 400]);
    expect([...batch.labels]).toEqual([400, 7]);
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
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
  const plan = planEpoch(corpus, { tokens: 2500, seed: 1, epoch: 0 });

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

  it('is the same for the same seed and epoch, and another for others', () => {
    expect(planEpoch(corpus, { tokens: 2500, seed: 1, epoch: 0 })).toEqual(plan);
    for (const other of [
      planEpoch(corpus, { tokens: 2500, seed: 1, epoch: 1 }),
      planEpoch(corpus, { tokens: 2500, seed: 2, epoch: 0 }),
    ]) {
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
    const batches = planEpoch(few, { tokens: 16, seed: 1, epoch: 0 }).map((pairs) => [...pairs].sort());
    expect(batches.sort()).toEqual([[0, 2], [1], [3]]);
    expect(planEpoch(corpusOf([[40, 40]]), { tokens: 16, seed: 1, epoch: 0 })).toEqual([Uint32Array.of(0)]);
  });

  it('counts the end of a sentence, and the longer of the two sides', () => {
    const four = corpusOf([
      [3, 1],
      [3, 1],
      [3, 1],
      [3, 1],
    ]);
    expect(planEpoch(four, { tokens: 16, seed: 1, epoch: 0 }).map((pairs) => pairs.length)).toEqual([4]);
    expect(
      planEpoch(four, { tokens: 15, seed: 1, epoch: 0 })
        .map((pairs) => pairs.length)
        .sort(),
    ).toEqual([1, 3]);
  });

  it('has no batch for no pair', () => {
    expect(planEpoch(corpusOf([]), { tokens: 100, seed: 1, epoch: 0 })).toEqual([]);
  });
});

describe('weights', () => {
  const corpus = corpusOf(realisticLengths(1000));
  const counts = (weights: readonly [number, number, number], epoch: number): number[] => {
    const parts = [300, 500, 200].map((pairs, part) => ({ pairs, weight: weights[part]! }));
    const seen = new Array<number>(1000).fill(0);
    for (const batch of planEpoch(corpus, { tokens: 500, seed: 3, epoch, parts })) {
      for (const pair of batch) seen[pair]!++;
    }
    return seen;
  };
  const parts = (seen: readonly number[]): number[][] => [
    seen.slice(0, 300),
    seen.slice(300, 800),
    seen.slice(800),
  ];

  it('say how often the pairs of a corpus are seen in an epoch', () => {
    const [first, second, third] = parts(counts([2, 1, 3], 0));
    expect([...new Set(first), ...new Set(second), ...new Set(third)]).toEqual([2, 1, 3]);
  });

  it('that are no whole numbers add some of the pairs, others each epoch, and all of them in time', () => {
    const epochs = [0, 1, 2].map((epoch) => parts(counts([0.5, 1, 1.25], epoch)));
    for (const [first, second, third] of epochs) {
      expect(first!.filter((times) => times === 1)).toHaveLength(150);
      expect(first!.filter((times) => times === 0)).toHaveLength(150);
      expect(second!.every((times) => times === 1)).toBe(true);
      expect(third!.filter((times) => times === 2)).toHaveLength(50);
      expect(third!.filter((times) => times === 1)).toHaveLength(150);
    }
    expect(epochs[0]![0]).not.toEqual(epochs[1]![0]);
    const half = Array.from({ length: 30 }, (_, epoch) => parts(counts([0.5, 1, 1], epoch))[0]!);
    for (let pair = 0; pair < 300; pair++) expect(half.some((seen) => seen[pair] === 1)).toBe(true);
  });

  it('of 1 are the order without weights', () => {
    const plain = planEpoch(corpus, { tokens: 500, seed: 3, epoch: 7 });
    const one = { pairs: corpus.size, weight: 1 };
    expect(planEpoch(corpus, { tokens: 500, seed: 3, epoch: 7, parts: [one] })).toEqual(plain);
  });
});

/** How many pairs of a corpus have a source and a target of how many tokens; see the fixtures' README. */
function measuredLengths(name: string): { source: Uint16Array; target: Uint16Array } {
  const packed = readFileSync(path.join(import.meta.dirname, `../../fixtures/lengths/${name}.txt.gz`));
  const rows = gunzipSync(packed)
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number) as [source: number, target: number, pairs: number]);
  const count = rows.reduce((sum, [, , pairs]) => sum + pairs, 0);
  const lengths = { source: new Uint16Array(count), target: new Uint16Array(count) };
  let place = 0;
  for (const [source, target, pairs] of rows) {
    lengths.source.fill(source, place, place + pairs);
    lengths.target.fill(target, place, (place += pairs));
  }
  return lengths;
}

describe.each([
  ['multi30k', 28_995],
  ['software-docs', 539_912],
])('batches of %s', (name, pairs) => {
  const { source, target } = measuredLengths(name);
  const corpus = {
    size: source.length,
    sourceLength: (pair: number) => source[pair]!,
    targetLength: (pair: number) => target[pair]!,
  };

  it.each([2500, 25_000])('of %i tokens a side hold at least 90 % tokens on either side', (tokens) => {
    expect(corpus.size).toBe(pairs);
    const filled = [0, 0];
    const positions = [0, 0];
    let overfull = 0;
    for (const batch of planEpoch(corpus, { tokens, seed: 1, epoch: 0 })) {
      [corpus.sourceLength, corpus.targetLength].forEach((lengthOf, side) => {
        let longest = 0;
        for (const pair of batch) {
          longest = Math.max(longest, lengthOf(pair) + 1);
          filled[side]! += lengthOf(pair) + 1;
        }
        if (longest * batch.length > tokens) overfull++;
        positions[side]! += longest * batch.length;
      });
    }
    expect(overfull).toBe(0);
    expect(filled[0]! / positions[0]!).toBeGreaterThan(0.9);
    expect(filled[1]! / positions[1]!).toBeGreaterThan(0.9);
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

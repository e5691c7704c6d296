/** What is read off attention weights: heads, means, and the three numbers of each head, against values made by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statisticsOf } from '../../../webview/attention/statistics';
import {
  headOf,
  meanOf,
  shownHeads,
  shownMatrix,
  strongest,
  weightAt,
  type Matrix,
} from '../../../webview/attention/weights';

const weights = {
  heads: 2,
  queries: 2,
  keys: 3,
  weights: Float32Array.of(1, 0, 0, 0, 0.5, 0.5, 0, 0, 1, 0.25, 0.25, 0.5),
};

describe('weights', () => {
  it('of one head are a view of all', () => {
    const second = headOf(weights, 1);
    expect([...second.values]).toEqual([0, 0, 1, 0.25, 0.25, 0.5]);
    expect(second.values.buffer).toBe(weights.weights.buffer);
    expect(weightAt(second, 1, 2)).toBe(0.5);
    // A model with fewer heads shows its last.
    expect(headOf(weights, 7).values).toEqual(second.values);
  });

  it('of one head are the same ones every time, so that they are not painted anew', () => {
    expect(headOf(weights, 0).values).toBe(headOf(weights, 0).values);
    expect(shownMatrix(weights, [1])).toBe(headOf(weights, 1));
    expect(headOf({ ...weights }, 0)).not.toBe(headOf(weights, 0));
  });

  it('of heads that are not there are not those of others', () => {
    expect(shownHeads([1, 6], 4)).toEqual([1]);
    expect(shownHeads([6], 4)).toEqual([]);
    expect(shownHeads([], 3)).toEqual([0, 1, 2]);
    expect([...meanOf(weights, [6, 7]).values]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('of several heads are their mean; of none named, of all', () => {
    expect([...meanOf(weights, [0, 1]).values]).toEqual([0.5, 0, 0.5, 0.125, 0.375, 0.5]);
    expect(meanOf(weights, [])).toEqual(meanOf(weights, [0, 1]));
    expect(meanOf(weights, [1, 9]).values).toEqual(headOf(weights, 1).values);
  });

  it('of a query or a key can be ranked, without those that are nothing', () => {
    const head = headOf(weights, 1);
    expect(strongest(head, 'queries', 1, 2)).toEqual([
      { index: 2, weight: 0.5 },
      { index: 0, weight: 0.25 },
    ]);
    expect(strongest(head, 'queries', 0, 3)).toEqual([{ index: 2, weight: 1 }]);
    expect(strongest(head, 'keys', 2, 3)).toEqual([
      { index: 0, weight: 1 },
      { index: 1, weight: 0.5 },
    ]);
  });
});

const matrix = (queries: number, keys: number, ...values: number[]): Matrix => ({
  queries,
  keys,
  values: Float32Array.from(values),
});

describe('the numbers of a head', () => {
  it.each([
    ['looks at itself', matrix(3, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1), { entropy: 0, distance: 0, diagonal: 1 }],
    [
      'looks at the first',
      matrix(3, 3, 1, 0, 0, 1, 0, 0, 1, 0, 0),
      { entropy: 0, distance: 1, diagonal: 2 / 3 },
    ],
    ['looks everywhere', matrix(1, 4, 0.25, 0.25, 0.25, 0.25), { entropy: 2, distance: 1.5, diagonal: 0.5 }],
    ['has twice as many keys', matrix(2, 3, 1, 0, 0, 0, 0, 1), { entropy: 0, distance: 0, diagonal: 1 }],
    ['is empty', matrix(0, 0), { entropy: 0, distance: 0, diagonal: 0 }],
  ])('that %s', (_name, of, expected) => {
    const numbers = statisticsOf(of);
    for (const key of ['entropy', 'distance', 'diagonal'] as const)
      expect(numbers[key]).toBeCloseTo(expected[key], 6);
  });

  it('stay within their limits for any weights', () => {
    const row = fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const values = rows.flatMap((scores) => {
          const sum = scores.reduce((total, score) => total + score, 0);
          return scores.map((score) => score / sum);
        });
        const { entropy, distance, diagonal } = statisticsOf(matrix(rows.length, 5, ...values));
        expect(entropy).toBeGreaterThanOrEqual(0);
        expect(entropy).toBeLessThanOrEqual(Math.log2(5) + 1e-4);
        expect(distance).toBeLessThanOrEqual(4);
        expect(diagonal).toBeGreaterThan(0);
        expect(diagonal).toBeLessThanOrEqual(1 + 1e-4);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

/** Rank correlation and reliability tables, by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankCorrelation, reliabilityTable, type Rated } from '../../../models/evaluation/reliability';

const rated = (...pairs: readonly [confidence: number, quality: number][]): Rated[] =>
  pairs.map(([confidence, quality]) => ({ confidence, quality }));

describe('the rank correlation', () => {
  it('is 1 for the same order, −1 for the reverse, whatever the distances', () => {
    expect(rankCorrelation(rated([0, 0.1], [0.5, 0.2], [0.6, 0.9]))).toBeCloseTo(1, 12);
    expect(rankCorrelation(rated([0, 0.9], [0.5, 0.2], [0.6, 0.1]))).toBeCloseTo(-1, 12);
  });

  it('is what scipy.stats.spearmanr says, with ties on both sides', () => {
    // spearmanr([.1, .4, .4, .2, .9, .4, .7], [.3, .5, .2, .2, .8, .6, .5]).statistic
    const both = rated([0.1, 0.3], [0.4, 0.5], [0.4, 0.2], [0.2, 0.2], [0.9, 0.8], [0.4, 0.6], [0.7, 0.5]);
    expect(rankCorrelation(both)).toBeCloseTo(0.6793662204867575, 12);
  });

  it('does not exist where a side never changes, or there is nothing', () => {
    expect(rankCorrelation(rated([0.5, 0.1], [0.5, 0.2]))).toBeUndefined();
    expect(rankCorrelation(rated([0.1, 0.5], [0.2, 0.5]))).toBeUndefined();
    expect(rankCorrelation([])).toBeUndefined();
  });
});

describe('the reliability table', () => {
  it('counts and averages within tenths, the last with its upper end', () => {
    const table = reliabilityTable(rated([0.2, 0.1], [0.25, 0.5], [0.3, 0.7], [0.95, 0.8], [1, 0.9]));
    expect(table.map(({ from, to, count }) => [from, to, count])).toEqual([
      [0.2, 0.3, 2],
      [0.3, 0.4, 1],
      [0.9, 1, 2],
    ]);
    expect(table[0]!.confidence).toBeCloseTo(0.225, 12);
    expect(table[0]!.quality).toBeCloseTo(0.3, 12);
    expect(table[2]!.quality).toBeCloseTo(0.85, 12);
  });

  it('holds every rating once', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ confidence: share, quality: share })), (ratings) => {
        const table = reliabilityTable(ratings);
        expect(table.reduce((sum, { count }) => sum + count, 0)).toBe(ratings.length);
        for (const { from, to, confidence } of table) {
          expect(confidence).toBeGreaterThanOrEqual(from - 1e-9);
          expect(confidence).toBeLessThanOrEqual(to + 1e-9);
        }
      }),
      { seed: 20_261_127, numRuns: 300 },
    );
  });
});

/** A confidence is a number from 0 to 1 that never falls where something gets better. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceOf, featuresOf } from '../../../models/inference/confidence';
import { attend, coverageOf } from '../../../models/inference/coverage';
import { featureNames, type Calibration } from '../../../models/storage/calibration';
import { endId, firstLearnedId, placeholderToken } from '../../../models/text/reservedTokens';
import { anyCalibration, anyFeatures } from './calibrations';

const fixedSeed = 20_261_124;

describe('a confidence', () => {
  it('is a number from 0 to 1', () => {
    fc.assert(
      fc.property(anyCalibration, anyFeatures, (calibration, features) => {
        const confidence = confidenceOf(features, calibration);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
      { seed: fixedSeed, numRuns: 2000 },
    );
  });

  it('does not fall where a feature rises', () => {
    let rises = 0;
    fc.assert(
      fc.property(
        anyCalibration,
        anyFeatures,
        fc.constantFrom(...featureNames),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (calibration, features, name, more) => {
          const better = { ...features, [name]: features[name] + more };
          const [before, after] = [confidenceOf(features, calibration), confidenceOf(better, calibration)];
          expect(after).toBeGreaterThanOrEqual(before - 1e-12);
          if (after > before) rises++;
        },
      ),
      { seed: fixedSeed, numRuns: 2000 },
    );
    expect(rises).toBeGreaterThan(200);
  });

  const calibration: Calibration = {
    weights: { probability: 1, familiarity: 2, coverage: 4 },
    knots: [
      { score: 0, confidence: 0.2 },
      { score: 1, confidence: 0.4 },
      { score: 3, confidence: 0.9 },
    ],
  };
  const at = (probability: number, familiarity = 0, coverage = 0): number =>
    confidenceOf({ probability, familiarity, coverage }, calibration);

  it.each([
    [-5, 0.2],
    [0, 0.2],
    [0.25, 0.25],
    [1, 0.4],
    [2, 0.65],
    [3, 0.9],
    [7, 0.9],
  ])('lies on the straight lines between the knots, and level beyond: %d → %d', (score, confidence) => {
    expect(at(score)).toBeCloseTo(confidence, 12);
  });

  it('is of the weighted sum of the features', () => {
    expect(at(0.5, -0.25, 0.5)).toBeCloseTo(0.65, 12);
  });

  it('is the least where a feature is no number', () => {
    expect(at(NaN)).toBe(0.2);
  });
});

describe('familiarity', () => {
  const familiarity = (text: string, tokens: number, placeholders = 0): number => {
    const spans = Array.from({ length: placeholders }, (_, placeholder) => ({ placeholder }));
    const ids = [
      ...Array.from({ length: tokens }, () => firstLearnedId),
      ...spans.map(({ placeholder }) => placeholderToken(placeholder)),
      endId,
    ];
    return featuresOf([text, ...spans], ids, { probability: 1, attended: ids.map(() => 0) }).familiarity;
  };

  it('is 0 from four bytes a token on, and the logarithm of what is missing below', () => {
    expect(familiarity('familiar', 1)).toBe(0);
    expect(familiarity('familiar', 2)).toBe(0);
    expect(familiarity('familiar', 8)).toBeCloseTo(Math.log(1 / 4), 12);
  });

  it('counts bytes of UTF-8 and no placeholders', () => {
    expect(familiarity('文', 3)).toBeCloseTo(Math.log(1 / 4), 12);
    expect(familiarity('familiar', 8, 3)).toBeCloseTo(Math.log(1 / 4), 12);
  });
});

describe('coverage', () => {
  it('is 1 where all of the source but its end is attended to once, and less for too little and too much', () => {
    expect(coverageOf([1, 1, 7])).toBe(1);
    expect(coverageOf([0, 1, 1])).toBe(0.5);
    expect(coverageOf([1, 1.5, 1])).toBe(0.75);
    expect(coverageOf([9, 0])).toBe(-7);
  });

  it('sums means over layers and heads of the hypothesis asked for, without the padding', () => {
    const dims = [2, 3, 2, 1, 4] as const;
    const data = Float32Array.from({ length: 48 }, (_, index) => index);
    const before = [100, 200];
    const after = attend(before, { data, dims }, 1);
    // Row 1 of three: layer 0 has its heads at 8 and 12, layer 1 at 32 and 36.
    expect([...after]).toEqual([100 + (8 + 12 + 32 + 36) / 4, 200 + (9 + 13 + 33 + 37) / 4]);
    expect([...before]).toEqual([100, 200]);
  });
});

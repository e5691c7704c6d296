/** A calibration says what it was fitted to. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normals, randomWords } from '../../../models/data/random';
import { confidenceOf, scoreOf } from '../../../models/inference/confidence';
import { fitCalibration, type Example } from '../../../models/inference/fitCalibration';
import { readCalibration, writeCalibration } from '../../../models/storage/calibration';
import { temporaryFolder } from '../temporaryFolder';
import { anyFeatures } from './calibrations';
import { makeModelFolder } from './modelFolder';

const fixedSeed = 20_261_125;

/** Examples whose quality is a line of their features, with noise. */
function examplesOf(count: number, noise: number): Example[] {
  const normal = normals(randomWords(3));
  return Array.from({ length: count }, () => {
    const [probability, familiarity, coverage] = [0.6 + normal() / 6, normal() / 5, 0.8 + normal() / 10];
    const quality = 0.1 + 0.6 * probability + 0.3 * familiarity - 0.4 * coverage + noise * normal();
    return {
      features: { probability, familiarity, coverage },
      quality: Math.min(1, Math.max(0, quality + 0.2)),
    };
  });
}

describe('a fitted calibration', () => {
  const examples = examplesOf(4000, 0.05);
  const { weights, knots } = fitCalibration(examples);

  it('finds what the quality is made of, and holds nothing good against a segment', () => {
    expect(weights.probability).toBeCloseTo(0.6, 1);
    expect(weights.familiarity).toBeCloseTo(0.3, 1);
    expect(weights.coverage).toBe(0);
  });

  it('gives in each tenth of the confidences the quality that was there', () => {
    const sorted = examples
      .map(({ features, quality }) => ({ confidence: confidenceOf(features, { weights, knots }), quality }))
      .sort((a, b) => a.confidence - b.confidence);
    for (let start = 0; start < sorted.length; start += 400) {
      const tenth = sorted.slice(start, start + 400);
      const mean = (key: 'confidence' | 'quality'): number =>
        tenth.reduce((sum, one) => sum + one[key], 0) / tenth.length;
      expect(Math.abs(mean('confidence') - mean('quality'))).toBeLessThan(0.02);
    }
    expect(knots.length).toBeGreaterThan(10);
  });

  it('is level where scores say nothing of the quality', () => {
    const contrary = examples.map(({ features }) => ({ features, quality: 0.5 - features.probability / 4 }));
    expect(fitCalibration(contrary).weights.probability).toBe(0);
    const falling = Array.from({ length: 400 }, (_, index) => ({
      // Rises over all, falls from its tenth part to its end: all but the first groups are one pool.
      features: { probability: index / 400, familiarity: 0, coverage: 0 },
      quality: index < 40 ? 0 : 0.9 - index / 1000,
    }));
    const level = fitCalibration(falling);
    expect(level.knots).toHaveLength(2);
    expect(level.knots[0]!.confidence).toBe(0);
    expect(level.knots[1]!.confidence).toBeCloseTo(0.9 - 0.2195, 4);
    const middle = scoreOf({ probability: 0.54875, familiarity: 0, coverage: 0 }, level.weights);
    expect(level.knots[1]!.score).toBeCloseTo(middle, 4);
  });

  it('leaves out a feature that never changes', () => {
    const constant = examples.map(({ features, quality }) => ({
      features: { ...features, familiarity: 0.1 },
      quality,
    }));
    expect(fitCalibration(constant).weights.familiarity).toBe(0);
  });

  it('needs examples', () => {
    expect(() => fitCalibration([])).toThrow(RangeError);
  });

  const inFolder = temporaryFolder('fit');
  it('can be written and is read as it was, whatever it was fitted to', async () => {
    const folder = await makeModelFolder(inFolder('model'));
    const anyExample = fc.record({
      features: anyFeatures,
      quality: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyExample, { minLength: 1, maxLength: 60 }), async (some) => {
        const fitted = fitCalibration(some);
        await writeCalibration(folder, fitted);
        expect(await readCalibration(folder)).toEqual(fitted);
      }),
      { seed: fixedSeed, numRuns: 100 },
    );
  });
});

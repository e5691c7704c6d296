/** Calibrations for tests: any, and some that give what is wanted. */
import fc from 'fast-check';
import { featureNames, type Calibration, type Features } from '../../../models/storage/calibration';

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

const record = (value: fc.Arbitrary<number>): fc.Arbitrary<Features> =>
  fc.record(
    Object.fromEntries(featureNames.map((name) => [name, value])) as Record<
      keyof Features,
      fc.Arbitrary<number>
    >,
  );

export const anyFeatures: fc.Arbitrary<Features> = record(number(-3, 1));

export const anyCalibration: fc.Arbitrary<Calibration> = fc.record({
  weights: record(number(0, 2)),
  knots: fc.array(fc.tuple(number(-3, 3), number(0, 1)), { minLength: 1, maxLength: 20 }).map((pairs) => {
    const scores = [...new Set(pairs.map(([score]) => score))].sort((a, b) => a - b);
    const confidences = pairs.map(([, confidence]) => confidence).sort((a, b) => a - b);
    return scores.map((score, index) => ({ score, confidence: confidences[index]! }));
  }),
});

/** Gives every segment this confidence. */
export function always(confidence: number): Calibration {
  return { weights: { probability: 0, familiarity: 0, coverage: 0 }, knots: [{ score: 0, confidence }] };
}

/** The mean probability of the tokens, as it is. */
export const byProbability: Calibration = {
  weights: { probability: 1, familiarity: 0, coverage: 0 },
  knots: [
    { score: 0, confidence: 0 },
    { score: 1, confidence: 1 },
  ],
};

import { describe, expect, it } from 'vitest';
import type { ValidationLine } from '../../../models/training/metrics/lines';
import { bestValidation, validationsSinceBest } from '../../../models/training/selection';
import { validationLine } from './metrics/someLines';

const losses = (...values: readonly [step: number, loss: number | null][]): ValidationLine[] =>
  values.map(([step, loss]) => validationLine(step, { loss, bleu: loss === null ? null : 10 * loss }));

describe('the best validation', () => {
  it('has the lowest loss or the highest BLEU, and is the first of equals', () => {
    const validations = losses([10, 4], [20, 3], [30, 3], [40, 5], [50, 5]);
    expect(bestValidation(validations, 'loss')?.step).toBe(20);
    expect(bestValidation(validations, 'bleu')?.step).toBe(40);
  });

  it('is none without a number', () => {
    expect(bestValidation(losses([10, null], [20, 7], [30, null]), 'loss')?.step).toBe(20);
    expect(bestValidation(losses([10, null]), 'loss')).toBeUndefined();
    expect(bestValidation([], 'bleu')).toBeUndefined();
  });
});

describe('patience', () => {
  it('counts the validations since the best', () => {
    expect(validationsSinceBest(losses([10, 4], [20, 3], [30, 3], [40, 5]), 'loss', 10)).toBe(2);
    expect(validationsSinceBest(losses([10, 4], [20, 3]), 'loss', 10)).toBe(0);
    expect(validationsSinceBest([], 'loss', 10)).toBe(0);
  });

  it('is not used up by ends of legs between validations', () => {
    expect(validationsSinceBest(losses([10, 3], [14, 4], [17, 5], [20, 4]), 'loss', 10)).toBe(1);
    // A best one counts wherever it stands.
    expect(validationsSinceBest(losses([10, 3], [14, 2], [20, 4]), 'loss', 10)).toBe(1);
  });
});

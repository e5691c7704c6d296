/** Which step of a run is the best so far, and whether it is time to stop: both from its validations alone. */
import type { ValidationLine } from './metrics/lines';

/** What a validation is judged by: loss, the lower the better, or BLEU, the higher. */
export const stopMeasures = ['loss', 'bleu'] as const;
export type StopMeasure = (typeof stopMeasures)[number];

/** The best validation, the first of equals; undefined where none has a number. */
export function bestValidation(
  validations: readonly ValidationLine[],
  measure: StopMeasure,
): ValidationLine | undefined {
  let best: ValidationLine | undefined;
  for (const validation of validations) {
    const value = validation[measure];
    if (value === null) continue;
    const before = best?.[measure] ?? undefined;
    if (before === undefined || (measure === 'loss' ? value < before : value > before)) best = validation;
  }
  return best;
}

/**
 * Validations at the run's rhythm since the best: those at the end of a leg, between two of them, take no patience
 * away, so that a run in legs stops where one in a single leg does.
 */
export function validationsSinceBest(
  validations: readonly ValidationLine[],
  measure: StopMeasure,
  every: number,
): number {
  const best = bestValidation(validations, measure);
  if (!best) return 0;
  return validations.filter(({ step }) => step > best.step && step % every === 0).length;
}

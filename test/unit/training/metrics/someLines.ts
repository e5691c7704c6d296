/** Lines of metrics for tests, whose numbers depend on their step. */
import type { LegLine, StepLine, ValidationLine } from '../../../../models/training/metrics/lines';

export function legLine(step: number): LegLine {
  return {
    kind: 'leg',
    schema: 1,
    time: 1_700_000_000 + step,
    step,
    parameters: 1000,
    trainingPairs: 50,
    validationPairs: 5,
    flopsPerTargetToken: 6000,
  };
}

export function stepLine(step: number): StepLine {
  return {
    kind: 'step',
    time: 1_700_000_000 + step,
    step,
    epoch: 1,
    loss: 5 / step,
    smoothedLoss: 6 / step,
    perplexity: Math.exp(5 / step),
    learningRate: 0.001 * step,
    targetTokensPerSecond: 1234.5,
    paddingShare: 0.1,
    gradientNorm: 2.5,
    targetTokens: 100 * step,
    seconds: 0.5 * step,
    secondsLeft: null,
    flops: 600_000 * step,
  };
}

export function validationLine(step: number, changes: Partial<ValidationLine> = {}): ValidationLine {
  return {
    kind: 'validation',
    time: 1_700_000_000 + step,
    step,
    loss: 4 / step,
    perplexity: 50,
    bleu: null,
    chrf: null,
    translatedPairs: 0,
    samples: [],
    ...changes,
  };
}

/**
 * The lines of a run's metrics.jsonl, as docs/metrics.md describes them: JSON objects, one a line, whose steps never go
 * backwards. `null` stands where there is no number.
 */

/** Rises when a reader of the version before would misread a line. New fields do not raise it. */
export const metricsSchema = 1;

/** Where a leg begins, and what is the same for all of its lines. */
export interface LegLine {
  readonly kind: 'leg';
  /** Of this line and of those up to the next leg's. */
  readonly schema: number;
  /** When it was written: seconds since 1970, as on every line. */
  readonly time: number;
  /** Updates done before. */
  readonly step: number;
  readonly parameters: number;
  readonly trainingPairs: number;
  readonly validationPairs: number;
  /** See flops.ts. */
  readonly flopsPerTargetToken: number;
  /** What computes it: `cpu` or `webgpu`. Legs of an earlier Polyhead, or of another trainer, do not say. */
  readonly device?: string;
}

/** One update. */
export interface StepLine {
  readonly kind: 'step';
  readonly time: number;
  /** Counts from 1, as the epoch does. */
  readonly step: number;
  readonly epoch: number;
  /** Label-smoothed cross entropy a target token, nats, with dropout. */
  readonly loss: number | null;
  /** Running mean of the losses, of which the newest counts 2 %. */
  readonly smoothedLoss: number | null;
  /** exp of −log p a target token, with dropout. */
  readonly perplexity: number | null;
  readonly learningRate: number | null;
  readonly targetTokensPerSecond: number | null;
  /** Share of the positions, both sides, that hold no token. */
  readonly paddingShare: number | null;
  /** Euclidean, over all parameters, before clipping. */
  readonly gradientNorm: number | null;
  /** Seen so far, ends of sentences included. */
  readonly targetTokens: number | null;
  /** Spent in training steps so far, over all legs. */
  readonly seconds: number | null;
  /** To the end of this leg, validation and checkpoints included; null where no end is set. */
  readonly secondsLeft: number | null;
  /** Floating-point operations so far. */
  readonly flops: number | null;
  /** In mixed precision: how many times the loss is taken from the next update on. */
  readonly lossScale?: number;
  /** In mixed precision: updates left out so far, whose gradients overflowed. */
  readonly skippedSteps?: number;
}

export interface SampleTranslation {
  readonly source: string;
  readonly reference: string;
  readonly translation: string;
}

/** What the held-out pairs say of the weights after a step. */
export interface ValidationLine {
  readonly kind: 'validation';
  readonly time: number;
  readonly step: number;
  /** Label-smoothed cross entropy a target token, nats, without dropout. */
  readonly loss: number | null;
  /** exp of −log p a target token, without dropout. */
  readonly perplexity: number | null;
  /** 0 to 100, of so many pairs; null where none are translated. */
  readonly bleu: number | null;
  readonly chrf: number | null;
  readonly translatedPairs: number;
  readonly samples: readonly SampleTranslation[];
}

export type MetricsLine = LegLine | StepLine | ValidationLine;

const numbers: { readonly [Kind in MetricsLine['kind']]: readonly string[] } = {
  leg: ['schema', 'time', 'parameters', 'trainingPairs', 'validationPairs', 'flopsPerTargetToken'],
  step: [
    'time',
    'epoch',
    'loss',
    'smoothedLoss',
    'perplexity',
    'learningRate',
    'targetTokensPerSecond',
    'paddingShare',
    'gradientNorm',
    'targetTokens',
    'seconds',
    'secondsLeft',
    'flops',
  ],
  validation: ['time', 'loss', 'perplexity', 'bleu', 'chrf', 'translatedPairs'],
};

/** A line with its line break. Numbers that are not finite become null. */
export function formatLine(line: MetricsLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** Undefined where it is no whole line of metrics. */
export function parseLine(text: string): MetricsLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const line = value as Record<string, unknown>;
  const kind = line['kind'];
  if (kind !== 'leg' && kind !== 'step' && kind !== 'validation') return undefined;
  if (!Number.isSafeInteger(line['step'])) return undefined;
  const isNumber = (name: string): boolean => line[name] === null || typeof line[name] === 'number';
  if (!numbers[kind].every(isNumber)) return undefined;
  if (kind === 'validation' && !Array.isArray(line['samples'])) return undefined;
  return value as MetricsLine;
}

/**
 * What the trainer holds of a model in training. Where the weights live (memory, a GPU's buffers) is the
 * implementation's secret.
 */
import type { Batch } from '../data/batches';

export interface BatchLoss {
  /** Σ over target tokens of the label-smoothed cross entropy, nats. */
  readonly smoothed: number;
  /** Σ over target tokens of −log p, nats. */
  readonly negativeLogLikelihood: number;
}

export interface OptimiserStep {
  /** Counts from 1: Adam's bias correction depends on it. */
  readonly step: number;
  readonly learningRate: number;
  /** Gradients longer than this (Euclidean norm over all parameters) are scaled down to it; 0 leaves them. */
  readonly clipNorm: number;
  /** How many times too large the gradients are; 1 unless given. */
  readonly lossScale?: number | undefined;
}

/** What gradients are multiplied by before an update. @param norm theirs, without the loss's scale */
export function gradientScale(
  norm: number,
  { clipNorm, lossScale = 1 }: Pick<OptimiserStep, 'clipNorm' | 'lossScale'>,
): number {
  return (clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1) / lossScale;
}

/** float32 numbers by parameter name. */
export type NamedValues = Map<string, Float32Array>;

export interface TrainingState {
  /** Forward and backward: the gradients of Σ smoothed · scale, kept until the next call. */
  computeGradients(batch: Batch, scale: number, seed: number): Promise<BatchLoss>;
  /** As `computeGradients`, but added to the gradients that are there: the next part of a large batch. */
  addGradients(batch: Batch, scale: number, seed: number): Promise<BatchLoss>;
  /** The loss alone, without dropout. */
  evaluate(batch: Batch): Promise<BatchLoss>;
  /** The gradients as one vector: parameters in their order, end to end. A copy. */
  readGradients(): Promise<Float32Array>;
  /** Puts other gradients in their place, as accumulated over batches or processes. */
  writeGradients(gradients: Float32Array): Promise<void>;
  /**
   * One update of all weights with the gradients over `lossScale`. Returns their norm before clipping; where it is not
   * finite, nothing has been changed.
   */
  applyGradients(step: OptimiserStep): Promise<{ gradientNorm: number }>;
  /** Copies. */
  readWeights(): Promise<NamedValues>;
  readMoments(): Promise<{ first: NamedValues; second: NamedValues }>;
  writeWeights(weights: ReadonlyMap<string, Float32Array>): Promise<void>;
  writeMoments(
    first: ReadonlyMap<string, Float32Array>,
    second: ReadonlyMap<string, Float32Array>,
  ): Promise<void>;
  dispose(): Promise<void>;
}

/** Adam (Kingma and Ba 2015) with the paper's constants and schedule, §5.3, as a graph over flat chunks. */
import * as graph from '../graph/operators';
import { buildProgram, type Program } from '../graph/program';
import { input, type Tensor } from '../graph/tensor';

export const adamDefaults = { beta1: 0.9, beta2: 0.98, epsilon: 1e-9 } as const;

export interface AdamConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Numbers of an update: the clipping's, 1/(1 − β₁ᵗ), 1/(1 − β₂ᵗ), and the learning rate. */
export interface AdamNumbers {
  readonly gradientScale: Tensor;
  readonly firstCorrection: Tensor;
  readonly secondCorrection: Tensor;
  readonly learningRate: Tensor;
}

/** What an update changes, all of one shape. */
export interface AdamTensors {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
}

/** One update; an element depends on its own place alone. */
export function adamUpdate(
  { parameter, gradient: unscaled, first, second }: AdamTensors,
  { gradientScale, firstCorrection, secondCorrection, learningRate }: AdamNumbers,
  { beta1, beta2, epsilon }: AdamConstants = adamDefaults,
): Readonly<Record<'newParameter' | 'newFirst' | 'newSecond', Tensor>> {
  const gradient = graph.multiply(unscaled, gradientScale);
  const scaled = (x: Tensor, factor: number): Tensor => graph.multiply(x, graph.constantLike(factor, x));

  const newFirst = graph.add(scaled(first, beta1), scaled(gradient, 1 - beta1));
  const newSecond = graph.add(scaled(second, beta2), scaled(graph.multiply(gradient, gradient), 1 - beta2));
  const deviation = graph.sqrt(graph.multiply(newSecond, secondCorrection));
  const direction = graph.divide(
    graph.multiply(newFirst, firstCorrection),
    graph.add(deviation, graph.constantLike(epsilon, deviation)),
  );
  return {
    newParameter: graph.subtract(parameter, graph.multiply(direction, learningRate)),
    newFirst,
    newSecond,
  };
}

/**
 * One update of a chunk `[n]`: `parameter`, `gradient`, `first` and `second` (moments), and the numbers
 * `gradientScale` (clipping), `firstCorrection` = 1/(1 − β₁ᵗ), `secondCorrection` = 1/(1 − β₂ᵗ), `learningRate`.
 * Outputs `parameter`, `first`, `second` may be written over the inputs: an element depends on its own place alone.
 */
export function buildAdam(constants: AdamConstants): Program<'newParameter' | 'newFirst' | 'newSecond'> {
  const vector = (name: string): Tensor => input(name, 'float32', ['n']);
  const number = (name: string): Tensor => input(name, 'float32', []);
  return buildProgram(
    'adam',
    adamUpdate(
      {
        parameter: vector('parameter'),
        gradient: vector('gradient'),
        first: vector('first'),
        second: vector('second'),
      },
      {
        gradientScale: number('gradientScale'),
        firstCorrection: number('firstCorrection'),
        secondCorrection: number('secondCorrection'),
        learningRate: number('learningRate'),
      },
      constants,
    ),
  );
}

/** Σ g² of a chunk `[n]`. */
export function buildSquaredNorm(): Program<'sum'> {
  const gradient = input('gradient', 'float32', ['n']);
  return buildProgram('squaredNorm', { sum: graph.reduceSum(graph.multiply(gradient, gradient), [0]) });
}

export interface Schedule {
  readonly warmupSteps: number;
  /** Reached at the end of the warm-up. */
  readonly peakLearningRate: number;
  /**
   * Not in the paper: over the `last` of all `steps`, or of all `seconds` that steps take, the rate goes down to nothing
   * in a straight line.
   */
  readonly cooldown?:
    | { readonly steps: number; readonly last: number }
    | { readonly seconds: number; readonly last: number }
    | undefined;
}

/** The paper's peak, dModel^−0.5 · warmupSteps^−0.5 (§5.3, equation 3, at step = warmupSteps). */
export function paperPeakLearningRate(dModel: number, warmupSteps: number): number {
  return (dModel * warmupSteps) ** -0.5;
}

/**
 * Linear warm-up to the peak, then in proportion to 1/√step (§5.3).
 *
 * @param step counts from 1
 * @param seconds that the steps before have taken; for a cooldown by time
 */
export function learningRate(
  step: number,
  { warmupSteps, peakLearningRate, cooldown }: Schedule,
  seconds = 0,
): number {
  const rate = peakLearningRate * Math.min(step / warmupSteps, Math.sqrt(warmupSteps / step));
  if (!cooldown) return rate;
  const left = 'steps' in cooldown ? cooldown.steps - step + 1 : cooldown.seconds - seconds;
  return rate * Math.min(1, Math.max(0, left / cooldown.last));
}

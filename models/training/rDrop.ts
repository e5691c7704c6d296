/**
 * R-Drop (Liang et al. 2021, Equation 4): every row is said twice, with other units dropped, and the loss has besides how
 * far the two predictions p and q are from each other, α times
 *   D = ½ [KL(p‖q) + KL(q‖p)] = ½ Σ (p − q)·(z_p − z_q)
 *   ∂D/∂z_p = ½ [p·(z_p − z_q − Σ p·(z_p − z_q)) + p − q]
 */
import * as graph from '../graph/operators';
import type { Tensor } from '../graph/tensor';

/** How often a step says every row. @param alpha 0 for no R-Drop */
export function passesOf(alpha: number): 1 | 2 {
  return alpha > 0 ? 2 : 1;
}

/** What errors are counted in: numbers of the size of logits need not be multiplied by it, but only what they come to. */
export function unitOf(alpha: number): number {
  return alpha > 0 ? alpha / 2 : 1;
}

/** What a pass says of some rows, each `[rows, vocabularySize]`. */
export interface Prediction {
  readonly logits: Tensor;
  /** The softmax of the logits. */
  readonly probabilities: Tensor;
}

export interface Drawn {
  /** α·Σ D over the rows, nats, without axes. */
  readonly divergence: Tensor;
  /**
   * For each pass what takes the softmax's place in its error, `[rows, vocabularySize]`, in units of `unitOf`: the gradient
   * of α·Σ D is in it.
   */
  readonly errors: readonly [Tensor, Tensor];
}

/** With δ = z_p − z_q, D = ½ Σ (p − q)·δ, and the error of p, in units of α/2, is p·(2/α + 1 + δ − Σ p·δ) − q. */
export function drawTogether(first: Prediction, second: Prediction, alpha: number): Drawn {
  const [p, q] = [first.probabilities, second.probabilities];
  const apart = graph.subtract(first.logits, second.logits);
  const meanBy = (probabilities: Tensor): Tensor =>
    graph.reduceSum(graph.multiply(probabilities, apart), [1], { keepDimensions: true });
  const [meanOfFirst, meanOfSecond] = [meanBy(p), meanBy(q)];
  const one = graph.constantLike(1 / unitOf(alpha) + 1, p);
  const sum = graph.reduceSum(graph.subtract(meanOfFirst, meanOfSecond), [0, 1]);
  return {
    divergence: graph.multiply(sum, graph.constantLike(unitOf(alpha), sum)),
    errors: [
      graph.subtract(graph.multiply(p, graph.add(apart, graph.subtract(one, meanOfFirst))), q),
      graph.subtract(graph.multiply(q, graph.subtract(graph.add(one, meanOfSecond), apart)), p),
    ],
  };
}

/**
 * What a step computes in, and loss scaling for mixed precision (Micikevicius et al. 2018, §3.2): small gradients would be
 * nothing in float16, so that the loss is taken many times over, and its gradients are divided by as much before the update.
 * As many times as there is room for: an overflow shows that it was too many. It does nothing for the two products that give
 * the projection's gradients: loss.ts makes those beside the loss, of probabilities, and the scale comes after them.
 */

/** `mixed` has matrix products in float16; weights, moments and everything else stay float32. */
export const precisions = ['float32', 'mixed'] as const;
export type Precision = (typeof precisions)[number];

export interface LossScale {
  /** How many times the loss is taken. */
  readonly scale: number;
  /** Updates since the scale was last changed. */
  readonly goodSteps: number;
  /** Updates that were left out, since gradients overflowed. */
  readonly skipped: number;
}

export const firstLossScale: LossScale = { scale: 2 ** 16, goodSteps: 0, skipped: 0 };

/** After so many updates in a row without an overflow the scale is tried at twice its size. */
export const growthInterval = 2000;
/** Where even this overflows, it is not for the scale. */
const leastScale = 1;
/** Beyond it the scale itself could overflow float32. */
const mostScale = 2 ** 40;

export function afterUpdate({ scale, goodSteps, skipped }: LossScale): LossScale {
  if (goodSteps + 1 < growthInterval) return { scale, goodSteps: goodSteps + 1, skipped };
  return { scale: Math.min(mostScale, 2 * scale), goodSteps: 0, skipped };
}

/** Undefined where no smaller scale would help. */
export function afterOverflow({ scale, skipped }: LossScale): LossScale | undefined {
  if (scale <= leastScale) return undefined;
  return { scale: scale / 2, goodSteps: 0, skipped: skipped + 1 };
}

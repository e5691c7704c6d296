/** How much of a source was attended to while it was translated: summed up token by token, for each hypothesis. */
import type { CrossAttention } from './decoderOutput';

/** Before the first target token. `sourceTokens` with the end. */
export function nothingAttended(sourceTokens: readonly number[]): number[] {
  return sourceTokens.map(() => 0);
}

/**
 * How much each source token was attended to in all, after one more target token: the sum over target tokens of the
 * mean over layers and heads. The array is a new one, so that several hypotheses may go on from one;
 * and an ordinary one: each typed array is memory of its own, which to collect takes longer than to fill.
 *
 * @param attended `[source tokens, with the end]`; the source's padding is not part of it
 * @param row which hypothesis of the batch
 */
export function attend(attended: readonly number[], { data, dims }: CrossAttention, row: number): number[] {
  const [layers, batch, heads, , sourceLength] = dims;
  const after = attended.slice();
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < heads; head++) {
      const start = ((layer * batch + row) * heads + head) * sourceLength;
      for (let place = 0; place < after.length; place++)
        after[place]! += data[start + place]! / (layers * heads);
    }
  }
  return after;
}

/**
 * 1 where each token of the source was attended to once in all; less where some were passed over (GNMT's coverage
 * penalty, Wu et al. 2016, §7) or come back to again and again; may be negative. The end of the source is left out:
 * attention that looks for nothing rests there.
 */
export function coverageOf(attended: readonly number[]): number {
  const text = attended.slice(0, -1);
  return 1 - text.reduce((sum, value) => sum + Math.abs(1 - value), 0) / text.length;
}

/** What one decoder step says of each hypothesis. */
import { firstByteId } from '../text/reservedTokens';

export interface DecoderOutput {
  /** Log-probabilities of the tokens before the bytes, which stand for no text: `[batch, firstByteId]`. */
  readonly reserved: Float32Array;
  /** Log-probabilities of the likeliest ones of the others, best first: `[batch, count]`. */
  readonly likeliest: Float32Array;
  /** Which tokens these are; of equally likely ones the lower id comes first. */
  readonly likeliestTokens: Int32Array;
  /** Where in the source the model looked for what comes next, unreduced; 0 at the source's padding. */
  readonly crossAttention: CrossAttention;
}

/** Each row of `sourceLength` sums to 1. */
export interface CrossAttention {
  readonly data: Float32Array;
  readonly dims: readonly [layers: number, batch: number, heads: number, queries: 1, sourceLength: number];
}

/** Log-probabilities `[batch, vocabularySize]`, those that were not asked for as −∞. */
export function logProbabilitiesOf(
  { reserved, likeliest, likeliestTokens }: Omit<DecoderOutput, 'crossAttention'>,
  vocabularySize: number,
): Float32Array {
  const batch = reserved.length / firstByteId;
  const count = likeliest.length / batch;
  const all = new Float32Array(batch * vocabularySize).fill(-Infinity);
  for (let row = 0; row < batch; row++)
    all.set(reserved.subarray(row * firstByteId, (row + 1) * firstByteId), row * vocabularySize);
  likeliest.forEach((logProbability, place) => {
    all[Math.floor(place / count) * vocabularySize + likeliestTokens[place]!] = logProbability;
  });
  return all;
}

/** A search with a beam of 1, and its one hypothesis a source. */
import type { StepwiseDecoder } from '../../../models/inference/decoder';
import type { Hypothesis } from '../../../models/inference/hypothesis';
import { search } from '../../../models/inference/search';

export async function greedySearch(
  decoder: StepwiseDecoder,
  sources: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<Hypothesis[]> {
  const found = await search(decoder, sources, { beamSize: 1, lengthPenalty: 0.6, signal });
  return found.map((hypotheses) => {
    if (hypotheses.length !== 1) throw new Error(`${hypotheses.length} hypotheses of one beam`);
    return hypotheses[0]!;
  });
}

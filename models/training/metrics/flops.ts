/**
 * How many floating-point operations training takes, counted from the model's sizes: two for each multiplication with
 * its addition in a matrix product, three times over, since the backward pass has two products for each of the forward
 * one. Softmax, normalisation, embeddings, the optimiser and padding are not counted.
 */
import type { TransformerConfig } from '../../transformer/config';

/** A corpus' pairs on average, in tokens, ends of sentences included. */
export interface MeanLengths {
  readonly source: number;
  readonly target: number;
}

/**
 * Per target token, the source's share included: what a pair takes, divided by its target tokens.
 *
 * @param passes of a step, which R-Drop has two of
 */
export function flopsPerTargetToken(
  config: TransformerConfig,
  { source, target }: MeanLengths,
  passes = 1,
): number {
  const { dModel, heads, dKey, dValue, dFf, vocabularySize } = config;
  const queries = dModel * heads * dKey;
  const keysAndValues = dModel * heads * (dKey + dValue);
  const output = heads * dValue * dModel;
  const feedForward = 2 * dModel * dFf;
  /** Of a query over so many keys: their products, and the sum of the values. */
  const attention = (keys: number): number => keys * heads * (dKey + dValue);
  const encoderLayer = source * (queries + keysAndValues + attention(source) + output + feedForward);
  const decoderLayer =
    target * (queries + keysAndValues + attention(target) + output) +
    target * (queries + attention(source) + output) +
    source * keysAndValues +
    target * feedForward;
  const products =
    config.encoderLayers * encoderLayer +
    config.decoderLayers * decoderLayer +
    target * dModel * vocabularySize;
  return (6 * passes * products) / target;
}

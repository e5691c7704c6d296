/** A model's weights as its folder holds them in 8 bits. */
import { isMatrix, quantise } from '../../../models/storage/quantisation';
import type { TransformerConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import type { MixedWeights, Weights } from '../../../models/transformer/parameters';

export function quantisedWeights(config: TransformerConfig, weights: Weights): MixedWeights {
  return new Map(
    parameterShapes(config).map((parameter) => {
      const values = weights.get(parameter.name)!;
      return [parameter.name, isMatrix(parameter) ? quantise(values, parameter) : values];
    }),
  );
}

/** A model's weights as its folder holds them in 8 bits, and what those stand for. */
import { dequantise, isMatrix, quantise } from '../../../models/storage/quantisation';
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

/** float32 weights that are exactly what the quantised ones stand for. */
export function dequantisedWeights(config: TransformerConfig, weights: MixedWeights): Weights {
  return new Map(
    parameterShapes(config).map((parameter) => {
      const weight = weights.get(parameter.name)!;
      if (weight instanceof Float32Array) return [parameter.name, weight];
      if (isMatrix(parameter)) return [parameter.name, dequantise(weight, parameter)];
      throw new Error(`${parameter.name} is no matrix.`);
    }),
  );
}

/** The small pieces that every sub-layer is made of. */
import * as graph from '../graph/operators';
import type { Tensor } from '../graph/tensor';
import type { TransformerConfig } from './config';
import { noDropout, type Dropout } from './dropout';
import { multiply, scaled, timesFactor } from './matrices';
import type { Scope } from './parameters';

/** Hears of values that others only pass on, by a name that says where in the model they come about. */
export type Watch = (name: string, value: Tensor) => void;

/** What the sub-layers share while a graph is built. */
export interface BuildContext {
  readonly config: TransformerConfig;
  readonly dropout: Dropout;
  /**
   * 1/√dₖ is taken into the weights of the queries, which is done once when constants are loaded; queries are not seen
   * without it then. Products of a single row are quicker without a factor of their own.
   */
  readonly scaledQueries?: boolean;
  readonly watch?: Watch;
}

export function inferenceContext(config: TransformerConfig): BuildContext {
  return { config, dropout: noDropout };
}

/** x [..., in] · weight [in, out] + bias [out], both times a factor. */
export function linear(scope: Scope, x: Tensor, outputWidth: number, factor = 1): Tensor {
  const weight = scope.matrix('weight', [x.shape.at(-1) as number, outputWidth], 'matrix');
  const bias = scope.parameter('bias', [outputWidth], 'zeros');
  return graph.add(multiply(x, timesFactor(weight, factor)), scaled(bias, factor));
}

export function layerNorm(scope: Scope, x: Tensor, { normEpsilon, dModel }: TransformerConfig): Tensor {
  const scale = scope.parameter('weight', [dModel], 'ones');
  return graph.layerNorm(x, scale, scope.parameter('bias', [dModel], 'zeros'), normEpsilon);
}

/**
 * A sub-layer with its residual connection and normalisation (§3.1, §5.4): LayerNorm(x + Dropout(Sublayer(x))) as
 * published, or x + Dropout(Sublayer(LayerNorm(x))), which trains without a long warm-up (Xiong et al. 2020).
 *
 * @param x `[batch, length, dModel]`
 */
export function residual(
  { config, dropout, watch }: BuildContext,
  normScope: Scope,
  x: Tensor,
  sublayer: (x: Tensor) => Tensor,
): Tensor {
  const output =
    config.normalisation === 'pre'
      ? graph.add(x, dropout.residual(sublayer(layerNorm(normScope, x, config))))
      : layerNorm(normScope, graph.add(x, dropout.residual(sublayer(x))), config);
  watch?.(`${normScope.path}.output`, output);
  return output;
}

/** Pre-norm stacks leave their sum unnormalised: one more normalisation closes them. */
export function closeStack({ config }: BuildContext, normScope: Scope, x: Tensor): Tensor {
  return config.normalisation === 'pre' ? layerNorm(normScope, x, config) : x;
}

/** Layers' values `[...shape]` as one `[layer, ...shape]`. */
export function stackLayers(values: readonly Tensor[]): Tensor {
  return graph.concat(
    values.map((value) => graph.unsqueeze(value, [0])),
    0,
  );
}

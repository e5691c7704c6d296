/** The small pieces that every sub-layer is made of. */
import * as graph from '../graph/operators';
import type { Tensor } from '../graph/tensor';
import type { TransformerConfig } from './config';
import { noDropout, type Dropout } from './dropout';
import type { Scope } from './parameters';

/** What the sub-layers share while a graph is built. */
export interface BuildContext {
  readonly config: TransformerConfig;
  readonly dropout: Dropout;
}

export function inferenceContext(config: TransformerConfig): BuildContext {
  return { config, dropout: noDropout };
}

/** x [..., in] · weight [in, out] + bias [out]. */
export function linear(scope: Scope, x: Tensor, outputWidth: number): Tensor {
  const weight = scope.parameter('weight', [x.shape.at(-1) as number, outputWidth], 'matrix');
  return graph.add(graph.matmul(x, weight), scope.parameter('bias', [outputWidth], 'zeros'));
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
  { config, dropout }: BuildContext,
  normScope: Scope,
  x: Tensor,
  sublayer: (x: Tensor) => Tensor,
): Tensor {
  if (config.normalisation === 'pre') {
    return graph.add(x, dropout.residual(sublayer(layerNorm(normScope, x, config))));
  }
  return layerNorm(normScope, graph.add(x, dropout.residual(sublayer(x))), config);
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

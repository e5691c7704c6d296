/** The small pieces that every sub-layer is made of. */
import * as graph from '../graph/operators';
import { constant, type Tensor } from '../graph/tensor';
import type { TransformerConfig } from './config';
import { noDropout, type Dropout } from './dropout';
import { joinOutputs, multiply, scaled, timesFactor, type Matrix } from './matrices';
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

/** Where a linear map has its weight and bias, how many outputs, and a factor for both. */
export interface LinearMap {
  readonly scope: Scope;
  readonly width: number;
  readonly factor?: number;
}

/** x `[..., in]` · weight `[in, width]` + bias `[width]`. */
export function linear(x: Tensor, map: LinearMap): Tensor {
  const { weight, bias } = numbersOf(x, map);
  return graph.add(multiply(x, weight), bias);
}

/** Several maps of the same x as one, where their weights can be joined; else undefined. */
export function joinedLinear(x: Tensor, maps: readonly LinearMap[]): Tensor[] | undefined {
  const parts = maps.map((map) => numbersOf(x, map));
  const weight = joinOutputs(parts.map((part) => part.weight));
  if (!weight) return undefined;
  const bias = graph.concat(
    parts.map((part) => part.bias),
    0,
  );
  const all = graph.add(multiply(x, weight), bias);
  const place = (value: number): Tensor => constant('int64', [1], [value]);
  let end = 0;
  return maps.map(({ width }) => graph.slice(all, -1, place(end), place((end += width)), width));
}

function numbersOf(x: Tensor, { scope, width, factor = 1 }: LinearMap): { weight: Matrix; bias: Tensor } {
  const weight = scope.matrix('weight', [x.shape.at(-1) as number, width], 'matrix');
  const bias = scope.parameter('bias', [width], 'zeros');
  return { weight: timesFactor(weight, factor), bias: scaled(bias, factor) };
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

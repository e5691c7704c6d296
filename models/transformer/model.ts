/** The whole Transformer, encoder and decoder, over one set of parameters. */
import { input, type Tensor } from '../graph/tensor';
import type { TransformerConfig } from './config';
import { decode, type Decoded } from './decoder';
import { encode, type Encoded } from './encoder';
import { embeddingTable, outputBias } from './embeddings';
import { inferenceContext, type BuildContext } from './layers';
import {
  elementCount,
  ParameterInputs,
  Scope,
  type ParameterShape,
  type ParameterSource,
} from './parameters';

export interface TransformerOutput {
  readonly encoded: Encoded;
  readonly decoded: Decoded;
}

/** int32 `[batch, sourceLength]`, padded at the end. */
export function sourceInput(): Tensor {
  return input('sourceIds', 'int32', ['batch', 'sourceLength']);
}

/** int32 `[batch, targetLength]`, padded at the end. */
export function targetInput(): Tensor {
  return input('targetIds', 'int32', ['batch', 'targetLength']);
}

/** Encoder and decoder over a batch of sentence pairs: what the decoder predicts at each position sees only what is before it. */
export function transformer(
  build: BuildContext,
  source: ParameterSource,
  sourceIds: Tensor,
  targetIds: Tensor,
): TransformerOutput {
  const scope = new Scope(source);
  const encoded = encode(build, scope, sourceIds);
  return { encoded, decoded: decode(build, scope, targetIds, encoded) };
}

/** Who loads a model asks several times. */
const knownShapes = new WeakMap<TransformerConfig, readonly ParameterShape[]>();

/** Every parameter of a model, in a fixed order, found by building it once. */
export function parameterShapes(config: TransformerConfig): readonly ParameterShape[] {
  const shapes = knownShapes.get(config) ?? findShapes(config);
  knownShapes.set(config, shapes);
  return shapes;
}

function findShapes(config: TransformerConfig): readonly ParameterShape[] {
  const inputs = new ParameterInputs();
  const scope = new Scope(inputs);
  transformer(inferenceContext(config), inputs, sourceInput(), targetInput());
  embeddingTable(scope, config);
  if (config.outputBias) outputBias(scope, config);
  return inputs.shapes;
}

export function parameterCount(config: TransformerConfig): number {
  return parameterShapes(config).reduce((count, { shape }) => count + elementCount(shape), 0);
}

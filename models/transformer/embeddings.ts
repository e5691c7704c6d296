/** Token embeddings, §3.4: one matrix for source, target and projection. */
import * as graph from '../graph/operators';
import type { Tensor } from '../graph/tensor';
import type { TransformerConfig } from './config';
import type { BuildContext } from './layers';
import { lookUp, multiplyTransposed, type Matrix } from './matrices';
import type { Scope } from './parameters';
import { learnedPositions, sinusoids } from './positionalEncoding';

const tableName = 'embedding.weight';
const biasName = 'output.bias';

/** The parameters that have a row, or a number, for each piece of the vocabulary. */
export const perPiece: readonly string[] = [tableName, biasName];

/** `[vocabularySize, dModel]`, never quantised: what is trained. */
export function embeddingTable(scope: Scope, { vocabularySize, dModel }: TransformerConfig): Tensor {
  return scope.parameter(tableName, [vocabularySize, dModel], 'embedding');
}

/** The same, which may be quantised. */
function embeddingMatrix(scope: Scope, { vocabularySize, dModel }: TransformerConfig): Matrix {
  return scope.matrix(tableName, [vocabularySize, dModel], 'embedding');
}

/**
 * Embeddings times √dModel plus positions, with dropout (§5.4): ids `[batch, length]` → `[batch, length, dModel]`.
 *
 * @param stack whose positions, where they are learned
 * @param firstPosition int32 without axes: where the sequence starts (0 unless decoding step by step)
 */
export function embed(
  build: BuildContext,
  scope: Scope,
  stack: 'encoder' | 'decoder',
  ids: Tensor,
  firstPosition?: Tensor,
): Tensor {
  const { config } = build;
  const rows = lookUp(embeddingMatrix(scope, config), ids, config.dModel);
  const scaled = config.scaleEmbeddings
    ? graph.multiply(rows, graph.constantLike(Math.sqrt(config.dModel), rows))
    : rows;
  const indices = graph.range(graph.sizeOf(ids, 1), 'int32', ids.shape[1]!);
  const positions = firstPosition ? graph.add(indices, firstPosition) : indices;
  const encoding =
    config.positions === 'learned'
      ? learnedPositions(scope.in(`${stack}.positions`), positions, config)
      : sinusoids(graph.cast(positions, 'float32'), config.dModel, config.positions);
  const sum = graph.add(scaled, encoding);
  for (const [name, value] of Object.entries({ rows, encoding, sum }))
    build.watch?.(`${stack}.embedding.${name}`, value);
  return build.dropout.residual(sum);
}

/** Logits `[rows, vocabularySize]` of states `[rows, dModel]`: the embedding matrix again, transposed. */
export function project(config: TransformerConfig, scope: Scope, states: Tensor): Tensor {
  const logits = multiplyTransposed(states, embeddingMatrix(scope, config));
  return config.outputBias ? graph.add(logits, outputBias(scope, config)) : logits;
}

/** `[vocabularySize]` */
export function outputBias(scope: Scope, { vocabularySize }: TransformerConfig): Tensor {
  return scope.parameter(biasName, [vocabularySize], 'zeros');
}

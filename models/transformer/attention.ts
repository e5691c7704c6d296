/**
 * Attention, §3.2. Letters: b batch, h heads, q query length, k key length, d dModel.
 */
import * as graph from '../graph/operators';
import { constant, type Tensor } from '../graph/tensor';
import type { TransformerConfig } from './config';
import { joinedLinear, linear, type BuildContext, type LinearMap } from './layers';
import { scaled } from './matrices';
import type { Scope } from './parameters';

export interface Attention {
  /** `[b, h, q, dValue]` from scaledDotProductAttention, `[b, q, d]` from multiHeadAttention. */
  readonly context: Tensor;
  /** `[b, h, q, k]`, before dropout; each row sums to 1. */
  readonly weights: Tensor;
  /** QKᵀ/√dₖ, `[b, h, q, k]`, before the mask. */
  readonly scores: Tensor;
}

/** Keys and values of a sequence, head by head: `[b, h, k, dKey]` and `[b, h, k, dValue]`. */
export interface Memory {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/**
 * softmax(QKᵀ/√dₖ)V, §3.2.1.
 *
 * @param queries `[b, h, q, dKey]`, divided by √dₖ already where `scaledQueries` says so
 * @param mask added to the scores: 0 where a key may be seen, −10⁹ where not; broadcasts to `[b, h, q, k]`
 */
export function scaledDotProductAttention(
  { config, dropout, scaledQueries = false }: BuildContext,
  queries: Tensor,
  { keys, values }: Memory,
  mask?: Tensor,
): Attention {
  const factors = scaledQueries ? queries : scaled(queries, queryScale(config));
  const scores = graph.matmul(factors, graph.transpose(keys, [0, 1, 3, 2]));
  const weights = graph.softmax(mask ? graph.add(scores, mask) : scores);
  return { context: graph.matmul(dropout.attention(weights), values), weights, scores };
}

const queryScale = ({ dKey }: TransformerConfig): number => 1 / Math.sqrt(dKey);

/** `[b, length, heads·width]` → `[b, heads, length, width]`. The numbers of a single position need not move. */
function splitHeads(x: Tensor, heads: number, width: number): Tensor {
  if (x.shape[1] === 1) return graph.reshape(x, [0, heads, 1, width]);
  return graph.transpose(graph.reshape(x, [0, 0, heads, width]), [0, 2, 1, 3]);
}

/** The reverse of splitHeads. */
function mergeHeads(x: Tensor, width: number): Tensor {
  if (x.shape[2] === 1) return graph.reshape(x, [0, 1, width]);
  return graph.reshape(graph.transpose(x, [0, 2, 1, 3]), [0, 0, width]);
}

/** The keys and values that a sequence `[b, k, d]` offers (§3.2.2: KWᵏ and VWᵛ of every head). */
export function projectMemory({ config }: BuildContext, scope: Scope, sequence: Tensor): Memory {
  const { keys, values } = mapsOf(config, scope);
  return {
    keys: splitHeads(linear(sequence, keys), config.heads, config.dKey),
    values: splitHeads(linear(sequence, values), config.heads, config.dValue),
  };
}

/** The queries of a sequence `[b, q, d]` (QWᵠ of every head), divided by √dₖ where `scaledQueries` says so. */
export function projectQueries(build: BuildContext, scope: Scope, sequence: Tensor): Tensor {
  const { heads, dKey } = build.config;
  return splitHeads(linear(sequence, mapsOf(build.config, scope, build).queries), heads, dKey);
}

/** Of a sequence that attends to itself. */
export function projectSelf(
  build: BuildContext,
  scope: Scope,
  sequence: Tensor,
): { readonly memory: Memory; readonly queries: Tensor } {
  const { heads, dKey, dValue } = build.config;
  const joined = () => {
    const { keys, values, queries } = mapsOf(build.config, scope, build);
    return joinedLinear(sequence, [keys, values, queries]);
  };
  // A single position gives products so small that each costs more to begin with than to compute.
  const together = sequence.shape[1] === 1 ? joined() : undefined;
  if (!together) {
    const memory = projectMemory(build, scope, sequence);
    return { memory, queries: projectQueries(build, scope, sequence) };
  }
  const [keys, values, queries] = together as [Tensor, Tensor, Tensor];
  return {
    memory: { keys: splitHeads(keys, heads, dKey), values: splitHeads(values, heads, dValue) },
    queries: splitHeads(queries, heads, dKey),
  };
}

type Projection = 'keys' | 'values' | 'queries';

function mapsOf(
  config: TransformerConfig,
  scope: Scope,
  { scaledQueries = false }: Pick<BuildContext, 'scaledQueries'> = {},
): Record<Projection, LinearMap> {
  const { heads, dKey, dValue } = config;
  return {
    keys: { scope: scope.in('key'), width: heads * dKey },
    values: { scope: scope.in('value'), width: heads * dValue },
    queries: {
      scope: scope.in('query'),
      width: heads * dKey,
      ...(scaledQueries && { factor: queryScale(config) }),
    },
  };
}

/**
 * Multi-head attention, §3.2.2, of queries, keys and values that are projected already. In self-attention all come from
 * the same sequence (`projectSelf`), in cross-attention keys and values come from the encoder's output (§3.2.3).
 *
 * @param queries `[b, h, q, dKey]`
 */
export function multiHeadAttention(
  build: BuildContext,
  scope: Scope,
  queries: Tensor,
  memory: Memory,
  mask?: Tensor,
): Attention {
  const { heads, dValue, dModel } = build.config;
  const { context, weights, scores } = scaledDotProductAttention(build, queries, memory, mask);
  for (const [name, value] of Object.entries({ queries, scores, weights, context }))
    build.watch?.(`${scope.path}.${name}`, value);
  return {
    context: linear(mergeHeads(context, heads * dValue), { scope: scope.in('output'), width: dModel }),
    weights,
    scores,
  };
}

const hidden = -1e9;

/** Hides padding: ids `[b, k]` → `[b, 1, 1, k]`. */
export function paddingMask(ids: Tensor, paddingToken: number): Tensor {
  const isPadding = graph.equal(ids, graph.constantLike(paddingToken, ids));
  return maskWhere(graph.unsqueeze(isPadding, [1, 2]));
}

/** Hides what comes later, so that a position depends on those before it alone (§3.1): `[1, 1, length, length]`. */
export function causalMask(ids: Tensor): Tensor {
  const [, length] = ids.shape;
  const positions = graph.range(graph.sizeOf(ids, 1), 'int32', length!);
  const later = graph.greater(graph.unsqueeze(positions, [0]), graph.unsqueeze(positions, [1]));
  return maskWhere(graph.unsqueeze(later, [0, 1]));
}

function maskWhere(condition: Tensor): Tensor {
  return graph.where(condition, constant('float32', [], [hidden]), constant('float32', [], [0]));
}

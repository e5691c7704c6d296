/**
 * The rows of Table 1 of “Attention Is All You Need” as graphs, with what the paper says of each: operations of a layer,
 * operations that must wait for one another, and the longest path between two places of the sequence.
 */
import * as graph from '../../../models/graph/operators';
import type { Tensor } from '../../../models/graph/tensor';
import {
  multiHeadAttention,
  projectSelf,
  scaledDotProductAttention,
} from '../../../models/transformer/attention';
import { presetConfig, type TransformerConfig } from '../../../models/transformer/config';
import { inferenceContext } from '../../../models/transformer/layers';
import type { ParameterInputs } from '../../../models/transformer/parameters';
import { Scope } from '../../../models/transformer/parameters';
import { onnxGru, unrolledGru, type RecurrentWeights } from './recurrence';
import { convolution, restrictedAttention } from './windows';

export interface LayerSizes {
  readonly batch: number;
  readonly length: number;
  readonly width: number;
  /** Of a convolution: k. */
  readonly kernel: number;
  /** Of restricted self-attention: r. */
  readonly neighbourhood: number;
}

export interface PaperLayer {
  readonly name: string;
  /** As Table 1 has it, with letters. */
  readonly complexity: string;
  readonly sequential: string;
  readonly path: string;
  /** Multiplications, by the formula; what is left out is a constant, which a measurement gives. */
  readonly operations: (sizes: LayerSizes) => number;
  readonly longestPath: (sizes: LayerSizes) => number;
  /** x `[batch, length, width]` → the same shape. */
  readonly build: (x: Tensor, parameters: ParameterInputs, sizes: LayerSizes) => Tensor;
  /** Longer sequences would make too large a graph. */
  readonly longest?: number;
  /** Computed by an operator that has no gradient. */
  readonly forwardOnly?: boolean;
}

/** As wide as the paper's heads: 64. */
function headsOf(width: number): number {
  return Math.max(1, width / 64);
}

function configFor(width: number): TransformerConfig {
  return presetConfig('base', 16, { dModel: width, heads: headsOf(width) });
}

/** `[b, n, d]` → `[b, h, n, d/h]` */
function splitHeads(x: Tensor, { batch, length, width }: LayerSizes): Tensor {
  const heads = headsOf(width);
  return graph.transpose(graph.reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** Time comes first in recurrence, `[n, b, d]`. */
function overTime(
  layer: (x: Tensor, weights: RecurrentWeights) => Tensor,
  x: Tensor,
  parameters: ParameterInputs,
  { width }: LayerSizes,
): Tensor {
  const weights = {
    input: parameters.parameter('input', [width, 3 * width], 'matrix'),
    recurrent: parameters.parameter('recurrent', [width, 3 * width], 'matrix'),
  };
  return graph.transpose(layer(graph.transpose(x, [1, 0, 2]), weights), [1, 0, 2]);
}

const recurrence = {
  complexity: 'n·d²',
  sequential: 'n',
  path: 'n',
  operations: ({ length: n, width: d }: LayerSizes) => n * d * d,
  longestPath: ({ length }: LayerSizes) => length,
};

export const paperLayers: readonly PaperLayer[] = [
  {
    name: 'self-attention',
    complexity: 'n²·d',
    sequential: '1',
    path: '1',
    operations: ({ length: n, width: d }) => n * n * d,
    longestPath: () => 1,
    build: (x, _, sizes) => {
      const split = splitHeads(x, sizes);
      const build = inferenceContext(configFor(sizes.width));
      const { context } = scaledDotProductAttention(build, split, { keys: split, values: split });
      return graph.reshape(graph.transpose(context, [0, 2, 1, 3]), [sizes.batch, sizes.length, sizes.width]);
    },
  },
  {
    // Each product of the attention takes n²·d multiplications, there are two of them, and each of the four maps takes n·d².
    name: 'the same with its four linear maps',
    complexity: '2·n²·d + 4·n·d²',
    sequential: '1',
    path: '1',
    operations: ({ length: n, width: d }) => 2 * n * n * d + 4 * n * d * d,
    longestPath: () => 1,
    build: (x, parameters, { width }) => {
      const build = inferenceContext(configFor(width));
      const scope = new Scope(parameters);
      const { queries, memory } = projectSelf(build, scope, x);
      return multiHeadAttention(build, scope, queries, memory).context;
    },
  },
  {
    ...recurrence,
    name: 'recurrence (GRU), unrolled',
    longest: 256,
    build: (x, parameters, sizes) => overTime(unrolledGru, x, parameters, sizes),
  },
  {
    ...recurrence,
    name: "recurrence, ONNX's GRU",
    forwardOnly: true,
    build: (x, parameters, sizes) => overTime(onnxGru, x, parameters, sizes),
  },
  {
    name: 'convolution',
    complexity: 'k·n·d²',
    sequential: '1',
    path: 'log_k n',
    operations: ({ length: n, width: d, kernel: k }) => k * n * d * d,
    longestPath: ({ length, kernel }) => Math.ceil(Math.log(length) / Math.log(kernel) - 1e-9),
    build: (x, parameters, { width, kernel }) =>
      convolution(x, parameters.parameter('kernel', [kernel * width, width], 'matrix'), kernel),
  },
  {
    name: 'restricted self-attention',
    complexity: 'r·n·d',
    sequential: '1',
    path: 'n/r',
    operations: ({ length: n, width: d, neighbourhood: r }) => r * n * d,
    longestPath: ({ length, neighbourhood }) => Math.ceil(length / neighbourhood),
    build: (x, _, { width, neighbourhood }) => restrictedAttention(x, headsOf(width), neighbourhood),
  },
];

/** How many operators of a graph have to wait for one another: its longest chain. */
export function longestChain(result: Tensor): number {
  const depths = new Map<Tensor, number>();
  // Without recursion: chains are thousands of operators long.
  const pending = [result];
  while (pending.length > 0) {
    const tensor = pending.at(-1)!;
    const inputs = tensor.origin.kind === 'node' ? tensor.origin.inputs : [];
    const missing = inputs.filter((input) => !depths.has(input));
    if (missing.length > 0) pending.push(...missing);
    else {
      pending.pop();
      const deepest = Math.max(0, ...inputs.map((input) => depths.get(input)!));
      depths.set(tensor, deepest + (tensor.origin.kind === 'node' ? 1 : 0));
    }
  }
  return depths.get(result)!;
}

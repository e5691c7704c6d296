/**
 * A recurrent layer for the comparison of Table 1: gated recurrent units (Cho et al. 2014, with the reset gate behind the
 * product, as ONNX's `linear_before_reset`), unrolled, so that its gradients come from our own differentiation; and ONNX's
 * own operator, which has none.
 *
 * Letters: b batch, n length, d width. The three gates stand in ONNX's order, update, reset, new, in matrices [d, 3d].
 */
import * as graph from '../../../models/graph/operators';
import type { AttributeValue, Operator } from '../../../models/graph/operator';
import { constant, Tensor, type Node } from '../../../models/graph/tensor';

export interface RecurrentWeights {
  /** `[d, 3d]` */
  readonly input: Tensor;
  /** `[d, 3d]` */
  readonly recurrent: Tensor;
}

const at = (place: number): Tensor => constant('int64', [1], [place]);

function part(x: Tensor, axis: number, start: number, size: number): Tensor {
  return graph.slice(x, axis, at(start), at(start + size), size);
}

/**
 * x `[n, …]` as n tensors `[1, …]`. Halves of halves: the gradient of a slice is as large as what it was cut from, which
 * would make n cuts of the whole n² work.
 */
function rowsOf(x: Tensor): Tensor[] {
  const size = x.shape[0] as number;
  if (size === 1) return [x];
  const half = size >> 1;
  return [...rowsOf(part(x, 0, 0, half)), ...rowsOf(part(x, 0, half, size - half))];
}

/**
 * Products of many states `[b, d]`, one after the other, with one matrix, whose gradient is one product of all states and
 * all their gradients together, as other implementations have it, where a sum of n products of single rows would write
 * the whole matrix n times.
 */
function sharedProducts(matrix: Tensor, count: number, batch: number): (state: Tensor) => Tensor {
  const [width, columns] = matrix.shape as [number, number];
  const states: Tensor[] = [];
  // Zeros that are added to the products, and so receive their gradients.
  const zeros = constant(matrix.type, [count, batch, columns], new Float32Array(count * batch * columns));
  const receiver = graph.withGradient(zeros, [matrix], (g) => {
    const rows = graph.reshape(graph.concat(states, 0), [-1, width]);
    return [graph.gemm(rows, graph.reshape(g, [-1, columns]), { transposeA: true })];
  });
  const receivers = rowsOf(receiver).map((row) => graph.reshape(row, [batch, columns]));
  return (state) => {
    const product = graph.withGradient(graph.matmul(state, matrix), [state], (g) => [
      graph.gemm(g, matrix, { transposeB: true }),
    ]);
    states.push(state);
    return graph.add(product, receivers[states.length - 1]!);
  };
}

/** x `[n, b, d]`, from a state of zeros → the states `[n, b, d]`. */
export function unrolledGru(x: Tensor, weights: RecurrentWeights): Tensor {
  const [length, batch, width] = x.shape as [number, number, number];
  const multiplyState = sharedProducts(weights.recurrent, length, batch);
  const inputs = rowsOf(graph.matmul(x, weights.input)).map((row) => graph.reshape(row, [batch, 3 * width]));
  let state = constant(x.type, [batch, width], new Float32Array(batch * width));
  const states = inputs.map((fromInput) => {
    const fromState = multiplyState(state);
    const gates = graph.sigmoid(
      graph.add(part(fromInput, 1, 0, 2 * width), part(fromState, 1, 0, 2 * width)),
    );
    const [update, reset] = [part(gates, 1, 0, width), part(gates, 1, width, width)];
    const candidate = graph.tanh(
      graph.add(
        part(fromInput, 1, 2 * width, width),
        graph.multiply(reset, part(fromState, 1, 2 * width, width)),
      ),
    );
    // (1 − z)·candidate + z·before
    state = graph.add(candidate, graph.multiply(update, graph.subtract(state, candidate)));
    return graph.unsqueeze(state, [0]);
  });
  return graph.concat(states, 0);
}

interface GruAttributes {
  readonly width: number;
}

const gru: Operator<GruAttributes> = {
  onnxType: 'GRU',
  infer: ([x], { width }) => [{ type: x!.type, shape: [x!.shape[0]!, 1, x!.shape[1]!, width] }],
  encode: ({ width }): Record<string, AttributeValue> => ({ hidden_size: width, linear_before_reset: 1 }),
  gradient: 'notDifferentiable',
};

/** As `unrolledGru`, by ONNX's operator, which wants its matrices the other way round: forward only. */
export function onnxGru(x: Tensor, { input, recurrent }: RecurrentWeights): Tensor {
  const width = x.shape.at(-1) as number;
  const turned = (matrix: Tensor): Tensor => graph.unsqueeze(graph.transpose(matrix, [1, 0]), [0]);
  const inputs = [x, turned(input), turned(recurrent)];
  const outputs: Tensor[] = [];
  const node: Node = {
    kind: 'node',
    operator: gru,
    inputs,
    attributes: { width },
    outputs,
  };
  for (const { type, shape } of gru.infer(inputs, { width })) outputs.push(new Tensor(type, shape, node));
  // ONNX has an axis for two directions.
  return graph.reshape(outputs[0]!, [0, -1, width]);
}

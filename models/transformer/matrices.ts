/** Products with weights and rows of them, whether a weight is numbers or quantised. */
import * as graph from '../graph/operators';
import { constant, Tensor } from '../graph/tensor';

/** See `QuantisedMatrix` in parameters.ts. */
export interface QuantisedTensor {
  /** uint8 `[rows, blocks, 32]` */
  readonly bytes: Tensor;
  /** float32 `[rows, blocks]` */
  readonly scales: Tensor;
}

export type Matrix = Tensor | QuantisedTensor;

/** x `[..., inputs]` · weight `[inputs, outputs]`. */
export function multiply(x: Tensor, weight: Matrix): Tensor {
  return weight instanceof Tensor
    ? graph.matmul(x, weight)
    : graph.quantisedMatmul(x, weight.bytes, weight.scales);
}

/** All numbers of a weight times a factor. */
export function timesFactor(weight: Matrix, factor: number): Matrix {
  if (weight instanceof Tensor) return scaled(weight, factor);
  return { bytes: weight.bytes, scales: scaled(weight.scales, factor) };
}

export function scaled(x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : graph.multiply(x, graph.constantLike(factor, x));
}

/** x `[rows, width]` · tableᵀ: with each row of a table `[entries, width]`. */
export function multiplyTransposed(x: Tensor, table: Matrix): Tensor {
  return table instanceof Tensor
    ? graph.gemm(x, table, { transposeB: true })
    : graph.quantisedMatmul(x, table.bytes, table.scales);
}

/** The rows of a table `[entries, width]` at indices of any shape: `[...indices, width]`. */
export function lookUp(table: Matrix, indices: Tensor, width: number): Tensor {
  if (table instanceof Tensor) return graph.gather(table, indices);
  const { bytes, scales } = table;
  const signed = graph.subtract(
    graph.cast(graph.gather(bytes, indices), 'float32'),
    constant('float32', [], [zeroByte]),
  );
  const blocks = graph.multiply(signed, graph.unsqueeze(graph.gather(scales, indices), [indices.rank + 1]));
  const rows = graph.reshape(blocks, [...indices.shape.map(() => 0), -1]);
  const place = (value: number): Tensor => constant('int64', [1], [value]);
  return rows.shape.at(-1) === width ? rows : graph.slice(rows, -1, place(0), place(width), width);
}

/** The byte that stands for 0. */
export const zeroByte = 128;

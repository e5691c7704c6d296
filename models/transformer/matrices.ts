/** Products with weights and rows of them, whether a weight is numbers or quantised. */
import type { IntegerProducts } from '../graph/integerProducts';
import * as graph from '../graph/operators';
import { constant, Tensor } from '../graph/tensor';

/** See `QuantisedMatrix` in parameters.ts. */
export interface QuantisedTensor {
  /** uint8 `[rows, blocks, 32]` */
  readonly bytes: Tensor;
  /** float32 `[rows, blocks]` */
  readonly scales: Tensor;
}

/** For products in whole numbers, which the processor is quickest at. */
export interface IntegerWeight {
  /** What is multiplied with; made when it is asked for, since some matrices are only looked up. */
  readonly columns: () => IntegerColumns;
  readonly products: IntegerProducts;
}

/** A matrix for such products, and the same for its rows to be looked up. */
export interface IntegerTensor extends IntegerWeight {
  readonly rows: QuantisedTensor;
}

export interface IntegerColumns {
  /** int8 `[inputs, outputs]`, or of an embedding `[width, rows]` */
  readonly steps: Tensor;
  /** float32 `[outputs]`, `[rows]` */
  readonly scales: Tensor;
}

export type Matrix = Tensor | QuantisedTensor | IntegerWeight | IntegerTensor;

/** x `[..., inputs]` · weight `[inputs, outputs]`. */
export function multiply(x: Tensor, weight: Matrix): Tensor {
  return weight instanceof Tensor ? graph.matmul(x, weight) : multiplyQuantised(x, weight);
}

function multiplyQuantised(x: Tensor, weight: QuantisedTensor | IntegerWeight): Tensor {
  if ('bytes' in weight) return graph.quantisedMatmul(x, weight.bytes, weight.scales);
  const { steps, scales } = weight.columns();
  return weight.products.product(x, steps, scales);
}

/** All numbers of a weight that is multiplied with, times a factor. */
export function timesFactor(weight: Matrix, factor: number): Matrix {
  if (weight instanceof Tensor) return scaled(weight, factor);
  if ('bytes' in weight) return { ...weight, scales: scaled(weight.scales, factor) };
  const { steps, scales } = weight.columns();
  return { ...weight, columns: () => ({ steps, scales: scaled(scales, factor) }) };
}

/** One matrix with the outputs of all, one after the other, if they are for products in whole numbers. */
export function joinOutputs(weights: readonly Matrix[]): IntegerWeight | undefined {
  const integers = weights.filter((weight) => 'columns' in weight);
  const [first] = integers;
  if (!first || integers.length < weights.length) return undefined;
  const columns = integers.map((weight) => weight.columns());
  const steps = graph.concat(
    columns.map((one) => one.steps),
    1,
  );
  const scales = graph.concat(
    columns.map((one) => one.scales),
    0,
  );
  return { products: first.products, columns: () => ({ steps, scales }) };
}

export function scaled(x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : graph.multiply(x, graph.constantLike(factor, x));
}

/** x `[rows, width]` · tableᵀ: with each row of a table `[entries, width]`. */
export function multiplyTransposed(x: Tensor, table: Matrix): Tensor {
  return table instanceof Tensor ? graph.gemm(x, table, { transposeB: true }) : multiplyQuantised(x, table);
}

/** The rows of a table `[entries, width]` at indices of any shape: `[...indices, width]`. */
export function lookUp(table: Matrix, indices: Tensor, width: number): Tensor {
  if (table instanceof Tensor) return graph.gather(table, indices);
  const { bytes, scales } = rowsOf(table);
  const signed = graph.subtract(
    graph.cast(graph.gather(bytes, indices), 'float32'),
    constant('float32', [], [zeroByte]),
  );
  const blocks = graph.multiply(signed, graph.unsqueeze(graph.gather(scales, indices), [indices.rank + 1]));
  const rows = graph.reshape(blocks, [...indices.shape.map(() => 0), -1]);
  const place = (value: number): Tensor => constant('int64', [1], [value]);
  return rows.shape.at(-1) === width ? rows : graph.slice(rows, -1, place(0), place(width), width);
}

function rowsOf(table: Exclude<Matrix, Tensor>): QuantisedTensor {
  if ('bytes' in table) return table;
  if ('rows' in table) return table.rows;
  throw new Error('lookUp: a joined matrix has no rows.');
}

/** The byte that stands for 0. */
export const zeroByte = 128;

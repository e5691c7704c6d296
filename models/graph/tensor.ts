/**
 * The values of a graph and how they come about. A graph is nothing but its tensors: each knows the node that
 * makes it, each node its inputs, so that a program is found by walking back from its results.
 */
import type { Operator } from './operator';
import type { Shape } from './shape';

export type DataType =
  'float16' | 'float32' | 'float64' | 'int64' | 'int32' | 'uint32' | 'uint8' | 'int8' | 'bool';

export interface TensorType {
  readonly type: DataType;
  readonly shape: Shape;
}

/** Little-endian elements of a tensor that is part of the graph itself. */
export interface ConstantData {
  readonly kind: 'constant';
  readonly bytes: Uint8Array;
}

/** A value that is fed in each run. */
export interface InputData {
  readonly kind: 'input';
  readonly name: string;
}

/** One application of an operator. */
export interface Node {
  readonly kind: 'node';
  readonly operator: Operator;
  readonly inputs: readonly Tensor[];
  readonly attributes: object;
  readonly outputs: readonly Tensor[];
}

export type Origin = ConstantData | InputData | Node;

let nextId = 0;

export class Tensor implements TensorType {
  /** Creation order, which is a topological order too. */
  readonly id = nextId++;

  constructor(
    readonly type: DataType,
    readonly shape: Shape,
    readonly origin: Origin,
    readonly outputIndex = 0,
  ) {}

  get rank(): number {
    return this.shape.length;
  }
}

/** A value fed in each run. Its name is the door to the running program: letters, digits, dots. */
export function input(name: string, type: DataType, shape: Shape): Tensor {
  return new Tensor(type, shape, { kind: 'input', name });
}

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
  int8: Int8Array,
} as const;

/** A tensor that is part of the graph. */
export function constant(type: DataType, shape: readonly number[], values: Iterable<number>): Tensor {
  return constantFromBytes(type, shape, elementBytes(type, [...values]));
}

function elementBytes(type: DataType, values: number[]): Uint8Array {
  if (type === 'bool') return Uint8Array.from(values);
  if (type === 'float16') throw new Error('constant: a number of float16 is made by a cast.');
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return new Uint8Array(arrays[type].from(values).buffer);
}

const elementSizes: Record<DataType, number> = {
  float16: 2,
  float32: 4,
  float64: 8,
  int64: 8,
  int32: 4,
  uint32: 4,
  uint8: 1,
  int8: 1,
  bool: 1,
};

/** As `constant`, from little-endian bytes that the caller leaves unchanged (weights: no copy is made). */
export function constantFromBytes(type: DataType, shape: readonly number[], bytes: Uint8Array): Tensor {
  const expected = shape.reduce((count, dimension) => count * dimension, 1) * elementSizes[type];
  if (bytes.byteLength !== expected) {
    throw new Error(
      `constant [${shape.join(', ')}] of ${type} needs ${expected} bytes, not ${bytes.byteLength}.`,
    );
  }
  return new Tensor(type, shape, { kind: 'constant', bytes });
}

/** What operators take and give: types and shapes of results from those of inputs, and a sentence where they do not fit. */
import type { Operator } from './operator';
import { broadcastShapes, normaliseAxis, sameShape, showShape, type Shape } from './shape';
import type { DataType, Tensor, TensorType } from './tensor';

export function sameType(what: string, inputs: readonly Tensor[]): DataType {
  const type = inputs[0]!.type;
  const other = inputs.find((tensor) => tensor.type !== type);
  if (other) throw new Error(`${what}: types ${type} and ${other.type} do not go together.`);
  return type;
}

export const broadcasting =
  (what: string) =>
  (inputs: readonly Tensor[]): TensorType[] => [
    { type: sameType(what, inputs), shape: broadcastShapes(inputs[0]!.shape, inputs[1]!.shape, what) },
  ];

export const comparing =
  (what: string) =>
  (inputs: readonly Tensor[]): TensorType[] => [{ ...broadcasting(what)(inputs)[0]!, type: 'bool' }];

export const unchanged = (inputs: readonly Tensor[]): TensorType[] => [
  { type: inputs[0]!.type, shape: inputs[0]!.shape },
];

export interface Reduction {
  readonly axes: readonly number[];
  readonly keepDimensions: boolean;
}

export function reducing(what: string): Operator<Reduction>['infer'] {
  return ([x], { axes, keepDimensions }) => {
    const reduced = new Set(axes.map((axis) => normaliseAxis(axis, x!.rank, what)));
    const shape = x!.shape.flatMap((dimension, axis) =>
      !reduced.has(axis) ? [dimension] : keepDimensions ? [1] : [],
    );
    return [{ type: x!.type, shape }];
  };
}

export function matmulShape(a: Tensor, b: Tensor): Shape {
  if (a.rank < 2 || b.rank < 2 || a.shape.at(-1) !== b.shape.at(-2)) {
    throw new Error(`matmul: shapes ${showShape(a.shape)} and ${showShape(b.shape)} do not multiply.`);
  }
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), 'matmul');
  return [...batch, a.shape.at(-2)!, b.shape.at(-1)!];
}

export interface GemmAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export function gemmType(
  [a, b, c]: readonly Tensor[],
  { transposeA, transposeB }: GemmAttributes,
): TensorType[] {
  const [rows, innerA] = transposeA ? [...a!.shape].reverse() : a!.shape;
  const [innerB, columns] = transposeB ? [...b!.shape].reverse() : b!.shape;
  if (a!.rank !== 2 || b!.rank !== 2 || innerA !== innerB) {
    throw new Error(`gemm: shapes ${showShape(a!.shape)} and ${showShape(b!.shape)} do not multiply.`);
  }
  const shape = [rows!, columns!];
  if (c && !sameShape(c.shape, shape)) {
    throw new Error(`gemm: the addend has shape ${showShape(c.shape)}, the product ${showShape(shape)}.`);
  }
  return [{ type: sameType('gemm', c ? [a!, b!, c] : [a!, b!]), shape }];
}

export interface QuantisedAttributes {
  readonly inputWidth: number;
  readonly outputWidth: number;
}

/** So many numbers of a quantised matrix, one after the other along its inputs, share a scale. */
export const quantisedBlock = 32;

export function quantisedType(
  [x, bytes, scales]: readonly Tensor[],
  { inputWidth, outputWidth }: QuantisedAttributes,
): TensorType[] {
  const blocks = [outputWidth, Math.ceil(inputWidth / quantisedBlock)];
  const shapesFit =
    x!.shape.at(-1) === inputWidth &&
    sameShape(bytes!.shape, [...blocks, quantisedBlock]) &&
    sameShape(scales!.shape, blocks);
  if (!shapesFit || x!.type !== 'float32' || bytes!.type !== 'uint8' || scales!.type !== 'float32') {
    const [a, b, c] = [x!, bytes!, scales!].map(({ type, shape }) => `${type} ${showShape(shape)}`);
    throw new Error(`quantisedMatmul: ${a} and bytes ${b} with scales ${c} do not multiply.`);
  }
  return [{ type: 'float32', shape: [...x!.shape.slice(0, -1), outputWidth] }];
}

export function rowsType(inputs: readonly Tensor[], { width }: { width: number }): TensorType[] {
  const [x, ...ofRows] = inputs;
  const rows = [...x!.shape.slice(0, -1), 1];
  const types = ['float32', 'float32', 'uint8'];
  const fit =
    x!.shape.at(-1) === width &&
    ofRows.every(({ shape }) => sameShape(shape, rows)) &&
    inputs.every(({ type }, index) => type === types[index]);
  if (!fit) {
    const [a, b, c = 'its first byte'] = inputs.map(({ type, shape }) => `${type} ${showShape(shape)}`);
    throw new Error(`quantiseRows: ${a} cannot be in steps of ${b} from ${c}.`);
  }
  return [{ type: 'uint8', shape: x!.shape }];
}

export function integerType([x, matrix, , scales]: readonly Tensor[]): TensorType[] {
  const shapesFit =
    matrix!.rank === 2 &&
    x!.shape.at(-1) === matrix!.shape[0] &&
    sameShape(scales!.shape, matrix!.shape.slice(1));
  if (!shapesFit || x!.type !== 'uint8' || matrix!.type !== 'int8' || scales!.type !== 'float32') {
    const [a, b, c] = [x!, matrix!, scales!].map(({ type, shape }) => `${type} ${showShape(shape)}`);
    throw new Error(`integerMatmul: ${a} and ${b} with scales ${c} do not multiply.`);
  }
  return [{ type: 'float32', shape: [...x!.shape.slice(0, -1), matrix!.shape[1]!] }];
}

/**
 * Where a model's weights come from. The model asks for each by name and shape while its graph is built; who answers
 * decides what they are: inputs (training), constants (inference), or a list (counting and initialising).
 */
import { IntegerProducts } from '../graph/integerProducts';
import { quantisedBlock } from '../graph/operators';
import { constantFromBytes, input, type Tensor } from '../graph/tensor';
import { integerMatrix } from './integerMatrices';
import type { IntegerColumns, Matrix } from './matrices';

/** How a weight starts. */
export type Initialiser = 'embedding' | 'matrix' | 'zeros' | 'ones';

export interface ParameterSource {
  parameter(name: string, shape: readonly number[], initialiser: Initialiser): Tensor;
  /** A weight `[inputs, outputs]` (`matrix`) or `[rows, width]` (`embedding`) that may be quantised. */
  matrix(name: string, shape: MatrixShape, initialiser: 'matrix' | 'embedding'): Matrix;
}

type MatrixShape = readonly [number, number];

/** A part of the names: `scope.in('query').parameter('weight', …)` asks for `….query.weight`. */
export class Scope {
  constructor(
    private readonly source: ParameterSource,
    private readonly prefix = '',
  ) {}

  /** `encoder.layers.0.selfAttention` */
  get path(): string {
    return this.prefix.replace(/\.$/, '');
  }

  in(name: string): Scope {
    return new Scope(this.source, `${this.prefix}${name}.`);
  }

  parameter(name: string, shape: readonly number[], initialiser: Initialiser): Tensor {
    return this.source.parameter(this.prefix + name, shape, initialiser);
  }

  matrix(name: string, shape: MatrixShape, initialiser: 'matrix' | 'embedding'): Matrix {
    return this.source.matrix(this.prefix + name, shape, initialiser);
  }
}

export interface ParameterShape {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
}

/** Parameters as inputs of the graph, each declared once and remembered in the order of first use. */
export class ParameterInputs implements ParameterSource {
  readonly tensors = new Map<string, Tensor>();
  readonly shapes: ParameterShape[] = [];

  parameter(name: string, shape: readonly number[], initialiser: Initialiser): Tensor {
    const known = this.tensors.get(name);
    if (known) return known;
    const tensor = input(name, 'float32', shape);
    this.tensors.set(name, tensor);
    this.shapes.push({ name, shape, initialiser });
    return tensor;
  }

  matrix(name: string, shape: MatrixShape, initialiser: 'matrix' | 'embedding'): Tensor {
    return this.parameter(name, shape, initialiser);
  }
}

/**
 * A matrix in 8 bits, as `quantisedMatmul` takes it: an element is (byte − 128)·scale, and each 32 of an output's
 * inputs, or of a row of an embedding, share a scale. The last block of a row may be longer than what is left of it.
 */
export interface QuantisedMatrix {
  /** `[outputs or rows, blocks, 32]` */
  readonly bytes: Uint8Array;
  /** `[outputs or rows, blocks]` */
  readonly scales: Float32Array;
}

export type Weight = Float32Array | QuantisedMatrix;

/** float32 weights by name: what can be trained. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** Weights by name, matrices quantised or not: what can translate. */
export type MixedWeights = ReadonlyMap<string, Weight>;

/** Rows and blocks a row of a matrix that is quantised: it lies output by output, an embedding row by row. */
export function quantisedShape(
  [first, second]: MatrixShape,
  initialiser: 'matrix' | 'embedding',
): readonly [rows: number, blocks: number] {
  const [rows, width] = initialiser === 'matrix' ? [second, first] : [first, second];
  return [rows, Math.ceil(width / quantisedBlock)];
}

/**
 * How matrices in 8 bits are multiplied with: in whole numbers, an output's inputs at a time, which the processor is
 * quickest at (integerProducts.ts), or block by block (`quantisedMatmul`), which graphics cards have a kernel for.
 */
export type QuantisedProducts = 'integers' | 'blocks';

/** Parameters as constants of the graph: onnxruntime lays them out for speed when it loads the model. */
export class ParameterConstants implements ParameterSource {
  private readonly tensors = new Map<string, Matrix>();
  private readonly integers = new IntegerProducts();

  constructor(
    private readonly weights: MixedWeights,
    private readonly products: QuantisedProducts = 'integers',
  ) {}

  parameter(name: string, shape: readonly number[]): Tensor {
    return this.once(name, (weight) => {
      if (weight instanceof Float32Array) return constantFromBytes('float32', shape, bytesOf(weight));
      throw new Error(`The weight “${name}” must not be quantised.`);
    });
  }

  matrix(name: string, shape: MatrixShape, initialiser: 'matrix' | 'embedding'): Matrix {
    return this.once(name, (weight) => {
      if (weight instanceof Float32Array) return constantFromBytes('float32', shape, bytesOf(weight));
      const blocks = quantisedShape(shape, initialiser);
      const rows = {
        bytes: constantFromBytes('uint8', [...blocks, quantisedBlock], weight.bytes),
        scales: constantFromBytes('float32', blocks, bytesOf(weight.scales)),
      };
      if (this.products === 'blocks') return rows;
      let columns: IntegerColumns | undefined;
      return {
        rows,
        products: this.integers,
        columns: () => (columns ??= columnsOf(weight, shape, initialiser)),
      };
    });
  }

  private once<Kind extends Matrix>(name: string, make: (weight: Weight) => Kind): Kind {
    const known = this.tensors.get(name);
    if (known) return known as Kind;
    const weight = this.weights.get(name);
    if (!weight) throw new Error(`The model has no weight called “${name}”.`);
    const made = make(weight);
    this.tensors.set(name, made);
    return made;
  }
}

function columnsOf(
  weight: QuantisedMatrix,
  shape: MatrixShape,
  initialiser: 'matrix' | 'embedding',
): IntegerColumns {
  const [inputs, outputs] = initialiser === 'matrix' ? shape : [shape[1], shape[0]];
  const { steps, scales } = integerMatrix(weight, inputs, outputs);
  return {
    steps: constantFromBytes('int8', [inputs, outputs], new Uint8Array(steps.buffer)),
    scales: constantFromBytes('float32', [outputs], bytesOf(scales)),
  };
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, dimension) => count * dimension, 1);
}

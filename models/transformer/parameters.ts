/**
 * Where a model's weights come from. The model asks for each by name and shape while its graph is built; who answers
 * decides what they are: inputs (training), constants (inference), or a list (counting and initialising).
 */
import { constantFromBytes, input, type Tensor } from '../graph/tensor';

/** How a weight starts. */
export type Initialiser = 'embedding' | 'matrix' | 'zeros' | 'ones';

export interface ParameterSource {
  parameter(name: string, shape: readonly number[], initialiser: Initialiser): Tensor;
}

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
}

/** float32 weights by name. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** Parameters as constants of the graph: onnxruntime lays them out for speed when it loads the model. */
export class ParameterConstants implements ParameterSource {
  private readonly tensors = new Map<string, Tensor>();

  constructor(private readonly weights: Weights) {}

  parameter(name: string, shape: readonly number[]): Tensor {
    const known = this.tensors.get(name);
    if (known) return known;
    const values = this.weights.get(name);
    if (!values) throw new Error(`The model has no weight called “${name}”.`);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const tensor = constantFromBytes('float32', shape, bytes);
    this.tensors.set(name, tensor);
    return tensor;
  }
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, dimension) => count * dimension, 1);
}

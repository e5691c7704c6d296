/** Between a model's weights and the tensors of its model.safetensors: numbers, or matrices in 8 bits beside them. */
import { quantisedBlock } from '../graph/operators';
import type { TransformerConfig } from '../transformer/config';
import { parameterShapes } from '../transformer/model';
import {
  elementCount,
  quantisedShape,
  type MixedWeights,
  type ParameterShape,
  type Weight,
  type Weights,
} from '../transformer/parameters';
import { shorten, UserError } from '../userError';
import { dequantise, isMatrix, quantise, type MatrixParameter } from './quantisation';
import type { StoredBytes, StoredEntry, StoredTensor } from './safetensors';

/** What the matrices are: float32 or float16 numbers, or 8 bits. */
export type WeightFormat = 'float' | 'int8';

interface Expected {
  readonly shape: readonly number[];
  readonly kind: 'numbers' | 'bytes';
}

/** A matrix's scales are a tensor of their own, beside its bytes, which have the matrix's name. */
const scalesOf = (name: string): string => `${name}.scales`;

/** The tensors that the file of a model with these parameters must hold, and no others. */
function expectedTensors(parameters: readonly ParameterShape[], format: WeightFormat): Map<string, Expected> {
  const expected = new Map<string, Expected>();
  for (const parameter of parameters) {
    const { name, shape } = parameter;
    if (format === 'int8' && isMatrix(parameter)) {
      const blocks = blocksOf(parameter);
      expected.set(name, { shape: [...blocks, quantisedBlock], kind: 'bytes' });
      expected.set(scalesOf(name), { shape: blocks, kind: 'numbers' });
    } else {
      expected.set(name, { shape, kind: 'numbers' });
    }
  }
  return expected;
}

/** The most bytes that the tensors of such a model take in a file. */
export function mostBytesOfTensors(transformer: TransformerConfig, format: WeightFormat): number {
  let bytes = 0;
  for (const { shape, kind } of expectedTensors(parameterShapes(transformer), format).values())
    bytes += elementCount(shape) * (kind === 'bytes' ? 1 : Float32Array.BYTES_PER_ELEMENT);
  return bytes;
}

/** Weights as tensors of a file, matrices as numbers or quantised. */
export function tensorsOf(
  weights: Weights,
  transformer: TransformerConfig,
  format: WeightFormat,
): Map<string, StoredTensor | StoredBytes> {
  const tensors = new Map<string, StoredTensor | StoredBytes>();
  for (const parameter of parameterShapes(transformer)) {
    const { name, shape } = parameter;
    const values = weights.get(name)!;
    if (format === 'int8' && isMatrix(parameter)) {
      const { bytes, scales } = quantise(values, parameter);
      const blocks = blocksOf(parameter);
      tensors.set(name, { shape: [...blocks, quantisedBlock], bytes });
      tensors.set(scalesOf(name), { shape: blocks, values: scales });
    } else {
      tensors.set(name, { shape, values });
    }
  }
  return tensors;
}

function blocksOf({ shape, initialiser }: MatrixParameter): readonly [number, number] {
  return quantisedShape(shape, initialiser);
}

/**
 * Whether a file holds what such a model needs, by what its header says.
 *
 * @param where the file's name, for errors
 * @throws UserError where a tensor is missing, is of another kind or shape, or does not belong there
 */
export function checkTensors(
  entries: readonly Pick<StoredEntry, 'name' | 'type' | 'shape'>[],
  transformer: TransformerConfig,
  format: WeightFormat,
  where: string,
): void {
  const expected = expectedTensors(parameterShapes(transformer), format);
  const found = new Map(entries.map((entry) => [entry.name, entry]));
  for (const [name, { shape, kind }] of expected) {
    const entry = found.get(name);
    if (!entry) throw new UserError(`${where} has no weight “${name}”, which config.json asks for.`);
    const actual = entry.type === 'U8' ? 'bytes' : 'numbers';
    if (actual !== kind)
      throw new UserError(`${where}: “${name}” holds ${actual}, where config.json asks for ${kind}.`);
    if (entry.shape.join() !== shape.join()) {
      throw new UserError(
        `${where}: “${name}” has shape [${shorten(entry.shape.join(', '))}], where config.json asks for [${shape.join(', ')}].`,
      );
    }
  }
  const extra = entries.find(({ name }) => !expected.has(name));
  if (extra)
    throw new UserError(
      `${where} holds “${shorten(extra.name)}”, which the model of config.json does not have.`,
    );
}

/** The model's weights, in its order, of tensors that have been checked. */
export function weightsOf(
  stored: ReadonlyMap<string, StoredTensor | StoredBytes>,
  transformer: TransformerConfig,
): MixedWeights {
  return new Map(parameterShapes(transformer).map(({ name }) => [name, weightOf(stored, name)]));
}

function weightOf(stored: ReadonlyMap<string, StoredTensor | StoredBytes>, name: string): Weight {
  const tensor = stored.get(name)!;
  if (!('bytes' in tensor)) return tensor.values;
  return { bytes: tensor.bytes, scales: (stored.get(scalesOf(name)) as StoredTensor).values };
}

/** Weights as they are when their file has been read back, but for the rounding of vectors. */
export function quantiseWeights(weights: Weights, transformer: TransformerConfig): MixedWeights {
  return weightsOf(tensorsOf(weights, transformer, 'int8'), transformer);
}

/** All weights as numbers: what stands for bytes are the numbers that they stand for. */
export function dequantiseWeights(weights: MixedWeights, transformer: TransformerConfig): Weights {
  return new Map(
    parameterShapes(transformer).map((parameter) => {
      const weight = weights.get(parameter.name)!;
      const isNumbers = weight instanceof Float32Array;
      return [parameter.name, isNumbers ? weight : dequantise(weight, parameter as MatrixParameter)];
    }),
  );
}

/** A model small enough to look into, with weights that repeat. */
import type { ort } from '../../../models/runtime/session';
import { presetConfig, type TransformerConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { elementCount, ParameterConstants, type Weights } from '../../../models/transformer/parameters';
import { fed } from '../graph/run';

export function smallConfig(changes: Partial<TransformerConfig> = {}): TransformerConfig {
  return presetConfig('tiny', 30, {
    dModel: 12,
    heads: 3,
    dKey: 4,
    dValue: 5,
    dFf: 20,
    encoderLayers: 1,
    decoderLayers: 2,
    ...changes,
  });
}

/** Uniform numbers from −1 to 1, the same for the same seed. */
export function randomNumbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function smallWeights(config: TransformerConfig): Weights {
  return new Map(
    parameterShapes(config).map(({ name, shape, initialiser }, index) => {
      const spread = shape.length === 2 ? 1.5 / Math.sqrt(shape[0]!) : 0.3;
      const middle = initialiser === 'ones' ? 1 : 0;
      return [name, randomNumbers(elementCount(shape), index + 1).map((value) => middle + spread * value)];
    }),
  );
}

export function smallParameters(config: TransformerConfig): ParameterConstants {
  return new ParameterConstants(smallWeights(config));
}

/** Between them, both of everything that a configuration chooses between. */
export const configs: [string, TransformerConfig][] = [
  ['post-norm', smallConfig({ normalisation: 'post', encoderLayers: 2 })],
  [
    'pre-norm',
    smallConfig({ normalisation: 'pre', activation: 'swish', positions: 'halves', outputBias: true }),
  ],
  ['learned positions', smallConfig({ positions: 'learned', maximumPositions: 12 })],
];

/** Sentences of different lengths. */
export const sources = [
  [5, 9, 9, 2],
  [7, 7, 3, 21, 14, 6, 2],
  [11, 2],
];
/** What the decoder is given for them. */
export const targets = [
  [1, 8, 8, 25, 4],
  [1, 17],
  [1, 12, 9],
];

/** `[batch, length]`, padded at the end. */
export function ids(rows: number[][]): ort.Tensor {
  const width = Math.max(...rows.map((row) => row.length));
  const padded = rows.flatMap((row) => [...row, ...(Array(width - row.length).fill(0) as number[])]);
  return fed('int32', [rows.length, width], padded);
}

/** The element at these places. */
export function at(tensor: ort.Tensor, ...places: number[]): number {
  const index = places.reduce((sum, place, axis) => sum * tensor.dims[axis]! + place, 0);
  return Number((tensor.data as Float32Array)[index]);
}

export const range = (size: number): number[] => Array.from({ length: size }, (_, index) => index);

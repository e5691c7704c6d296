/**
 * Matrices in 8 bits: each 32 numbers that are multiplied with 32 neighbours of a vector become whole numbers from −127
 * to 127 with one scale, which is kept as float16. A quarter of float32's size, and about 1/127 of a block's largest
 * number is the coarsest step.
 */
import { quantisedBlock } from '../graph/operators';
import { zeroByte } from '../transformer/matrices';
import { quantisedShape, type ParameterShape, type QuantisedMatrix } from '../transformer/parameters';
import { fromFloat16, toFloat16 } from './float16';

/** Symmetric, so that 0 stays 0. */
const largest = 127;

/** A weight that may be quantised; the others are vectors. */
export type MatrixParameter = ParameterShape & {
  readonly shape: readonly [number, number];
  readonly initialiser: 'matrix' | 'embedding';
};

export function isMatrix(parameter: ParameterShape): parameter is MatrixParameter {
  return parameter.initialiser === 'matrix' || parameter.initialiser === 'embedding';
}

/** A matrix `[inputs, outputs]`, or an embedding `[rows, width]`, quantised. */
export function quantise(values: Float32Array, { shape, initialiser }: MatrixParameter): QuantisedMatrix {
  const [rows, blocks] = quantisedShape(shape, initialiser);
  const bytes = new Uint8Array(rows * blocks * quantisedBlock).fill(zeroByte);
  const halves = new Uint16Array(rows * blocks);
  eachBlock({ shape, initialiser }, (block, places) => {
    const largestHere = places.reduce((most, place) => Math.max(most, Math.abs(values[place]!)), 0);
    halves[block] = toFloat16(largestHere / largest);
    // Rounded with the scale as it is stored; one so small that it is stored as 0 leaves zeros.
    const [scale] = fromFloat16(halves.subarray(block, block + 1)) as unknown as [number];
    if (scale === 0) return;
    places.forEach((place, index) => {
      const steps = Math.round(values[place]! / scale);
      bytes[block * quantisedBlock + index] = zeroByte + Math.min(largest, Math.max(-largest, steps));
    });
  });
  return { bytes, scales: fromFloat16(halves) };
}

/** What a quantised matrix stands for, in the order of the matrix that it was made of. */
export function dequantise({ bytes, scales }: QuantisedMatrix, parameter: MatrixParameter): Float32Array {
  const values = new Float32Array(parameter.shape[0] * parameter.shape[1]);
  eachBlock(parameter, (block, places) => {
    places.forEach((place, index) => {
      values[place] = (bytes[block * quantisedBlock + index]! - zeroByte) * scales[block]!;
    });
  });
  return values;
}

/** Calls for each block with the places of its numbers in the matrix. */
function eachBlock(
  { shape, initialiser }: Pick<MatrixParameter, 'shape' | 'initialiser'>,
  visit: (block: number, places: readonly number[]) => void,
): void {
  const [rows, blocks] = quantisedShape(shape, initialiser);
  const [first, second] = shape;
  const width = initialiser === 'matrix' ? first : second;
  // A matrix lies input by input, an embedding row by row.
  const [rowStep, step] = initialiser === 'matrix' ? [1, second] : [second, 1];
  for (let block = 0; block < rows * blocks; block++) {
    const [row, start] = [Math.floor(block / blocks), (block % blocks) * quantisedBlock];
    const length = Math.min(quantisedBlock, width - start);
    visit(
      block,
      Array.from({ length }, (_, index) => row * rowStep + (start + index) * step),
    );
  }
}

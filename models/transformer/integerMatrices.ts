/** Matrices in 8 bits as products in whole numbers take them: one scale an output, and input by input. */
import { largestStep } from '../graph/integerProducts';
import { quantisedBlock } from '../graph/operators';
import { zeroByte } from './matrices';
import type { QuantisedMatrix } from './parameters';

/** An element is step·scale. */
export interface IntegerMatrix {
  /** `[inputs, outputs]` */
  readonly steps: Int8Array<ArrayBuffer>;
  /** `[outputs]` */
  readonly scales: Float32Array<ArrayBuffer>;
}

/**
 * A matrix whose blocks have scales of their own, rounded once more to steps that all of an output's inputs share. It
 * costs a little of the blocks' precision, and is done once, when a model is loaded.
 */
export function integerMatrix(
  { bytes, scales: blockScales }: QuantisedMatrix,
  inputs: number,
  outputs: number,
): IntegerMatrix {
  const blocks = Math.ceil(inputs / quantisedBlock);
  const steps = new Int8Array(inputs * outputs);
  const scales = new Float32Array(outputs);
  const tile = new Int8Array(outputsAtOnce * inputs);
  for (let first = 0; first < outputs; first += outputsAtOnce) {
    const count = Math.min(outputsAtOnce, outputs - first);
    for (let index = 0; index < count; index++) {
      const output = first + index;
      const ofBlocks = blockScales.subarray(output * blocks, (output + 1) * blocks);
      const ofOutput = bytes.subarray(
        output * blocks * quantisedBlock,
        output * blocks * quantisedBlock + inputs,
      );
      const row = tile.subarray(index * inputs, (index + 1) * inputs);
      scales[output] = roundTo(row, ofOutput, ofBlocks);
    }
    // Input by input, a few outputs at a time: numbers that lie far apart are not fetched again for each.
    for (let input = 0; input < inputs; input++) {
      const start = input * outputs + first;
      for (let index = 0, at = input; index < count; index++, at += inputs) steps[start + index] = tile[at]!;
    }
  }
  return { steps, scales };
}

const outputsAtOnce = 64;

/** @returns the scale */
function roundTo(steps: Int8Array, bytes: Uint8Array, blockScales: Float32Array): number {
  // What is imported is looked up anew each time: twice as slow, over millions of numbers that somebody waits for.
  const [perBlock, zero, most] = [quantisedBlock, zeroByte, largestStep];
  const count = bytes.length;
  let largest = 0;
  for (let from = 0, block = 0; from < count; from += perBlock, block++) {
    // Most blocks need not be looked into.
    if (zero * blockScales[block]! <= largest) continue;
    const to = Math.min(count, from + perBlock);
    let furthest = 0;
    for (let input = from; input < to; input++) furthest = Math.max(furthest, Math.abs(bytes[input]! - zero));
    largest = Math.max(largest, furthest * blockScales[block]!);
  }
  if (largest === 0) {
    steps.fill(0);
    return 0;
  }
  // What the fraction is cut off of is not below 0, so that it is rounded.
  const shift = most + 0.5;
  for (let from = 0, block = 0; from < count; from += perBlock, block++) {
    const to = Math.min(count, from + perBlock);
    const stepsPerByte = (blockScales[block]! * most) / largest;
    for (let input = from; input < to; input++)
      steps[input] = (((bytes[input]! - zero) * stepsPerByte + shift) | 0) - most;
  }
  return largest / most;
}

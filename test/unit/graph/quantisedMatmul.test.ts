/**
 * The product with a matrix in 8 bits, as onnxruntime computes it on this machine: the numbers that it stands for, even
 * the most extreme ones, and the same bits whatever is computed beside it. The kernels need AVX2 or Arm's dot products;
 * where a machine has neither, onnxruntime computes in float32, whose last bits may differ in a batch.
 */
import { describe, expect, it } from 'vitest';
import { quantisedBlock, quantisedMatmul } from '../../../models/graph/operators';
import { constantFromBytes, input } from '../../../models/graph/tensor';
import { randomNumbers } from '../transformer/smallModel';
import { haveTheSameBits, multiply, sizes, type Sizes } from './productsOfBytes';
import { prepare } from './run';

const blocksOf = ({ inputs }: Sizes): number => Math.ceil(inputs / quantisedBlock);

/** Its blocks' scales, and how bytes come about: by chance, or all of them as far from 0 as they can be. */
function matrix(size: Sizes, extreme: boolean): { bytes: Uint8Array; scales: Float32Array } {
  const count = size.outputs * blocksOf(size);
  const draws = randomNumbers(count * quantisedBlock, 1);
  const bytes = Uint8Array.from(draws, (draw) =>
    extreme ? (draw < 0 ? 1 : 255) : 128 + Math.round(127 * draw),
  );
  // An output whose weights are all the largest, and one with all the least.
  if (extreme) bytes.fill(255, 0, blocksOf(size) * quantisedBlock);
  if (extreme) bytes.fill(1, bytes.length - blocksOf(size) * quantisedBlock);
  return { bytes, scales: randomNumbers(count, 2).map((draw) => 0.01 + 0.005 * draw) };
}

function preparedFor(size: Sizes, { bytes, scales }: ReturnType<typeof matrix>, threads: number) {
  const blocks = [size.outputs, blocksOf(size)];
  const product = quantisedMatmul(
    input('x', 'float32', ['rows', size.inputs]),
    constantFromBytes('uint8', [...blocks, quantisedBlock], bytes),
    constantFromBytes('float32', blocks, new Uint8Array(scales.buffer)),
  );
  return prepare({ product }, threads);
}

describe.each(sizes)('$inputs inputs, $outputs outputs', (size) => {
  const { inputs, outputs } = size;

  it.each([false, true])('is the product of what the bytes stand for; extreme: %s', async (extreme) => {
    const weights = matrix(size, extreme);
    const session = await preparedFor(size, weights, 1);
    // Whole numbers of which each block has ±127: they are not rounded. All the largest, all the least, and by chance.
    const rows = [
      new Float32Array(inputs).fill(127),
      new Float32Array(inputs).fill(-127),
      randomNumbers(inputs, 3).map((draw) => (draw < 0 ? -127 : 127)),
      randomNumbers(inputs, 4).map((draw, index) =>
        index % quantisedBlock === 0 ? 127 : Math.round(127 * draw),
      ),
    ];
    const x = Float32Array.from(rows.flatMap((row) => [...row]));
    const product = await multiply(session, x, inputs);
    await session.dispose();
    let worst = 0;
    for (const [row, values] of rows.entries()) {
      for (let output = 0; output < outputs; output++) {
        let [sum, magnitude] = [0, 0];
        values.forEach((value, index) => {
          const block = output * blocksOf(size) + Math.floor(index / quantisedBlock);
          const byte = weights.bytes[block * quantisedBlock + (index % quantisedBlock)]!;
          const term = value * (byte - 128) * weights.scales[block]!;
          sum += term;
          magnitude += Math.abs(term);
        });
        worst = Math.max(worst, Math.abs(product[row * outputs + output]! - sum) / magnitude);
      }
    }
    expect(worst).toBeLessThan(4e-6);
  });

  haveTheSameBits(size, (threads) => preparedFor(size, matrix(size, false), threads));
});

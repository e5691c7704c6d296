/**
 * The product with a matrix in 8 bits, as onnxruntime computes it on this machine: the numbers that it stands for, even
 * the most extreme ones, and the same bits whatever is computed beside it. The kernels need AVX2 or Arm's dot products;
 * where a machine has neither, onnxruntime computes in float32, whose last bits may differ in a batch.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quantisedBlock, quantisedMatmul } from '../../../models/graph/operators';
import { constantFromBytes, input } from '../../../models/graph/tensor';
import type { Session } from '../../../models/runtime/session';
import { randomNumbers } from '../transformer/smallModel';
import { fed, prepare } from './run';

interface Sizes {
  readonly inputs: number;
  readonly outputs: number;
}

/** Those of the shipped models (their vocabulary cut), then some that fill no block and no register. */
const sizes: readonly Sizes[] = [
  { inputs: 256, outputs: 256 },
  { inputs: 256, outputs: 1024 },
  { inputs: 1024, outputs: 256 },
  { inputs: 256, outputs: 1000 },
  { inputs: 48, outputs: 7 },
  { inputs: 33, outputs: 31 },
  { inputs: 2, outputs: 1 },
];

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

async function multiply(session: Session<'product'>, x: Float32Array, inputs: number): Promise<Float32Array> {
  const { product } = await session.run({ x: fed('float32', [x.length / inputs, inputs], x) });
  return product.data as Float32Array;
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

  describe('has the same bits', () => {
    // Some rows a thousand times larger than others.
    const count = 67;
    const x = randomNumbers(count * inputs, 5).map((draw, index) =>
      Math.floor(index / inputs) % 3 === 1 ? 1000 * draw : draw,
    );
    const weights = matrix(size, false);
    let session: Session<'product'>;
    let together: Float32Array;

    beforeAll(async () => {
      session = await preparedFor(size, weights, 1);
      together = (await multiply(session, x, inputs)).slice();
    });
    afterAll(() => session.dispose());

    it('alone and in batches of any size', async () => {
      for (const rows of [1, 2, 3, 4, 5, 8, 17, 64]) {
        for (const start of rows === 1
          ? Array.from({ length: count }, (_, row) => row)
          : [0, 1, count - rows]) {
          const part = await multiply(session, x.slice(start * inputs, (start + rows) * inputs), inputs);
          const wanted = together.subarray(start * outputs, (start + rows) * outputs);
          expect(Buffer.compare(bytesOf(part), bytesOf(wanted)), `${rows} rows from ${start}`).toBe(0);
        }
      }
    });

    it('on two threads', async () => {
      const two = await preparedFor(size, weights, 2);
      for (const rows of [1, 2, count]) {
        const part = await multiply(two, x.slice(0, rows * inputs), inputs);
        expect(Buffer.compare(bytesOf(part), bytesOf(together.subarray(0, rows * outputs)))).toBe(0);
      }
      await two.dispose();
    });
  });
});

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

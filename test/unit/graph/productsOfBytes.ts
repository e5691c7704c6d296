/** What is asked of products with matrices in 8 bits, however they are computed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../models/runtime/session';
import { randomNumbers } from '../transformer/smallModel';
import { fed } from './run';

export interface Sizes {
  readonly inputs: number;
  readonly outputs: number;
}

/** Those of the shipped models (their vocabulary cut), then some that fill no block and no register. */
export const sizes: readonly Sizes[] = [
  { inputs: 256, outputs: 256 },
  { inputs: 256, outputs: 1024 },
  { inputs: 1024, outputs: 256 },
  { inputs: 256, outputs: 1000 },
  { inputs: 48, outputs: 7 },
  { inputs: 33, outputs: 31 },
  { inputs: 2, outputs: 1 },
];

/** x `[rows, inputs]` goes in; `[rows, outputs]` comes out. */
export async function multiply(
  session: Session<'product'>,
  x: Float32Array,
  inputs: number,
): Promise<Float32Array> {
  const { product } = await session.run({ x: fed('float32', [x.length / inputs, inputs], x) });
  return product.data as Float32Array;
}

/** A row's product does not depend on what is computed beside it. */
export function haveTheSameBits(
  { inputs, outputs }: Sizes,
  prepared: (threads: number) => Promise<Session<'product'>>,
): void {
  describe('have the same bits', () => {
    // Some rows a thousand times larger than others, and one of zeros.
    const count = 67;
    const x = randomNumbers(count * inputs, 5).map((draw, index) => {
      const row = Math.floor(index / inputs);
      return row === 7 ? 0 : row % 3 === 1 ? 1000 * draw : draw;
    });
    let session: Session<'product'>;
    let together: Float32Array;

    beforeAll(async () => {
      session = await prepared(1);
      together = (await multiply(session, x, inputs)).slice();
    });
    afterAll(() => session.dispose());

    it('alone and in batches of any size', async () => {
      for (const rows of [1, 2, 3, 4, 5, 8, 17, 64]) {
        const starts = rows === 1 ? Array.from({ length: count }, (_, row) => row) : [0, 1, count - rows];
        for (const start of starts) {
          const part = await multiply(session, x.slice(start * inputs, (start + rows) * inputs), inputs);
          const wanted = together.subarray(start * outputs, (start + rows) * outputs);
          expect(Buffer.compare(bytesOf(part), bytesOf(wanted)), `${rows} rows from ${start}`).toBe(0);
        }
      }
    });

    it('on two threads', async () => {
      const two = await prepared(2);
      for (const rows of [1, 2, count]) {
        const part = await multiply(two, x.slice(0, rows * inputs), inputs);
        expect(Buffer.compare(bytesOf(part), bytesOf(together.subarray(0, rows * outputs)))).toBe(0);
      }
      await two.dispose();
    });
  });
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

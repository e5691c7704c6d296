/**
 * Products in whole numbers, as onnxruntime computes them on this machine: of the numbers that the bytes stand for, even
 * the most extreme ones, which some processors' sums of 16 bits would cut, and with the same bits whatever is computed
 * beside them.
 */
import { describe, expect, it } from 'vitest';
import { IntegerProducts, largestStep } from '../../../models/graph/integerProducts';
import { relu } from '../../../models/graph/operators';
import { buildProgram } from '../../../models/graph/program';
import { constantFromBytes, input, type Tensor } from '../../../models/graph/tensor';
import { Session } from '../../../models/runtime/session';
import { randomNumbers } from '../transformer/smallModel';
import { haveTheSameBits, multiply, sizes, type Sizes } from './productsOfBytes';

/** By chance, or all as far from 0 as they can be: the first output all the largest, the last all the least. */
function matrix({ inputs, outputs }: Sizes, extreme: boolean): { steps: Int8Array; scales: Float32Array } {
  const draws = randomNumbers(inputs * outputs, 1);
  const steps = Int8Array.from(draws, (draw, place) => {
    if (!extreme) return Math.round(largestStep * draw);
    const output = place % outputs;
    if (output === 0) return largestStep;
    return output === outputs - 1 || draw < 0 ? -largestStep : largestStep;
  });
  return { steps, scales: randomNumbers(outputs, 2).map((draw) => 0.01 + 0.005 * draw) };
}

/** One product of x, or of what a ReLU leaves of it. */
function prepared(
  { inputs, outputs }: Sizes,
  { steps, scales }: ReturnType<typeof matrix>,
  { threads = 1, before = (x: Tensor): Tensor => x } = {},
): Promise<Session<'product'>> {
  const product = new IntegerProducts().product(
    before(input('x', 'float32', ['rows', inputs])),
    constantFromBytes('int8', [inputs, outputs], new Uint8Array(steps.buffer)),
    constantFromBytes('float32', [outputs], new Uint8Array(scales.buffer)),
  );
  return Session.create(buildProgram('test', { product }), { threads });
}

describe.each(sizes)('$inputs inputs, $outputs outputs', (size) => {
  const { inputs, outputs } = size;

  async function furthest(
    rows: readonly Float32Array[],
    weights: ReturnType<typeof matrix>,
    before?: (x: Tensor) => Tensor,
  ): Promise<number> {
    const session = await prepared(size, weights, before && { before });
    const product = await multiply(session, Float32Array.from(rows.flatMap((row) => [...row])), inputs);
    await session.dispose();
    let worst = 0;
    rows.forEach((row, index) => {
      for (let output = 0; output < outputs; output++) {
        let [sum, magnitude] = [0, 0];
        row.forEach((value, place) => {
          const term =
            (before ? Math.max(0, value) : value) *
            weights.steps[place * outputs + output]! *
            weights.scales[output]!;
          sum += term;
          magnitude += Math.abs(term);
        });
        worst = Math.max(worst, Math.abs(product[index * outputs + output]! - sum) / (magnitude || 1));
      }
    });
    return worst;
  }

  it.each([false, true])('are those of what the bytes stand for; extreme: %s', async (extreme) => {
    // Whole numbers of which each row has ±127: they are not rounded.
    const rows = [
      new Float32Array(inputs).fill(127),
      new Float32Array(inputs).fill(-127),
      randomNumbers(inputs, 3).map((draw) => (draw < 0 ? -127 : 127)),
      randomNumbers(inputs, 4).map((draw, index) => (index === 0 ? 127 : Math.round(127 * draw))),
      new Float32Array(inputs),
    ];
    expect(await furthest(rows, matrix(size, extreme))).toBeLessThan(4e-6);
  });

  it.each([false, true])('use all bytes for what a ReLU leaves; extreme: %s', async (extreme) => {
    const rows = [
      new Float32Array(inputs).fill(255),
      new Float32Array(inputs).fill(-255),
      randomNumbers(inputs, 4).map((draw, index) => (index === 0 ? 255 : Math.round(255 * draw))),
    ];
    expect(await furthest(rows, matrix(size, extreme), relu)).toBeLessThan(4e-6);
  });

  haveTheSameBits(size, (threads) => prepared(size, matrix(size, false), { threads }));
});

describe('a program', () => {
  it('rounds rows once that go into several products', () => {
    const products = new IntegerProducts();
    const x = input('x', 'float32', ['batch', 'length', 4]);
    const steps = constantFromBytes('int8', [4, 2], new Uint8Array(8));
    const scales = constantFromBytes('float32', [2], new Uint8Array(8));
    const { model } = buildProgram('test', {
      one: products.product(x, steps, scales),
      other: products.product(x, steps, scales),
    });
    const text = Buffer.from(model).toString('latin1');
    expect(text.split('QuantizeLinear')).toHaveLength(2);
    expect(text.split('MatMulIntegerToFloat')).toHaveLength(3);
  });
});

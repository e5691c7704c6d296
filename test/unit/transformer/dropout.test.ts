/** Dropout: as random as independent coin tosses as far as we can see, and as repeatable as arithmetic. */
import { describe, expect, it } from 'vitest';
import { gradients } from '../../../models/graph/gradients';
import { multiply, reduceSum } from '../../../models/graph/operators';
import { input, type Tensor } from '../../../models/graph/tensor';
import type { ort } from '../../../models/runtime/session';
import { dropout, noDropout, seededDropout, type Dropout } from '../../../models/transformer/dropout';
import { sourceInput, targetInput, transformer } from '../../../models/transformer/model';
import { evaluate, fed, numbers, prepare } from '../graph/run';
import { randomNumbers, range, smallConfig, smallParameters } from './smallModel';

/** How far a sum of independent events may lie from what is expected; one in 150,000 lies farther. */
const sigmas = 4.5;
const rates = [0.1, 0.3, 0.5];
/** The rate as the hash sees it. */
const exact = (rate: number): number => Math.round(rate * 65_536) / 65_536;

const seed = input('seed', 'uint32', []);
const seedOf = (value: number) => fed('uint32', [], [value]);
const letters = (dims: readonly number[]): string[] => dims.map((_, axis) => 'abcd'[axis]!);
const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** What becomes of ones, for each seed: 0 where dropped. */
async function masks(
  dims: readonly number[],
  rate: number,
  seeds: readonly number[],
  site = 1,
): Promise<Float32Array[]> {
  const session = await prepare({ y: dropout(input('x', 'float32', letters(dims)), rate, seed, site) });
  const x = fed('float32', dims, new Float32Array(count(dims)).fill(1));
  const results: Float32Array[] = [];
  for (const value of seeds)
    results.push((await session.run({ x, seed: seedOf(value) })).y.data as Float32Array);
  await session.dispose();
  return results;
}

/** 1 − p where dropped, −p where kept: nothing on average. */
const centred = (mask: Float32Array, rate: number): Float32Array =>
  mask.map((value) => (value === 0 ? 1 : 0) - exact(rate));

/** Σ a·b of centred masks in units of its standard deviation, were they independent. */
function correlation(a: Float32Array, b: Float32Array, rate: number): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum / (exact(rate) * (1 - exact(rate)) * Math.sqrt(a.length));
}

describe.each(rates)('rate %d', (rate) => {
  it.each([[[33, 65]], [[7, 13, 129]], [[1, 1001]], [[513, 1]], [[2, 3, 5, 37]]])(
    'drops its share of %j and scales the rest',
    async (dims) => {
      const seeds = range(20);
      let dropped = 0;
      for (const mask of await masks(dims, rate, seeds)) {
        dropped += mask.filter((value) => value === 0).length;
        expect([...new Set(mask)].sort()).toEqual([0, Math.fround(1 / (1 - rate))]);
      }
      const total = seeds.length * count(dims);
      const deviation = Math.sqrt(total * rate * (1 - rate));
      expect(Math.abs(dropped - total * exact(rate)) / deviation).toBeLessThan(sigmas);
    },
  );

  it('leaves every place its expected value over many steps', async () => {
    const dims = [9, 16];
    const seeds = range(600);
    const all = await masks(dims, rate, seeds);
    const deviation = Math.sqrt(rate / (1 - rate) / seeds.length);
    for (const place of range(count(dims))) {
      const mean = all.reduce((sum, mask) => sum + mask[place]!, 0) / seeds.length;
      expect(Math.abs(mean - 1) / deviation).toBeLessThan(sigmas);
    }
  });

  it('shows no correlation along rows, along columns or between the halves', async () => {
    const [rows, columns] = [512, 257];
    for (const mask of await masks([rows, columns], rate, [7, 4_000_000_000])) {
      const values = centred(mask, rate);
      for (let lag = 1; lag <= 64; lag++) {
        // Laid out row after row, a step to the right is one place and a step down `columns` places.
        for (const [moved, where] of [
          [lag, 'columns'],
          [lag * columns, 'rows'],
        ] as const) {
          const z = correlation(values.subarray(moved), values.subarray(0, values.length - moved), rate);
          expect(Math.abs(z), `${lag} ${where} apart`).toBeLessThan(sigmas);
        }
      }
      const middle = (rows / 2) * columns;
      const halves = correlation(values.subarray(middle), values.subarray(0, middle), rate);
      expect(Math.abs(halves)).toBeLessThan(sigmas);
    }
  });

  it('shows no correlation between steps or between sites', async () => {
    const dims = [256, 257];
    const seeds = [0, 1, 2, 3, 1000, 2 ** 31, 2 ** 32 - 1];
    const first = (await masks(dims, rate, seeds)).map((mask) => centred(mask, rate));
    for (const [i, a] of first.entries()) {
      for (const b of first.slice(0, i)) expect(Math.abs(correlation(a, b, rate))).toBeLessThan(sigmas);
    }
    for (const site of [2, 3, 17]) {
      const other = (await masks(dims, rate, seeds, site)).map((mask) => centred(mask, rate));
      for (const a of first) {
        for (const b of other) expect(Math.abs(correlation(a, b, rate))).toBeLessThan(sigmas);
      }
    }
  });
});

it('repeats bit for bit under one seed and site, and under no other', async () => {
  const dims = [5, 7, 11];
  const [first, again, next] = await masks(dims, 0.3, [42, 42, 43]);
  const [elsewhere] = await masks(dims, 0.3, [42], 2);
  expect(again).toEqual(first);
  expect(next).not.toEqual(first);
  expect(elsewhere).not.toEqual(first);
});

it.each([
  [4096, 65],
  [130, 2048],
])('gives no two rows and no two columns of [%i, %i] the same pattern', async (rows, columns) => {
  const [mask] = await masks([rows, columns], 0.5, [11]);
  const pattern = (size: number, place: (index: number) => number): string =>
    range(size)
      .map((index) => (mask![place(index)] === 0 ? '0' : '1'))
      .join('');
  const ofRows = range(rows).map((row) => pattern(columns, (column) => row * columns + column));
  const ofColumns = range(columns).map((column) => pattern(rows, (row) => row * columns + column));
  expect(new Set(ofRows).size).toBe(rows);
  expect(new Set(ofColumns).size).toBe(columns);
});

it('drops the same places in the gradient', async () => {
  const dims = [6, 10, 9];
  const [x, weights] = [input('x', 'float32', letters(dims)), input('weights', 'float32', letters(dims))];
  const y = dropout(x, 0.4, seed, 3);
  const [gradient] = gradients(reduceSum(multiply(y, weights), [0, 1, 2]), [x]);
  const [values, factors] = [randomNumbers(count(dims), 1), randomNumbers(count(dims), 2)];
  const results = await evaluate(
    { y, gradient: gradient! },
    { x: fed('float32', dims, values), weights: fed('float32', dims, factors), seed: seedOf(9) },
  );
  const kept = numbers(results.y).map((value) => value !== 0);
  const scale = Math.fround(1 / 0.6);
  // Plus zero: −0 counts as 0.
  const expected = (of: Float32Array): number[] =>
    Array.from(of, (value, index) => (kept[index] ? Math.fround(value * scale) : 0) + 0);
  const actual = (result: ort.Tensor): number[] => numbers(result).map((value) => value + 0);
  expect(actual(results.y)).toEqual(expected(values));
  expect(actual(results.gradient)).toEqual(expected(factors));
  expect(kept).toContain(true);
  expect(kept).toContain(false);
});

it('drops the same places where masks are numbers, as a graphics card needs them', async () => {
  const dims = [5, 3, 7];
  const x = input('x', 'float32', letters(dims));
  const truths = dropout(x, 0.3, seed, 2);
  const asNumbers = dropout(x, 0.3, seed, 2, 'number');
  const results = await evaluate(
    { truths, asNumbers },
    { x: fed('float32', dims, randomNumbers(count(dims), 4)), seed: seedOf(5) },
  );
  expect(numbers(results.asNumbers)).toEqual(numbers(results.truths));
  expect(numbers(results.truths)).toContain(0);
});

describe('in a model', () => {
  const x = input('x', 'float32', ['n', 50]);
  const kinds = ['residual', 'attention', 'feedForward'] as const;

  it.each(kinds)('leaves what has no rate as it is, %s apart', (kind) => {
    const none = { residual: 0, attention: 0, feedForward: 0 };
    const only = seededDropout(seed, { ...none, [kind]: 0.5 });
    for (const other of kinds) {
      if (other === kind) expect(only[other](x)).not.toBe(x);
      else expect(only[other](x)).toBe(x);
      expect(noDropout[other](x)).toBe(x);
    }
  });

  it('gives each place of the model a pattern and a rate of its own', async () => {
    const sites = seededDropout(seed, { residual: 0.2, attention: 0.4, feedForward: 0.6 });
    const results = await evaluate(
      { a: sites.residual(x), b: sites.residual(x), c: sites.attention(x), d: sites.feedForward(x) },
      { x: fed('float32', [100, 50], new Float32Array(5000).fill(1)), seed: seedOf(5) },
    );
    const dropped = [results.a, results.b, results.c, results.d].map(
      (result) => numbers(result).filter((v) => v === 0).length,
    );
    [0.2, 0.2, 0.4, 0.6].forEach((rate, index) =>
      expect(Math.abs(dropped[index]! / 5000 - rate)).toBeLessThan(0.04),
    );
    expect(numbers(results.a)).not.toEqual(numbers(results.b));
  });

  it('stands where §5.4 and the usual implementations have it', () => {
    const seen: Record<string, string[]> = { residual: [], attention: [], feedForward: [] };
    const note = (kind: string) => (tensor: Tensor) => {
      seen[kind]!.push(tensor.shape.join());
      return tensor;
    };
    const spy: Dropout = {
      residual: note('residual'),
      attention: note('attention'),
      feedForward: note('feedForward'),
    };
    const config = smallConfig({ encoderLayers: 2, decoderLayers: 3 });
    transformer({ config, dropout: spy }, smallParameters(config), sourceInput(), targetInput());
    const source = 'batch,sourceLength';
    const target = 'batch,targetLength';
    const times = (n: number, shape: string): string[] => Array<string>(n).fill(shape);
    expect(seen).toEqual({
      // The embeddings and each sub-layer's output.
      residual: [...times(1 + 2 * 2, `${source},12`), ...times(1 + 3 * 3, `${target},12`)],
      attention: [
        ...times(2, 'batch,3,sourceLength,sourceLength'),
        ...range(3).flatMap(() => ['batch,3,targetLength,targetLength', 'batch,3,targetLength,sourceLength']),
      ],
      feedForward: [...times(2, `${source},20`), ...times(3, `${target},20`)],
    });
  });
});

/** Products in float16: what is rounded, and what is not. */
import { describe, expect, it } from 'vitest';
import { ancestors } from '../../../models/graph/gradients';
import { halveProducts } from '../../../models/graph/halfProducts';
import * as graph from '../../../models/graph/operators';
import { operators, type OperatorName } from '../../../models/graph/operators';
import { input, type Tensor } from '../../../models/graph/tensor';
import { evaluate, fed, numbers } from './run';

const holding = { holdCasts: true };

function count(results: readonly Tensor[], name: OperatorName): number {
  const nodes = ancestors(results).flatMap(({ origin }) => (origin.kind === 'node' ? [origin] : []));
  return new Set(nodes.filter(({ operator }) => operator === operators[name])).size;
}

describe('products in float16', () => {
  const [a, b] = [input('a', 'float32', ['n', 'k']), input('b', 'float32', ['k', 'm'])];

  it('rounds the factors and the product, and gives float32', async () => {
    const [product] = halveProducts([graph.matmul(a, b)], holding);
    expect(product!.type).toBe('float32');
    const run = async (x: number, y: number): Promise<number[]> => {
      const feeds = { a: fed('float32', [1, 1], [x]), b: fed('float32', [1, 1], [y]) };
      return numbers((await evaluate({ product: product! }, feeds)).product);
    };
    // Of 1 + 2⁻¹¹ half lies between two numbers of float16: the even one is 1.
    expect(await run(1 + 2 ** -11, 3)).toEqual([3]);
    expect(await run(1 + 3 * 2 ** -11, 1)).toEqual([1 + 2 ** -9]);
    // 33·63 = 2,079, where float16 has even numbers alone.
    expect(await run(33, 63)).toEqual([2080]);
    expect(await run(300, 300)).toEqual([Infinity]);
    expect(await run(2 ** -26, 2 ** 10)).toEqual([0]);
  });

  it('adds in float32, and leaves alone what is no product', async () => {
    const c = input('c', 'float32', ['n', 'm']);
    const [sum, beside] = halveProducts([graph.gemm(a, b, { addend: c }), graph.exp(c)], holding);
    const exact = 1 + 2 ** -20;
    const results = await evaluate(
      { sum: sum!, beside: beside! },
      {
        a: fed('float32', [1, 1], [2]),
        b: fed('float32', [1, 1], [4]),
        c: fed('float32', [1, 1], [exact]),
      },
    );
    expect(numbers(results.sum)).toEqual([8 + exact]);
    expect(numbers(results.beside)).toEqual([Math.fround(Math.exp(exact))]);
    const same = graph.multiply(c, c);
    expect(halveProducts([same], holding)).toEqual([same]);
  });

  it('casts a factor once, and none that comes from a product and is only moved', () => {
    const square = input('x', 'float32', ['n', 'n']);
    const first = graph.matmul(square, square);
    const second = graph.matmul(graph.transpose(graph.reshape(first, [0, 0]), [1, 0]), square);
    const results = halveProducts([second, graph.negate(first)], { holdCasts: false });
    // The factor's, and one back to float32 for each product.
    expect(count(results, 'cast')).toBe(3);
    expect(count(results, 'matmul')).toBe(2);
    expect(count(results, 'reshape')).toBe(1);
  });
});

/** Reverse-mode differentiation itself: who gets a gradient, and how contributions add up. */
import { describe, expect, it } from 'vitest';
import { ancestors, gradients } from '../../../models/graph/gradients';
import * as graph from '../../../models/graph/operators';
import { constant, input, type Tensor } from '../../../models/graph/tensor';
import { gradientError } from './numericalGradient';
import { evaluate, fed, numbers } from './run';

const total = (x: Tensor): Tensor =>
  graph.reduceSum(
    x,
    x.shape.map((_, axis) => axis),
  );

describe('gradients', () => {
  it('adds up what a tensor used several times receives', async () => {
    const x = input('x', 'float64', ['n']);
    const y = graph.multiply(x, x);
    // y + y·x + y + x = 2x² + x³ + x, of which the derivative is 4x + 3x² + 1.
    const loss = total(graph.add(graph.add(y, graph.multiply(y, x)), graph.add(y, x)));
    const { gradient } = await evaluate(
      { gradient: gradients(loss, [x])[0]! },
      { x: fed('float64', [3], [-1, 0, 2]) },
    );
    expect(numbers(gradient)).toEqual([0, 1, 21]);
  });

  it('goes through several layers of operators at once', async () => {
    const error = await gradientError({
      shapes: [['batch', 'length', 4], [4, 3], [3]],
      sizes: { batch: 2, length: 3 },
      build: (x, weight, bias) => {
        const hidden = graph.tanh(graph.add(graph.matmul(x, weight), bias));
        const weights = graph.softmax(graph.matmul(hidden, graph.transpose(hidden, [0, 2, 1])));
        return graph.layerNorm(graph.matmul(weights, hidden), bias, bias);
      },
    });
    expect(error).toBeLessThan(1e-6);
  });

  it('gives zeros of its own shape to a parameter that the loss does not use', async () => {
    const x = input('x', 'float64', ['n']);
    const unused = input('unused', 'float64', ['n', 2]);
    const known = input('known', 'float64', [3]);
    const results = gradients(total(x), [unused, x, known]);
    expect(results.map(({ shape }) => shape)).toEqual([['n', 2], ['n'], [3]]);
    const { a, b, c } = await evaluate(
      { a: results[0]!, b: results[1]!, c: results[2]! },
      { x: fed('float64', [2], [5, 7]), unused: fed('float64', [2, 2], [1, 2, 3, 4]) },
    );
    expect([a, b, c].map(numbers)).toEqual([
      [0, 0, 0, 0],
      [1, 1],
      [0, 0, 0],
    ]);
    expect(a.dims).toEqual([2, 2]);
  });

  it('takes gradients with respect to values on the way, too', async () => {
    const x = input('x', 'float64', []);
    const y = graph.multiply(x, x);
    const loss = graph.exp(y);
    const [forY, forX, forLoss] = gradients(loss, [y, x, loss]);
    const results = await evaluate(
      { forY: forY!, forX: forX!, forLoss: forLoss! },
      { x: fed('float64', [], [0.5]) },
    );
    expect(numbers(results.forY)[0]).toBeCloseTo(Math.exp(0.25), 12);
    expect(numbers(results.forX)[0]).toBeCloseTo(Math.exp(0.25), 12);
    expect(numbers(results.forLoss)).toEqual([1]);
  });

  it('leaves rules alone that lead to no parameter', async () => {
    const x = input('x', 'float64', ['n']);
    const other = input('other', 'float64', ['n']);
    const away = graph.withGradient(graph.exp(other), [other], () => {
      throw new Error('asked');
    });
    const loss = total(graph.multiply(x, away));
    expect(() => gradients(loss, [other])).toThrow('asked');
    const { gradient } = await evaluate(
      { gradient: gradients(loss, [x])[0]! },
      { x: fed('float64', [2], [1, 2]), other: fed('float64', [2], [0, 1]) },
    );
    expect(numbers(gradient)).toEqual([1, expect.closeTo(Math.E, 12)]);
  });

  it('stops where values are no floating-point numbers', async () => {
    const x = input('x', 'float64', []);
    const floor = graph.cast(graph.cast(x, 'int64'), 'float64');
    const [gradient] = gradients(graph.multiply(floor, x), [x]);
    const result = await evaluate({ gradient: gradient! }, { x: fed('float64', [], [3.5]) });
    expect(numbers(result.gradient)).toEqual([3]);
  });

  it('can be differentiated again', async () => {
    const x = input('x', 'float64', []);
    const [first] = gradients(graph.multiply(graph.multiply(x, x), x), [x]);
    const [second] = gradients(first!, [x]);
    const result = await evaluate({ second: second! }, { x: fed('float64', [], [1.5]) });
    expect(numbers(result.second)).toEqual([9]);
  });

  it('follows a chain of 10,000 nodes without recursion', async () => {
    const x = input('x', 'float64', []);
    let y = x;
    for (let index = 0; index < 10_000; index++)
      y = graph.add(y, index % 2 === 0 ? x : constant('float64', [], [1]));
    const [gradient] = gradients(y, [x]);
    // Every second step adds one: the contributions pile up to 5,001.
    expect(ancestors([gradient!]).length).toBeGreaterThan(5000);
    const result = await evaluate({ gradient: gradient! }, { x: fed('float64', [], [2]) });
    expect(numbers(result.gradient)).toEqual([5001]);
  });

  it.each([[['n']], [[1]], [[2, 'n']]])('refuses a loss of shape %j with a sentence', (shape) => {
    const loss = input('loss', 'float64', shape);
    expect(() => gradients(loss, [loss])).toThrow(
      `gradients: the loss must be a single number, not [${shape.join(', ')}].`,
    );
  });
});

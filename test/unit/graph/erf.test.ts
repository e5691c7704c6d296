/**
 * erf against PyTorch float64 (test/fixtures/erf.py): onnxruntime computes it in float32 alone. Its gradient does not
 * need its value, so that the gradient is tried in float64 like every other operator's.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyGradientRule, erf } from '../../../models/graph/operators';
import { input, type Node } from '../../../models/graph/tensor';
import { relativeError } from './numericalGradient';
import { evaluate, fed, numbers } from './run';

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/erf.json', import.meta.url), 'utf8')) as {
  x: number[];
  erf: number[];
  gradient: number[];
};
const { length } = fixture.x;

describe('erf', () => {
  it('has PyTorch’s values', async () => {
    const x = input('x', 'float32', ['n']);
    const { y } = await evaluate({ y: erf(x) }, { x: fed('float32', [length], fixture.x) });
    expect(relativeError(numbers(y), fixture.erf)).toBeLessThan(1e-6);
  });

  it.each([[['n']], [[1, 'n']], [['n', 1, 1]]])('has PyTorch’s gradient, shape %j', async (shape) => {
    const [x, weights] = [input('x', 'float64', shape), input('weights', 'float64', shape)];
    const [rule] = applyGradientRule(erf(x).origin as Node, weights);
    const dims = shape.map((dimension) => (dimension === 'n' ? length : 1));
    const factors = fixture.x.map((_, index) => index - 4.5);
    const { gradient } = await evaluate(
      { gradient: rule! },
      { x: fed('float64', dims, fixture.x), weights: fed('float64', dims, factors) },
    );
    const expected = fixture.gradient.map((slope, index) => slope * factors[index]!);
    expect(gradient.dims).toEqual(dims);
    expect(relativeError(numbers(gradient), expected)).toBeLessThan(1e-9);
  });
});

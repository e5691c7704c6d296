/** Symbolic shapes: what is said about names must be true of every size that they may stand for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  broadcastShapes,
  normaliseAxis,
  product,
  sameShape,
  showShape,
  type Shape,
} from '../../../models/graph/shape';

fc.configureGlobal({ seed: 3, numRuns: 300 });

const names = ['batch', 'length', 'rows', 'past + 1'] as const;
const sizes = fc.record(Object.fromEntries(names.map((name) => [name, fc.integer({ min: 1, max: 7 })])));
const dimension = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...names));
const shape = fc.array(dimension, { maxLength: 5 });

/** The number that a dimension stands for in one run. */
function sizeOf(of: string | number, sizes: Record<string, number>): number {
  if (typeof of === 'number') return of;
  return of.split('*').reduce((count, factor) => count * (sizes[factor] ?? Number(factor)), 1);
}
const resolve = (of: Shape, sizes: Record<string, number>): number[] => of.map((one) => sizeOf(one, sizes));

describe('product', () => {
  it('is the number of elements, whatever the names stand for', () => {
    fc.assert(
      fc.property(shape, sizes, (of, sizes) => {
        expect(sizeOf(product(of), sizes)).toBe(resolve(of, sizes).reduce((a, b) => a * b, 1));
      }),
    );
  });

  it('spells the same product the same way in any order and grouping', () => {
    fc.assert(
      fc.property(shape, fc.nat(), fc.integer({ min: 0, max: 5 }), (of, rotation, cut) => {
        const turned = of.map((_, index) => of[(index + rotation) % of.length]!);
        expect(product(turned)).toBe(product(of));
        expect(product([product(of.slice(0, cut)), product(of.slice(cut))])).toBe(product(of));
      }),
    );
  });

  it('spells different products differently', () => {
    expect(product(['batch', 'length'])).not.toBe(product(['batch', 'batch']));
    expect(product([2, 'batch'])).not.toBe(product(['batch']));
    expect(product(['batch', 'batch'])).toBe('batch*batch');
    expect(product([2, 'length', 3, 'batch'])).toBe('6*batch*length');
  });

  it('is a number where all dimensions are, and where one is zero', () => {
    expect(product([])).toBe(1);
    expect(product([2, 3])).toBe(6);
    expect(product(['batch', 0])).toBe(0);
    expect(product([1, 'batch'])).toBe('batch');
  });
});

describe('broadcastShapes', () => {
  /** Two shapes that broadcast: one, and the same with axes left out at the front or set to 1. */
  const pair = fc
    .tuple(shape, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), fc.nat({ max: 5 }))
    .map(
      ([full, ones, from]) => [full, full.map((one, axis) => (ones[axis] ? 1 : one)).slice(from)] as const,
    );

  it('gives numpy’s shape whatever the names stand for', () => {
    fc.assert(
      fc.property(pair, sizes, ([full, part], sizes) => {
        const result = broadcastShapes(full, part, 'test');
        expect(result).toEqual(full);
        const [a, b] = [resolve(full, sizes), resolve(part, sizes)];
        const expected = a.map((size, axis) => Math.max(size, b[axis - a.length + b.length] ?? 1));
        expect(resolve(result, sizes)).toEqual(expected);
      }),
    );
  });

  it('does not depend on the order, and repeating changes nothing', () => {
    fc.assert(
      fc.property(pair, ([full, part]) => {
        expect(broadcastShapes(part, full, 'test')).toEqual(full);
        expect(broadcastShapes(full, full, 'test')).toEqual(full);
      }),
    );
  });

  it('stretches both sides', () => {
    expect(broadcastShapes(['batch', 1, 4], ['length', 1], 'test')).toEqual(['batch', 'length', 4]);
  });

  it('refuses what may differ in a run, in a sentence', () => {
    fc.assert(
      fc.property(shape, dimension, dimension, (rest, a, b) => {
        fc.pre(a !== b && a !== 1 && b !== 1);
        expect(() => broadcastShapes([a, ...rest], [b, ...rest], 'add')).toThrow(
          `add: shapes ${showShape([a, ...rest])} and ${showShape([b, ...rest])} do not broadcast.`,
        );
      }),
    );
  });
});

describe('normaliseAxis', () => {
  it('counts from either end', () => {
    expect([-3, -1, 0, 2].map((axis) => normaliseAxis(axis, 3, 'test'))).toEqual([0, 2, 0, 2]);
  });

  it.each([3, -4])('refuses axis %d of three with a sentence', (axis) => {
    expect(() => normaliseAxis(axis, 3, 'slice')).toThrow(`slice: axis ${axis} does not exist in rank 3.`);
  });
});

it('compares shapes by rank and by every dimension', () => {
  expect(sameShape(['batch', 2], ['batch', 2])).toBe(true);
  expect(sameShape(['batch', 2], ['batch', 3])).toBe(false);
  expect(sameShape(['batch', 2], ['batch', 2, 1])).toBe(false);
  expect(sameShape([], [])).toBe(true);
});

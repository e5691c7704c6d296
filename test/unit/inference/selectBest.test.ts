import fc from 'fast-check';
import { expect, it } from 'vitest';
import { selectBest } from '../../../models/inference/selectBest';

it('is sorting, cut off', () => {
  const values = fc.array(fc.integer({ min: -6, max: 0 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 9 }), (all, count) => {
      const sorted = all.map((_, place) => place).sort((a, b) => all[b]! - all[a]!);
      expect(selectBest(Float32Array.from(all), count)).toEqual(sorted.slice(0, count));
    }),
  );
});

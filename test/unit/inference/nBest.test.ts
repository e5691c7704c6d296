/** Lists of whole texts from lists of their segments. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DecodedSegment } from '../../../models/inference/joinSegments';
import { bestCombinations } from '../../../models/inference/nBest';

const fixedSeed = 20_241_125;

/** In the order of a search. */
const segment = fc
  .array(fc.record({ truncated: fc.boolean(), penalisedScore: fc.integer({ min: -9, max: 0 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((all) =>
    all.toSorted((a, b) => Number(a.truncated) - Number(b.truncated) || b.penalisedScore - a.penalisedScore),
  )
  .map((all) => all.map((hypothesis) => ({ hypothesis }) as DecodedSegment));
const parts = fc.array(fc.oneof(fc.constantFrom(' ', '\n'), segment), { maxLength: 5 });

function everyCombination(
  all: readonly (string | readonly DecodedSegment[])[],
): (string | DecodedSegment)[][] {
  return all.reduce<(string | DecodedSegment)[][]>(
    (before, part) =>
      before.flatMap((chosen) =>
        (typeof part === 'string' ? [part] : part).map((choice) => [...chosen, choice]),
      ),
    [[]],
  );
}

it('the best combinations are those of all that are best', () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 6 }), (all, count) => {
      const ranked = everyCombination(all)
        .map((chosen) => {
          const hypotheses = chosen.flatMap((one) => (typeof one === 'string' ? [] : [one.hypothesis]));
          return {
            parts: chosen,
            cut: hypotheses.filter(({ truncated }) => truncated).length,
            penalisedScore: hypotheses.reduce((sum, one) => sum + one.penalisedScore, 0),
          };
        })
        .toSorted((a, b) => a.cut - b.cut || b.penalisedScore - a.penalisedScore);
      const found = bestCombinations(all, count);
      expect(found).toEqual(
        ranked
          .slice(0, count)
          .map(({ parts: chosen, penalisedScore }) => ({ parts: chosen, penalisedScore })),
      );
    }),
    { seed: fixedSeed, numRuns: 300 },
  );
});

import { describe, expect, it } from 'vitest';
import { takeNearest } from '../../../extension/documents/nearestFirst';

const passage = (start: number, length: number) => ({
  span: { start, end: start + length },
  text: 'x'.repeat(length),
});

describe('the next passages', () => {
  it('are those nearest to the focus, in the document’s order', () => {
    const all = [0, 1000, 2000, 3000, 4000].map((start) => passage(start, 500));
    const waiting = new Set(all);
    expect(takeNearest(waiting, 2600)).toEqual([all[2], all[3]]);
    expect(takeNearest(waiting, 2600)).toEqual([all[1], all[4]]);
    expect(takeNearest(waiting, 0)).toEqual([all[0]]);
    expect(takeNearest(waiting, 0)).toEqual([]);
  });

  it('are one at least, however long', () => {
    const waiting = new Set([passage(0, 5000), passage(6000, 5000)]);
    expect(takeNearest(waiting, 7000)).toHaveLength(1);
    expect([...waiting]).toHaveLength(1);
  });
});

/** Texts that are written otherwise in some places. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, movedBy, withChanges, type Change } from '../../../models/text/changes';

describe('changes to a text', () => {
  it('are made in its order, and not twice in one place', () => {
    const changes = inOrder([
      { start: 4, end: 7, as: '…' },
      { start: 5, end: 6, as: '!' },
      { start: 4, end: 4, as: ' ' },
      { start: 0, end: 1, as: 'L' },
    ]);
    expect(withChanges('load...', changes)).toBe('Load …');
  });

  it('move what stands behind them, and what is put in belongs to none of its neighbours', () => {
    const changes = [
      { start: 3, end: 3, as: ' ' },
      { start: 6, end: 7, as: '' },
      { start: 9, end: 12, as: '…' },
    ];
    const written = withChanges('onetwo th...', changes);
    expect(written).toBe('one twoth…');
    const moved = (start: number, end: number): string => written.slice(...movedBy(changes, [start, end]));
    expect(moved(0, 3)).toBe('one');
    expect(moved(3, 6)).toBe('two');
    expect(moved(3, 7)).toBe('two');
    expect(moved(7, 9)).toBe('th');
    expect(moved(9, 12)).toBe('…');
    expect(moved(9, 10)).toBe('…');
    expect(moved(10, 12)).toBe('');
  });

  it('leave what they do not touch, whatever they are', () => {
    const change = fc.tuple(fc.nat(30), fc.nat(3), fc.constantFrom('', ' ', '…', 'ab', 'abcdef'));
    const property = fc.property(
      fc.array(change, { maxLength: 6 }),
      fc.nat(30),
      fc.nat(5),
      (all, at, length) => {
        const text = Array.from({ length: 40 }, (_, index) => String.fromCharCode(0x4e00 + index)).join('');
        const changes = inOrder(all.map(([start, long, as]): Change => ({ start, end: start + long, as })));
        const written = withChanges(text, changes);
        const [start, end] = [at, at + length];
        const place = movedBy(changes, [start, end]);
        expect(place[0]).toBeLessThanOrEqual(place[1]);
        expect(place[1]).toBeLessThanOrEqual(written.length);
        const isTouched = changes.some((other) => other.start < end && other.end > start);
        if (!isTouched) expect(written.slice(...place)).toBe(text.slice(start, end));
      },
    );
    fc.assert(property, { seed: 5, numRuns: 500 });
  });
});

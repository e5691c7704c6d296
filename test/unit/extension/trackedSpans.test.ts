import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrackedSpans, type TextChange } from '../../../extension/translate/trackedSpans';

/** What an editor does with changes whose offsets all count in the text before them. */
function edit(text: string, changes: readonly TextChange[]): string {
  const fromTheEnd = [...changes].sort((a, b) => b.rangeOffset - a.rangeOffset);
  return fromTheEnd.reduce(
    (result, { rangeOffset, rangeLength, text: inserted }) =>
      result.slice(0, rangeOffset) + inserted + result.slice(rangeOffset + rangeLength),
    text,
  );
}

const insert = (rangeOffset: number, text: string): TextChange => ({ rangeOffset, rangeLength: 0, text });

describe('tracked spans', () => {
  // 0123456789
  // ab[cde]fgh
  const span = { start: 2, end: 5 };
  const track = (...changes: TextChange[]): TrackedSpans => {
    const tracked = new TrackedSpans([span]);
    tracked.apply(changes);
    return tracked;
  };

  it('move with what comes and goes before them', () => {
    expect(track(insert(0, 'xyz')).spans).toEqual([{ start: 5, end: 8 }]);
    expect(track({ rangeOffset: 0, rangeLength: 2, text: '' }).spans).toEqual([{ start: 0, end: 3 }]);
  });

  it('stay where they are when something changes behind them', () => {
    expect(track({ rangeOffset: 6, rangeLength: 2, text: 'longer than before' }).spans).toEqual([span]);
  });

  it('do not hold what is inserted at their edges', () => {
    const tracked = track(insert(2, 'x'), insert(5, 'y'));
    expect(tracked.disturbed).toBe(false);
    expect(tracked.spans).toEqual([{ start: 3, end: 6 }]);
  });

  it.each<[string, TextChange]>([
    ['an insertion inside', insert(3, 'x')],
    ['a deletion inside', { rangeOffset: 4, rangeLength: 1, text: '' }],
    ['a change across the start', { rangeOffset: 1, rangeLength: 2, text: 'xy' }],
    ['a change across the end', { rangeOffset: 4, rangeLength: 2, text: 'xy' }],
    ['a change of all, such as other line endings', { rangeOffset: 0, rangeLength: 8, text: 'abcdefgh' }],
  ])('are disturbed by %s, for good', (_, change) => {
    const tracked = track(change);
    expect(tracked.disturbed).toBe(true);
    tracked.apply([insert(0, 'x')]);
    expect(tracked.disturbed).toBe(true);
  });

  it('hold the same text after any changes around them, in whatever order these are told', () => {
    const text = 'The quick brown fox jumps over the lazy dog.';
    const cuts = fc.uniqueArray(fc.nat(text.length), { minLength: 6, maxLength: 12 });
    fc.assert(
      fc.property(
        cuts,
        fc.array(fc.string({ maxLength: 4 }), { minLength: 6, maxLength: 6 }),
        fc.boolean(),
        (points, texts, backwards) => {
          // Every second stretch between the cuts is a span; the stretches between them change.
          const at = [...points].sort((a, b) => a - b);
          const stretches = at.slice(1).map((end, index) => ({ start: at[index]!, end }));
          const spans = stretches.filter((_, index) => index % 2 === 0);
          const changes = stretches
            .filter((_, index) => index % 2 === 1)
            .map(({ start, end }, index) => ({
              rangeOffset: start,
              rangeLength: end - start,
              text: texts[index]!,
            }));
          const tracked = new TrackedSpans(spans);
          tracked.apply(backwards ? [...changes].reverse() : changes);
          expect(tracked.disturbed).toBe(false);
          const edited = edit(text, changes);
          expect(tracked.spans.map(({ start, end }) => edited.slice(start, end))).toEqual(
            spans.map(({ start, end }) => text.slice(start, end)),
          );
        },
      ),
      { seed: 7 },
    );
  });
});

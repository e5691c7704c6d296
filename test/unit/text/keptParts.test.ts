/** Parts that whoever asks for a translation wants back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIntoParts } from '../../../models/inference/segments';
import { findProtectedSpans, protect, restore } from '../../../models/text/protectedSpans';

const found = (text: string, ...keep: string[]): string[] =>
  findProtectedSpans(text, keep).map(({ start, end }) => text.slice(start, end));

describe('parts to keep', () => {
  it.each<[string, string, string[], string[]]>([
    ['every occurrence', 'buf and buf', ['buf'], ['buf', 'buf']],
    ['whole words only', 'buf, buffer, rebuf, buf_, büf buf2 buf', ['buf'], ['buf', 'buf']],
    ['words that touch Chinese', '请用buf打开', ['buf'], ['buf']],
    ['what is no word, anywhere', '[see](a.md) x](a.md)', ['](a.md)', '['], ['[', '](a.md)', '](a.md)']],
    ['the longest', 'the x of x y', ['x', 'x y'], ['x', 'x y']],
    ['what a pattern finds, as a whole', 'foo.bar() and foo', ['foo'], ['foo.bar()', 'foo']],
    ['what holds what a pattern finds', '[a](docs/b.md)', ['](docs/b.md)'], ['](docs/b.md)']],
    ['what overlaps, in one', 'see docs/b.md)(x', ['b.md)('], ['docs/b.md)(']],
    ['signs of patterns as they are', 'a.c abc a*c $1', ['a.c', 'a*c', '$1'], ['a.c', 'a*c', '$1']],
    ['nothing for an empty part', 'a b', ['', 'b'], ['b']],
  ])('are protected: %s', (_, text, keep, spans) => {
    // What a pattern finds in these texts by itself is among the spans.
    expect(found(text, ...keep)).toEqual(spans);
  });

  it('end no sentence and are not cut', () => {
    const text = 'Call No. Stop. now. Then go.';
    const segments = splitIntoParts(text, 'en', { isTooLong: () => false, keep: ['No. Stop.'] });
    expect(segments.flatMap((part) => (typeof part === 'string' ? [] : [part.spans]))).toEqual([
      ['No. Stop.'],
      [],
    ]);
  });

  it('come back byte for byte, whatever they are', () => {
    const piece = fc.oneof(fc.constantFrom('a', ' ', 'b.md', '](', '*', '%s', '文', '😀', '\n'), fc.string());
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece, { maxLength: 5 }), (pieces, keep) => {
        const text = pieces.join('');
        const spans = findProtectedSpans(text, keep);
        spans.forEach(({ start, end }, index) => {
          expect(start).toBeLessThan(end);
          expect(start).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0);
        });
        for (const part of keep) {
          if (part === '' || !text.includes(part) || /[\p{L}\p{M}\p{N}_]/u.test(part)) continue;
          const at = text.indexOf(part);
          expect(spans.some(({ start, end }) => start <= at && at < end)).toBe(true);
        }
        expect(
          protect(text, keep)
            .map((part) => restore(part.pieces, part.spans))
            .join(''),
        ).toBe(text);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

/** Parts that whoever asks for a translation wants back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIntoParts } from '../../../models/inference/segments';
import { findKeptParts, notBeforeWord, notBehindWord } from '../../../models/text/keptParts';
import { findProtectedSpans, protect, restore } from '../../../models/text/protectedSpans';
import { expectLinear } from './linearTime';

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
    ['signs that touch words', 'This is _very important_ text.', ['_'], ['_', '_']],
    ['signs around one word', '__Warning__: it is __Very__ slow', ['__'], ['__', '__', '__', '__']],
    ['signs beside names that have them', 'the _name_ of a_b', ['_'], ['_', '_', 'a_b']],
  ])('are protected: %s', (_, text, keep, spans) => {
    // What a pattern finds in these texts by itself is among the spans.
    expect(found(text, ...keep)).toEqual(spans);
  });

  it('cut no character', () => {
    expect(findKeptParts('(😀😀', ['\ude00', '(\ud83d', '😀\ud83d'])).toEqual([]);
  });

  it('are what one pattern of them all would find', () => {
    const unit = fc.constantFrom('a', 'B', '_', ' ', '(', '.', '文', '😀', '1', 'é');
    const parts = fc.array(fc.string({ unit, maxLength: 3 }), { maxLength: 4 });
    let count = 0;
    fc.assert(
      fc.property(fc.string({ unit, minLength: 30, maxLength: 60 }), parts, (text, keep) => {
        const wanted = findByPattern(text, keep);
        expect(findKeptParts(text, keep)).toEqual(wanted);
        count += wanted.length;
      }),
      { seed: 7, numRuns: 200 },
    );
    expect(count).toBeGreaterThan(200);
  });

  it('are found in linear time, however many there are, and of any length', () => {
    expectLinear('words', (times) => {
      const words = Array.from(
        { length: times * 1000 },
        (_, index) => `中${String.fromCodePoint(0x4e00 + index)}`,
      );
      const text = words.map((word) => `It means ${word} here.\n`).join('');
      expect(findKeptParts(text, words)).toHaveLength(words.length);
    });
    const line = '─'.repeat(100_000);
    expect(findKeptParts(`The end ${line}`, [line])).toEqual([{ start: 8, end: 100_008 }]);
  });

  it('end no sentence and are not cut', () => {
    const text = 'Call No. Stop. now. Then go.';
    const segments = splitIntoParts(text, 'en', {
      isTooLong: () => false,
      keep: ['No. Stop.'],
      piecesOf: () => 1,
    });
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

function findByPattern(text: string, keep: readonly string[]): { start: number; end: number }[] {
  const alternatives = keep
    .filter((part) => part !== '')
    .sort((a, b) => b.length - a.length)
    .map((part) => {
      const isWord = /[\p{L}\p{N}]/u.test(part);
      const begins = isWord && /^[\p{L}\p{N}_]/u.test(part) ? notBehindWord : '';
      const ends = isWord && /[\p{L}\p{N}_]$/u.test(part) ? notBeforeWord : '';
      return begins + part.replace(/[(.]/g, '\\$&') + ends;
    });
  if (alternatives.length === 0) return [];
  return [...text.matchAll(new RegExp(alternatives.join('|'), 'gu'))].map(({ 0: part, index }) => ({
    start: index,
    end: index + part.length,
  }));
}

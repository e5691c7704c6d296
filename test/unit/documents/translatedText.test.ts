import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { translatedText, type Replacement } from '../../../extension/documents/translatedText';

/** Replaces parts of a text by their contents. */
function replace(source: string, parts: Record<string, string>): ReturnType<typeof translatedText> {
  return translatedText(
    source,
    Object.entries(parts).map(([part, text]) => {
      const start = source.indexOf(part);
      return { span: { start, end: start + part.length }, text };
    }),
  );
}

describe('a translated text', () => {
  it('has translations in their places, whatever their order', () => {
    const { text } = replace('one two three', { three: 'drei', one: 'eins' });
    expect(text).toBe('eins two drei');
  });

  it('follows lines where a translation takes more of them', () => {
    const { text, toTranslated, toSource } = replace('a\nfoo\nb\nbar\nc', { foo: '1\n2\n3', bar: 'x' });
    expect(text.split('\n')).toEqual(['a', '1', '2', '3', 'b', 'x', 'c']);
    expect([0, 1, 2, 3, 4].map(toTranslated)).toEqual([0, 1, 4, 5, 6]);
    expect([0, 1, 4, 5, 6].map(toSource)).toEqual([0, 1, 2, 3, 4]);
    expect(toSource(2)).toBe(1);
  });

  it('follows lines where a translation takes fewer, and over CRLF', () => {
    const { toTranslated, toSource } = replace('a\r\nfoo\r\nbar\r\nbaz\r\nb', { 'foo\r\nbar\r\nbaz': 'x' });
    expect([0, 1, 2, 3, 4].map(toTranslated)).toEqual([0, 1, 1, 1, 2]);
    expect([0, 1, 2].map(toSource)).toEqual([0, 1, 4]);
  });

  it('stays within the text behind its end', () => {
    const { toTranslated, toSource } = replace('a\nb', { b: 'c\nd' });
    expect(toTranslated(99)).toBe(2);
    expect(toSource(99)).toBe(1);
  });

  const lines = fc.array(fc.constantFrom('a', 'bc', ''), { minLength: 1, maxLength: 12 });
  it('never goes back as lines go on, and changes nothing outside of the replacements', () => {
    fc.assert(
      fc.property(
        lines,
        fc.array(fc.tuple(fc.nat(40), fc.nat(10), lines), { maxLength: 4 }),
        (sourceLines, drawn) => {
          const source = sourceLines.join('\n');
          let place = 0;
          const replacements: Replacement[] = [];
          for (const [gap, length, text] of drawn) {
            const start = Math.min(source.length, place + gap);
            const end = Math.min(source.length, start + length);
            replacements.push({ span: { start, end }, text: text.join('\n') });
            place = end;
          }
          const { text, toTranslated, toSource } = translatedText(source, replacements);
          let rebuilt = '';
          let at = 0;
          for (const { span, text: instead } of replacements) {
            rebuilt += source.slice(at, span.start) + instead;
            at = span.end;
          }
          expect(text).toBe(rebuilt + source.slice(at));
          const last = text.split('\n').length - 1;
          const there = sourceLines.map((_, line) => toTranslated(line));
          expect(there).toEqual(there.toSorted((one, other) => one - other));
          expect(there.every((line) => line >= 0 && line <= last)).toBe(true);
          const back = text.split('\n').map((_, line) => toSource(line));
          expect(back).toEqual(back.toSorted((one, other) => one - other));
        },
      ),
      { seed: 1 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitTranslation, proseOf, withPlainLineEndings } from '../../../extension/prose/prose';

describe('prose', () => {
  it.each([
    ['Hello', 0, 5],
    ['  Hello, world. \r\n', 2, 15],
    ['\u00a0\u3000日本\t', 2, 4],
    ['𝒜 b', 0, 4],
  ])('of %j is all but the white space around it', (text, start, end) => {
    expect(proseOf(text)).toEqual({ start, end });
  });

  it.each(['', ' \n\t', '12 + 34', '%1 → {0}!', '👍'])('is not in %j, which holds no letter', (text) => {
    expect(proseOf(text)).toBeUndefined();
  });

  it('has plain line endings for the engine, and the document’s when it comes back', () => {
    expect(withPlainLineEndings('a\r\nb\rc\nd')).toBe('a\nb\nc\nd');
    expect(fitTranslation(' a\nb\r\nc\n', '\r\n')).toBe('a\r\nb\r\nc');
    expect(fitTranslation('a\nb\r\nc', '\n')).toBe('a\nb\nc');
  });

  it('comes back unchanged from a translation that changes nothing', () => {
    const line = fc.stringMatching(/^[ \t]*[a-zäß日 .]*[ \t]*$/);
    const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\r\n'));
    fc.assert(
      fc.property(text, (selected) => {
        const prose = proseOf(selected);
        if (prose === undefined) return;
        const translation = withPlainLineEndings(selected.slice(prose.start, prose.end));
        const result =
          selected.slice(0, prose.start) + fitTranslation(translation, '\r\n') + selected.slice(prose.end);
        expect(result).toBe(selected);
      }),
      { seed: 7 },
    );
  });
});

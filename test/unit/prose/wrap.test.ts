import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joint, wrap } from '../../../extension/prose/wrap';

const rejoin = (lines: readonly string[]): string =>
  lines.reduce((text, line) => text + joint(text, line) + line);
const withoutSpace = (text: string): string => text.replace(/\s+/gu, '');

describe('wrapping', () => {
  it.each<[string, number, string[]]>([
    ['', 10, ['']],
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 8, ['one two', 'three']],
    ['one two three', Infinity, ['one two three']],
    ['  one  two ', 20, ['one  two']],
    ['one  two', 4, ['one', 'two']],
    ['unbreakable words stand alone', 5, ['unbreakable', 'words', 'stand', 'alone']],
    ['two\u00a0words are one', 6, ['two\u00a0words', 'are', 'one']],
    ['日本語の文章です。', 8, ['日本語の', '文章で', 'す。']],
    ['「引用」です', 4, ['「引', '用」', 'です']],
    ['使用API接口', 6, ['使用', 'API接', '口']],
    ['한국어 문장입니다', 8, ['한국어', '문장입니다']],
    ['𠮷𠮷𠮷', 4, ['𠮷𠮷', '𠮷']],
  ])('breaks %j at %d columns', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  const text = fc
    .array(
      fc.constantFrom(
        'a',
        'word',
        'Wörter',
        'e\u0301',
        '👩‍🚀',
        '日本',
        '、',
        '（中）',
        '한국어',
        ' ',
        '  ',
        '\t',
        '-',
      ),
      {
        maxLength: 40,
      },
    )
    .map((parts) => parts.join(''));

  it('keeps every character but white space, and every word that stands between spaces', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (given, width) => {
        const lines = wrap(given, width);
        expect(withoutSpace(lines.join(''))).toBe(withoutSpace(given));
        if (!/[日本、（中）]/u.test(given)) {
          expect(lines.join(' ').trim().split(/\s+/u)).toEqual(given.trim().split(/\s+/u));
        }
      }),
      { seed: 7 },
    );
  });

  it('makes no line longer than the width, unless a single piece is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'to', 'word', '語'), { minLength: 1 }), (words) => {
        for (const line of wrap(words.join(' '), 9)) {
          expect(line.length + (line.match(/語/gu)?.length ?? 0)).toBeLessThanOrEqual(9);
        }
      }),
      { seed: 7 },
    );
  });

  it('is undone by joining, also where no spaces are', () => {
    expect(rejoin(wrap('one two three', 4))).toBe('one two three');
    expect(rejoin(wrap('日本語の文章です。', 6))).toBe('日本語の文章です。');
    expect(rejoin(wrap('한국어 문장입니다', 8))).toBe('한국어 문장입니다');
  });

  it.each([
    ['words', 'word '.repeat(100_000)],
    ['one word', 'x'.repeat(500_000)],
    ['one line without spaces', '語'.repeat(250_000)],
  ])('takes time in proportion to the text, be it %s', (_, long) => {
    const start = performance.now();
    wrap(long, 80);
    wrap(long, Infinity);
    // More than linear would be minutes.
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

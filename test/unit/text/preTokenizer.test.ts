import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords, toTokenCharacter } from '../../../models/text/preTokenizer';

describe('words', () => {
  const cases: [text: string, words: string[]][] = [
    ['Hello world', ['Hello', ' world']],
    ['größer als 123', ['größer', ' als', ' 123']],
    ['a1b2', ['a', '1', 'b', '2']],
    ['f(x)=3;', ['f', '(', 'x', ')=', '3', ';']],
    [' (a', [' (', 'a']],
    ['a   b', ['a', '  ', ' b']],
    ['  a  ', [' ', ' a', '  ']],
    ['   ', ['   ']],
    ['a\n  b\tc', ['a', '\n', ' ', ' b', '\t', 'c']],
    ['用 Latin中文かなカナ한글', ['用', ' Latin', '中文', 'かな', 'カナ', '한글']],
    ['миръabcαβγ', ['миръ', 'abc', 'αβγ']],
    ['हिन्दीabc', ['हिन्दी', 'abc']],
    ['e\u0301te\u0301', ['e\u0301te\u0301']],
    ['d’un\u00a0: x', ['d', '’', 'un', '\u00a0:', ' x']],
    ['👩‍👧 ok', ['👩‍👧', ' ok']],
    ['', []],
  ];
  it.each(cases)('of %j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it('cover any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(splitWords(text).join('')).toBe(text);
      }),
      { seed: 31, numRuns: 2000 },
    );
  });

  it('take linear time for long runs of spaces and of letters', () => {
    const started = performance.now();
    for (const unit of [' ', 'a', '. ', 'ก', '中', '\n'])
      expect(splitWords(unit.repeat(100_000)).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

it('only a space changes inside tokens; ▁ and lone surrogates are left to bytes', () => {
  expect([' ', 'a', '😀', '▁', '\ud83d', '\ude00'].map(toTokenCharacter)).toEqual([
    '▁',
    'a',
    '😀',
    undefined,
    undefined,
    undefined,
  ]);
});

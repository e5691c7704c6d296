import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../../models/text/strictJson';

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads, where no key is there twice', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.nat(3), (json, spaces) => {
        const text = JSON.stringify(JSON.parse(json), undefined, spaces);
        expect(parseStrictJson(text)).toEqual(JSON.parse(text));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it.each([
    '["a","a"]',
    '{"a":"a","b":["a","a"],"c":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":{"b":1},"b":{"a":1}}',
    '{"\\\\":1,"\\\\\\"":2}',
    '{"__proto__":1,"a":{"__proto__":1}}',
    '{"":":","{":",","}":"}"}',
  ])('takes no text for a key that is none: %s', (json) => {
    expect(parseStrictJson(json)).toEqual(JSON.parse(json));
  });

  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['[0,{"b":[{"a":1}],"a":{}, "a" : 2}]', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a":{"x":[1,2,{"y":3}]},"b":1,"a":1}', 'a'],
    ['{"__proto__":1,"__proto__":1}', '__proto__'],
    ['{"":1,"":2}', ''],
  ])('refuses a key that is there twice: %s', (json, key) => {
    expect(() => parseStrictJson(json)).toThrow(new SyntaxError(`it holds “${key}” twice`));
  });

  it('shows a long key in part', () => {
    const key = 'k'.repeat(1000);
    expect(() => parseStrictJson(`{"${key}":1,"${key}":2}`)).toThrow(`it holds “${key.slice(0, 60)}…” twice`);
  });

  it('refuses what is nested without end, of lists and of objects', () => {
    const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const objects = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
    for (const nest of [lists, objects]) {
      expect(() => parseStrictJson(nest(64))).not.toThrow();
      expect(() => parseStrictJson(nest(65))).toThrow('it is nested more than 64 levels deep');
      expect(() => parseStrictJson(nest(200_000))).toThrow('it is nested more than 64 levels deep');
    }
  });

  it('refuses more values and keys than it is told to take', () => {
    const limits = { mostValues: 5, mostKeys: 3 };
    expect(parseStrictJson('[[1],2,3]', limits)).toEqual([[1], 2, 3]);
    expect(() => parseStrictJson('[1,2,3,4,5]', limits)).toThrow('it holds more than 5 values');
    expect(() => parseStrictJson('[{},[{}],[]]', limits)).toThrow('it holds more than 5 values');
    expect(parseStrictJson('{"a":{"b":{"c":1}}}', limits)).toEqual({ a: { b: { c: 1 } } });
    expect(() =>
      parseStrictJson('[{"a":1},{"a":1},{"a":1},{"a":1}]', { ...limits, mostValues: 100 }),
    ).toThrow('it holds more than 3 keys');
  });

  it.each(['[', '{', '[]', '{}', '[],', '{"":', '{"a":{},'])(
    'makes nothing of thirty million characters of %s',
    (part) => {
      const text = part.repeat(30e6 / part.length);
      const before = process.memoryUsage();
      expect(() => parseStrictJson(text)).toThrow(SyntaxError);
      const after = process.memoryUsage();
      // JSON.parse takes up to fifty times the text's size.
      expect((after.rss - before.rss) / 2 ** 20).toBeLessThan(100);
    },
  );

  it('refuses what is no JSON', () => {
    const odd = [
      '',
      '{',
      '"',
      '{"a"',
      '{"a":1,}',
      '[1 2]',
      '{"a\\',
      '{"\\',
      '{"\\":1}',
      '"\\',
      '{"\\x":1}',
      '}',
      ']]',
    ];
    for (const text of odd) expect(() => parseStrictJson(text), text).toThrow(SyntaxError);
  });

  it('ends on texts of any characters, as JSON.parse does', () => {
    const signs = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'a', '1', ' ');
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        let sound = true;
        try {
          JSON.parse(text);
        } catch {
          sound = false;
        }
        if (!sound) expect(() => parseStrictJson(text)).toThrow(SyntaxError);
      }),
      { seed: 11, numRuns: 5000 },
    );
  });
});

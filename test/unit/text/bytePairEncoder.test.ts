import { describe, expect, it } from 'vitest';
import { BytePairEncoder } from '../../../models/text/bytePairEncoder';
import { appliedLines, charactersOfWord, corpusLines, expectedMerges, wordsOfLine } from './subwordNmt';

/** An encoder of texts, from merges written as `left right`. */
function encoderOf(merges: readonly string[], characters: Iterable<string>): (parts: string[]) => string[] {
  const texts = [...new Set([...characters, ...merges.map((merge) => merge.replace(' ', ''))])];
  const id = new Map(texts.map((text, index) => [text, index]));
  const rules = merges.map((merge) => {
    const [left, right] = merge.split(' ') as [string, string];
    return { left: id.get(left)!, right: id.get(right)!, result: id.get(left + right)! };
  });
  const encoder = new BytePairEncoder(rules, texts.length);
  return (parts) => encoder.merge(parts.map((part) => id.get(part)!)).map((merged) => texts[merged]!);
}

describe('applying merges', () => {
  it('splits 6,000 lines as subword-nmt does', () => {
    const characters = corpusLines.flatMap((line) => wordsOfLine(line).flatMap(charactersOfWord));
    const encode = encoderOf(expectedMerges, characters);
    const split = corpusLines.map((line) =>
      wordsOfLine(line)
        .map((word) => encode(charactersOfWord(word)).join('@@ ').replace('</w>', ''))
        .join(' '),
    );
    expect(split).toEqual(appliedLines.map((line) => wordsOfLine(line).join(' ')));
  });

  it('merges the earliest rule first and the leftmost of equal pairs', () => {
    const encode = encoderOf(['b c', 'a b', 'a a'], 'abc');
    expect(encode(['a', 'b', 'c'])).toEqual(['a', 'bc']);
    expect(encode(['a', 'a', 'a', 'a', 'a'])).toEqual(['aa', 'aa', 'a']);
    expect(encode(['c'])).toEqual(['c']);
    expect(encode([])).toEqual([]);
  });

  it('takes n log n time for a long word', () => {
    const encode = encoderOf(['a a', 'aa aa', 'aaaa aaaa'], 'a');
    const started = performance.now();
    expect(encode(Array.from({ length: 100_000 }, () => 'a'))).toHaveLength(12_500);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

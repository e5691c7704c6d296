import { describe, expect, it } from 'vitest';
import { randomWords } from '../../../models/data/random';
import { BytePairEncoder } from '../../../models/text/bytePairEncoder';
import { appliedLines, charactersOfWord, corpusLines, expectedMerges, wordsOfLine } from './subwordNmt';

type Split = (parts: string[]) => string[];

/** An encoder of texts, from merges written as `left right`; `isDropped` is asked of each merge that could be next. */
function encoderOf(
  merges: readonly string[],
  characters: Iterable<string>,
  isDropped?: () => boolean,
): Split {
  const texts = [...new Set([...characters, ...merges.map((merge) => merge.replace(' ', ''))])];
  const id = new Map(texts.map((text, index) => [text, index]));
  const rules = merges.map((merge) => {
    const [left, right] = merge.split(' ') as [string, string];
    return { left: id.get(left)!, right: id.get(right)!, result: id.get(left + right)! };
  });
  const encoder = new BytePairEncoder(rules, texts.length);
  return (parts) => {
    const ids = parts.map((part) => id.get(part)!);
    const merged = isDropped ? encoder.mergeWithDropout(ids, isDropped) : encoder.merge(ids);
    return merged.map((one) => texts[one]!);
  };
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

describe('applying merges with dropout', () => {
  const words = [...new Set(corpusLines.flatMap(wordsOfLine))].slice(0, 3000).map(charactersOfWord);
  const characters = words.flat();
  const encoderWith = (isDropped?: () => boolean): Split => encoderOf(expectedMerges, characters, isDropped);

  it('splits as ever where nothing is dropped, and not at all where everything is', () => {
    const [plain, never, always] = [encoderWith(), encoderWith(() => false), encoderWith(() => true)];
    for (const word of words) {
      expect(never(word)).toEqual(plain(word));
      expect(always(word)).toEqual(word);
    }
  });

  it('drops as often as it is told to, at any merge', () => {
    const random = randomWords(1);
    const [encode, plain] = [encoderWith(() => random() / 2 ** 32 < 0.1), encoderWith()];
    const counts = { same: 0, dropped: 0, plain: 0 };
    for (const word of words) {
      const [split, usual] = [encode(word), plain(word)];
      expect(split.join('')).toBe(word.join(''));
      counts.same += Number(split.length === usual.length);
      counts.dropped += split.length;
      counts.plain += usual.length;
    }
    // A word of n characters has n − 1 merges at most, of each of which a tenth is passed over.
    expect(counts.dropped / counts.plain).toBeGreaterThan(1.05);
    expect(counts.dropped / counts.plain).toBeLessThan(1.3);
    expect(counts.same / words.length).toBeGreaterThan(0.3);
  });

  it('merges whole what is too long to be looked at pair by pair', () => {
    const encode = encoderOf(['a a', 'aa aa'], 'a', () => true);
    expect(encode(Array.from({ length: 100_000 }, () => 'a'))).toHaveLength(25_000);
  });
});

import { describe, expect, it } from 'vitest';
import { learnVocabulary } from '../../../models/text/learnVocabulary';
import { firstLearnedId } from '../../../models/text/reservedTokens';
import { corpusLines } from './subwordNmt';

const tokens = (vocabulary: ReturnType<typeof learnVocabulary>): string[] =>
  Array.from({ length: vocabulary.size - firstLearnedId }, (_, index) =>
    vocabulary.tokenText(index + firstLearnedId),
  );

describe('learning a vocabulary', () => {
  it('gives as many tokens as asked for, the same for any order of the texts', () => {
    const learned = learnVocabulary(corpusLines, { size: 2000 });
    expect(learned.size).toBe(2000);
    expect(learnVocabulary([...corpusLines].reverse(), { size: 2000 }).toJson()).toBe(learned.toJson());
  });

  it('merges within words only, with the space before them', () => {
    const learned = tokens(
      learnVocabulary(
        Array.from({ length: 9 }, () => 'ab12 ab12'),
        { size: 1000 },
      ),
    );
    expect(learned).toEqual(['1', '2', 'a', 'b', '▁', 'ab', '12', '▁ab']);
  });

  it('leaves rare characters to bytes', () => {
    const texts = [...Array.from({ length: 500 }, () => '的的的的一'), '龘'];
    expect(tokens(learnVocabulary(texts, { size: 300, characterCoverage: 0.999 }))).not.toContain('龘');
    expect(tokens(learnVocabulary(texts, { size: 300, characterCoverage: 1 }))).toContain('龘');
  });

  it('never spends more than half of its room on single characters', () => {
    const everything = Array.from({ length: 4000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join(
      '',
    );
    const learned = tokens(learnVocabulary([everything], { size: firstLearnedId + 100 }));
    expect(learned.filter((token) => token.length === 1)).toHaveLength(50);
  });

  it('learns nothing across placeholders, no literal ▁ and no half of a surrogate pair', () => {
    expect(tokens(learnVocabulary(['\ud800\ud800 ', '▁▁'], { size: 1000 }))).toEqual(['▁']);
    const pieces = Array.from({ length: 9 }, () => ['ab', { placeholder: 0 }, 'cd▁▁']);
    expect(tokens(learnVocabulary(pieces, { size: 1000 }))).toEqual(['a', 'b', 'c', 'd', 'cd', 'ab']);
  });

  it('learns nothing across a character that is left to bytes', () => {
    const texts = [...Array.from({ length: 5000 }, () => 'a b'), 'aǽb', 'aǽb', 'a\ud800b', 'a\ud800b'];
    const learned = tokens(learnVocabulary(texts, { size: 1000, characterCoverage: 0.999 }));
    expect(learned).toEqual(['a', 'b', '▁', '▁b']);
    expect(learned).toEqual(
      tokens(learnVocabulary([...texts].reverse(), { size: 1000, characterCoverage: 0.999 })),
    );
  });

  it('chooses by code point among characters that are equally common', () => {
    for (const text of ['dcba', 'abcd']) {
      expect(tokens(learnVocabulary([text], { size: firstLearnedId + 4 }))).toEqual(['a', 'b']);
    }
  });

  it('is content with texts that hold little or nothing', () => {
    expect(learnVocabulary([], { size: 8000 }).size).toBe(firstLearnedId);
    const bytesOnly = learnVocabulary([], { size: 8000 });
    expect(bytesOnly.decode(bytesOnly.encodeIds('Grüße'))).toBe('Grüße');
  });

  it('says what is wrong with its options', () => {
    for (const size of [288, 0, -1, 1000.5, NaN]) {
      expect(() => learnVocabulary([], { size })).toThrow(/A vocabulary of .* tokens is too small/);
    }
    for (const characterCoverage of [-0.1, 1.1, NaN]) {
      expect(() => learnVocabulary([], { size: 1000, characterCoverage })).toThrow(/has to be from 0 to 1/);
    }
  });
});

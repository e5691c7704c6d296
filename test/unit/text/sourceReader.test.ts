/** What a model reads of a text: words in the signs that its vocabulary has learned, with offsets that lead back to the text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fusePieces, type Piece } from '../../../models/text/pieces';
import { spaceMark } from '../../../models/text/preTokenizer';
import { placeholderToken } from '../../../models/text/reservedTokens';
import { SourceReader } from '../../../models/text/sourceReader';
import { Vocabulary } from '../../../models/text/vocabulary';
import { expectLinear } from './linearTime';

/** Knows these characters alone, and spaces. */
const knowing = (characters: string): Vocabulary =>
  Vocabulary.fromMerges([spaceMark, ...new Set(characters)], []);
const letters = "abcdefghijklmnopqrstuvwxyzCDFIT.,-'";
const german = knowing(`${letters}–„“”`);
const chinese = knowing(`${letters}—‘’\u00a0如果为文件`);

const read = (text: string, vocabulary = german, language = 'en'): string =>
  new SourceReader(vocabulary, language).read([text])[0] as string;

describe('a model reads', () => {
  it.each([
    ['It’s the users’ file; don’t.', "It's the users' file; don't."],
    ['‘It’s’ the ‘files’ of', "“It's” the “files” of"],
    ['‚Datei‘ e‑mail', '„Datei“ e-mail'],
    ['The file—if any—is', 'The file – if any – is'],
    ['The file — if any —', 'The file – if any –'],
    ['Click\u00a0here\u202fto  go \u00a0 on\tit', 'Click here to go on it'],
    ['in文件if', 'in文件if'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('what its vocabulary knows as it stands, spaces aside', () => {
    const text = 'It’s — ‘a’ file—if';
    expect(read(`${text}\u00a0any`, chinese)).toBe(`${text} any`);
    // Nor is a sign read as another that it does not know either.
    expect(read(text, knowing('abc'))).toBe(text);
  });

  it('spaces at the borders of a language without them', () => {
    expect(read('如果为if则文件CD，a文。', chinese, 'zh-Hans')).toBe('如果为 if 则文件 CD，a 文。');
    expect(read('如果 if 文1件', chinese, 'zh')).toBe('如果 if 文1件');
  });

  it('quotations on both sides of a placeholder', () => {
    const reader = new SourceReader(german, 'en');
    const pieces = ['It is ‘', { placeholder: 0 }, '’ of  ', { placeholder: 1 }];
    expect(reader.read(pieces)).toEqual(['It is “', { placeholder: 0 }, '” of ', { placeholder: 1 }]);
  });

  it('long texts in proportion to their length', () => {
    const reader = new SourceReader(german, 'en');
    for (const part of ['s’', 's’ ', 'a’a', '‘as', ' \u00a0', '—a—'])
      expectLinear(part, (times) => void reader.read([part.repeat(20_000 * times)]));
  });
});

describe('offsets', () => {
  const tokens = (pieces: readonly Piece[], vocabulary: Vocabulary, language: string) => {
    const { ids, offsets } = new SourceReader(vocabulary, language).encode(pieces);
    const text = pieces.filter((piece) => typeof piece === 'string').join('');
    return ids.map((id, index) => [vocabulary.tokenText(id), text.slice(...offsets[index]!)]);
  };

  it('lead to the signs of the text, and to nothing where one was put in', () => {
    expect(tokens(['a—b’s \u00a0c'], german, 'en')).toEqual([
      ['a', 'a'],
      ['▁', '—'],
      ['–', ''],
      ['▁', ''],
      ['b', 'b'],
      ["'", '’'],
      ['s', 's'],
      ['▁', '\u00a0'],
      ['c', 'c'],
    ]);
    expect(tokens(['文a件'], chinese, 'zh')).toEqual([
      ['文', '文'],
      ['▁', ''],
      ['a', 'a'],
      ['▁', ''],
      ['件', '件'],
    ]);
  });

  it('cover the text in order, whatever it is', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 's', '’', '‘', '—', ' ', '\u00a0', '\t', '文', '件', 'ü', '😀', '1'),
      maxLength: 12,
    });
    const property = fc.property(text, text, fc.constantFrom('en', 'zh'), (before, after, language) => {
      const reader = new SourceReader(language === 'en' ? german : chinese, language);
      const pieces = fusePieces([before, { placeholder: 3 }, after]);
      const { ids, offsets } = reader.encode(pieces);
      expect(ids).toEqual(reader.ids(pieces));
      const whole = before + after;
      let [place, last] = [0, [0, 0]];
      offsets.forEach(([start, end], index) => {
        // The bytes of a character all stand for it.
        if (start !== last[0] || end !== last[1]) {
          expect(start).toBeGreaterThanOrEqual(place);
          expect(whole.slice(place, start).trim()).toBe('');
        }
        expect(end).toBeGreaterThanOrEqual(start);
        if (ids[index] === placeholderToken(3)) expect([start, end]).toEqual([before.length, before.length]);
        [place, last] = [end, [start, end]];
      });
      expect(whole.slice(place).trim()).toBe('');
    });
    fc.assert(property, { seed: 5, numRuns: 2000 });
  });
});

it('what is read as something known is not unknown', () => {
  const reader = new SourceReader(german, 'en');
  expect(reader.unknownWords('It’s ‘a’ file—≤—if  any; the users’ Łukasz ≥ e‑mail.')).toEqual([
    '≤',
    'Łukasz',
    '≥',
  ]);
});

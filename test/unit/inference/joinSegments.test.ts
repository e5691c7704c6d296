/** Whole texts from their segments: white space as the language of the translation writes it. */
import { describe, expect, it } from 'vitest';
import { joinSegments, type DecodedSegment, type JoinRules } from '../../../models/inference/joinSegments';
import { splitIntoParts } from '../../../models/inference/segments';
import { restore } from '../../../models/text/protectedSpans';
import { always } from './calibrations';

/** A text with each segment in the words that are given for it. */
function joined(
  text: string,
  words: Readonly<Record<string, string>>,
  rules: Pick<JoinRules, 'from' | 'to'> & Partial<JoinRules>,
): ReturnType<typeof joinSegments> {
  const parts = splitIntoParts(text, rules.from, { isTooLong: () => false, keep: [], piecesOf: () => 1 });
  const decoded = parts.map((part) => {
    if (typeof part === 'string') return part;
    const source = restore(part.pieces, part.spans);
    const hypothesis = { tokens: [], score: 0, masked: false, truncated: false };
    const movesArguments = source.includes('{}');
    const features = { logProbability: 0, unattended: 0, worst: 0, length: 0 };
    return {
      source,
      words: words[source]!,
      hypothesis,
      features,
      movesArguments,
    } as unknown as DecodedSegment;
  });
  return joinSegments(decoded, { minimumConfidence: 0, ...rules });
}

const toEnglish = { from: 'zh', to: 'en' };
const toChinese = { from: 'en', to: 'zh' };
const sentences = {
  '保存文件。': 'Save the file.',
  '如果文件已经存在，覆盖它。': 'If it is there, overwrite it.',
  '“好。”': '“Good.”',
  '`foo` 返回 %s！': '`foo` returns %s!',
  '<b>注意。</b>': '<b>Note.</b>',
};
const texts = Object.keys(sentences);

describe('sentences of a text', () => {
  it('are parted by a space where Chinese writes none', () => {
    const { text, segments } = joined(texts.join(''), sentences, toEnglish);
    expect(text).toBe(Object.values(sentences).join(' '));
    expect(segments.map(({ start, end }) => text.slice(start, end))).toEqual(Object.values(sentences));
  });

  it('follow each other without one in Chinese', () => {
    const inChinese = Object.fromEntries(
      Object.entries(sentences).map(([chinese, english]) => [english, chinese]),
    );
    const { text, segments } = joined(Object.values(sentences).join(' '), inChinese, toChinese);
    expect(text).toBe(texts.join(''));
    expect(segments.map(({ start, end }) => text.slice(start, end))).toEqual(texts);
  });

  it('keep lines and indentation in both directions', () => {
    const [first, second] = texts as [keyof typeof sentences, keyof typeof sentences];
    const source = `\t${first}${second}\r\n\n  ${second}\n`;
    const english = `\t${sentences[first]} ${sentences[second]}\r\n\n  ${sentences[second]}\n`;
    expect(joined(source, sentences, toEnglish).text).toBe(english);
    const inChinese = { [sentences[first]]: first, [sentences[second]]: second };
    expect(joined(english, inChinese, toChinese).text).toBe(source);
  });

  it('tell that arguments changed places, unless they were left', () => {
    const words = { 'Swap {} and {}.': '{} und {} tauschen.', 'Stop.': 'Halt.' };
    const flags = (rules: Partial<JoinRules>): unknown[] =>
      joined('Swap {} and {}. Stop.', words, { from: 'en', to: 'de', ...rules }).segments.map(
        ({ argumentsMoved }) => argumentsMoved,
      );
    expect(flags({})).toEqual([true, undefined]);
    expect(flags({ calibration: always(0.2), minimumConfidence: 0.5 })).toEqual([undefined, undefined]);
  });

  it('that are left stand as they did, and so do spaces between other languages', () => {
    const source = texts.join('');
    const unsure = { calibration: always(0.2), minimumConfidence: 0.5 };
    expect(joined(source, sentences, { ...toEnglish, ...unsure }).text).toBe(source);
    expect(
      joined('One.  Two.\tOne.', { 'One.': 'Eins.', 'Two.': 'Zwei.' }, { from: 'en', to: 'de' }).text,
    ).toBe('Eins.  Zwei.\tEins.');
  });
});

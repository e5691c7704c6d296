/** What a vocabulary knows by its bytes alone is kept, unless the text is in another language altogether. */
import { describe, expect, it } from 'vitest';
import { unknownWords } from '../../../models/text/unknownWords';

const knows = (character: string): boolean => 'äöüßé→“”–'.includes(character);
const unknown = (text: string, language = 'en'): string[] => unknownWords(text, knows, language);

describe('kept', () => {
  it.each<[text: string, parts: string[]]>([
    ['The size ≤ 5 of Łukasz Muñoz, and naïve café.', ['≤', 'Łukasz', 'Muñoz', 'naïve']],
    ['A 🚀🎉 and 👩‍💻 → next', ['🚀🎉', '👩‍💻']],
    ['The word 文字列 is Japanese, Привет Russian.', ['文字列', 'Привет']],
    ['In日本the middle', ['日本']],
    ['½ of it ± ½', ['½', '±']],
    ['Größe “äh” – ü', []],
    // Ö: the model has met its words at the beginning of sentences.
    ['Öffnen Ølsen', ['Ølsen']],
    ['“File”→“Edit”≤–≥', ['≤', '≥']],
    ['“⚠️” →️ 🚀–🎉', ['⚠️', '→️', '🚀', '🎉']],
    ['plain', []],
    ['no\u00a0break\u202fspaces', []],
  ])('%s', (text, parts) => {
    expect(unknown(text)).toEqual(parts);
  });
});

it('no Han where the language parts no words by spaces', () => {
  expect(unknown('打开文件（Łukasz），再 ≤ 请耐心等待。', 'zh-Hans')).toEqual([
    '（',
    'Łukasz',
    '），',
    '≤',
    '。',
  ]);
  expect(unknown('打开文件 ファ 请耐心等待', 'zh')).toEqual(['ファ']);
});

it('nothing of a line in another language', () => {
  expect(unknown('返回 buffer 的大小，不检查参数')).toEqual([]);
  expect(unknown('The size ≤ 5\nразмер очень большой')).toEqual(['≤']);
});

import { describe, expect, it } from 'vitest';
import { besideLines } from '../../../extension/reading/besideLines';

const shown = (source: string, startColumn: number, translated: string) =>
  besideLines(source, startColumn, translated).map(({ start, end, text }) => [start, end, text]);

describe('what is shown for the lines of a passage', () => {
  it('stands for what is behind the signs of comments', () => {
    expect(shown('One two.\n// Three four.', 3, 'Eins zwei.\n// Drei vier.')).toEqual([
      [3, 11, 'Eins zwei.'],
      [3, 14, 'Drei vier.'],
    ]);
    expect(shown('One.\n   * Two.\n   *', 6, 'Eins.\n   * Zwei.\n   *')).toEqual([
      [6, 10, 'Eins.'],
      [5, 9, 'Zwei.'],
      [4, 4, ''],
    ]);
  });

  it('leaves lines empty that the translation does not need', () => {
    expect(shown('One two\n# three', 2, 'Eins zwei drei').map(([, , text]) => text)).toEqual([
      'Eins zwei drei',
      '',
    ]);
  });

  it('puts several lines into one where there are too few, and loses none', () => {
    expect(shown('One\r\n# two', 2, 'a\r\n# b\r\n# c\r\n# d').map(([, , text]) => text)).toEqual([
      'a b',
      'c d',
    ]);
    expect(shown('One', 2, 'a\n# b\n# c')).toEqual([[2, 5, 'a b c']]);
  });

  it('takes no asterisk that ends a comment for a sign', () => {
    expect(shown('One\n*/', 0, 'Eins\n*/')[1]).toEqual([0, 2, '*/']);
  });
});

/** The keys that labels mark. */
import { describe, expect, it } from 'vitest';
import { findCounterpart, findMnemonic } from '../../../models/text/mnemonics';

/** A vocabulary that writes these words in one piece, and all others in pieces of two letters. */
const words = new Set(['Exit', 'Öffnen', 'Vergrößern', 'Copy', 'paste', 'Read', 'write', 'flags', 'mask']);
const piecesOf = (word: string): number => (words.has(word) ? 1 : Math.ceil(word.length / 2));
const find = (text: string): ReturnType<typeof findMnemonic> => findMnemonic(text, piecesOf);

describe('the mark of a label', () => {
  it.each([
    ['&File', 0, '&'],
    ['Save &As...', 5, '&'],
    ['Speichern &unter …', 10, '&'],
    ['E&xit', 1, '&'],
    ['Ö&ffnen …', 1, '&'],
    ['&Name:', 0, '&'],
    ['Move “\ufdd0\ufdd0” &here', 10, '&'],
    ['文件(&F)', 2, '(&F)'],
    ['打开 (&O)…', 2, ' (&O)'],
    ['查看（&V）：', 2, '（&V）'],
    ['Undo (&1)...', 4, ' (&1)'],
  ])('is found: %s', (text, start, as) => {
    expect(find(text)).toEqual({ start, end: start, as });
    expect(findCounterpart(text)).toEqual({ start, end: start, as });
  });

  it.each([
    ...['Save', 'Save && Close', 'Search & Replace', '&File and &Edit', 'Cut &'],
    ...['R&D', 'AT&T', 'Q&A', 'Drag&Drop', 'Copy&paste', 'Read&write access', 'R&d', 'Foo2&bar'],
    ...[
      'a &b',
      'Takes a &str',
      'returns &self',
      'Use &foo_bar',
      'Use &x',
      'Get (&x)',
      'x = &y',
      'Use &buf[0]',
    ],
    ...['Show &lt;all', 'Save &nbsp; all', 'Use &amp;'],
    ...['Set it. &Save it', 'Wirklich &alles löschen?', 'Yes, &save', 'It says that the &file was not found'],
    ...['音频&视频', '音频&video', '点击“文件(&F)”菜单', '(&F)', '\ufdd0\ufdd0 (&F)'],
  ])('is not found: %s', (text) => {
    expect(find(text)).toBeUndefined();
  });
});

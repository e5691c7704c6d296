/** Spaces between sentences and beside protected spans, from languages that write them into those that do not, and back. */
import { describe, expect, it } from 'vitest';
import { fusePieces, type Piece } from '../../../models/text/pieces';
import { protect, restore } from '../../../models/text/protectedSpans';
import { gapBetween, lostSpaces, withSpaces, writesSpaces } from '../../../models/text/writtenSpaces';

describe('between sentences', () => {
  const toEnglish = { from: 'zh', to: 'en' };
  const toChinese = { from: 'en', to: 'zh-Hans' };

  it.each([
    ['Save the file.', 'If it is there'],
    ['He said “Stop.”', 'Then he left'],
    ['Is that so?', '“Yes.”'],
    ['It is there.', '`foo` is called'],
    ['It ends in `foo`.', '%s files'],
    ['(See above.)', '(See below.)'],
    ['He asks "Why?"', '"Because."'],
    ['<b>Note.</b>', 'If it is there'],
    ['Done', '12 files'],
  ])('a space comes in: %s|%s', (before, after) => {
    expect(gapBetween(before, '', after, toEnglish)).toBe(' ');
    // One that was left out on purpose, or is there already.
    expect(gapBetween(before, '', after, { from: 'en', to: 'de' })).toBe('');
    expect(gapBetween(before, '', after, { from: 'zh', to: 'ja' })).toBe('');
    for (const gap of [' ', '\n', '\r\n\t']) expect(gapBetween(before, gap, after, toEnglish)).toBe(gap);
  });

  it.each([
    ['', 'If'],
    ['End.', ''],
    ['(', 'If it is there'],
    ['He said “', 'Stop'],
    ['It is there', ', and'],
    ['It is there', '……'],
    ['Note.', '</b> If'],
    // What the model was not sure of stands as it did.
    ['文件存在。', '如果'],
    ['文件存在。', 'If it is there'],
    ['It is there.', '如果'],
  ])('none comes in: %s|%s', (before, after) => {
    expect(gapBetween(before, '', after, toEnglish)).toBe('');
  });

  it.each([
    ['保存文件。', '如果'],
    ['保存文件。', '`foo` 返回'],
    ['保存文件。', '“是的。”'],
    ['他说“停。”', '然后'],
    ['“停。”', '“是的。”'],
    ['保存文件！', 'Windows 系统'],
    ['（见上）', '然后'],
    ['第一句', '第二句'],
  ])('a space goes: %s|%s', (before, after) => {
    for (const gap of [' ', '  ']) expect(gapBetween(before, gap, after, toChinese)).toBe('');
    for (const gap of ['\n', '\t', '   ', '\u00a0', ''])
      expect(gapBetween(before, gap, after, toChinese)).toBe(gap);
    expect(gapBetween(before, ' ', after, { from: 'zh', to: 'ja' })).toBe(' ');
  });

  it.each([
    ['Save the file.', '如果'],
    ['使用 Windows', '如果'],
    ['保存', 'Windows'],
    ['“Stop.”', '然后'],
  ])('a space stays: %s|%s', (before, after) => {
    expect(gapBetween(before, ' ', after, toChinese)).toBe(' ');
  });

  it('languages are told by their first part', () => {
    expect(['zh', 'zh-TW', 'ZH', 'ja-JP'].map(writesSpaces)).toEqual([false, false, false, false]);
    expect(['en', 'de-AT', 'ko', 'zu'].map(writesSpaces)).toEqual([true, true, true, true]);
  });
});

describe('beside protected spans', () => {
  /** A translation whose placeholders are written as their spans, and what stands there in the end. */
  function mended(source: string, translation: string): string {
    const { pieces, spans } = protect(source)[0]!;
    const numbered = spans.reduce<Piece[]>(
      (said, span, placeholder) =>
        said.flatMap((piece) => {
          if (typeof piece !== 'string' || !piece.includes(span)) return [piece];
          const at = piece.indexOf(span);
          return [piece.slice(0, at), { placeholder }, piece.slice(at + span.length)];
        }),
      [translation],
    );
    const said = fusePieces(numbered);
    return withSpaces(restore(said, spans), lostSpaces(said, pieces, spans));
  }

  it.each([
    ['the `foo` function', 'die`foo`Funktion', 'die `foo` Funktion'],
    ['`foo`, the function', '`foo`die Funktion', '`foo` die Funktion'],
    ['(`foo` is it)', '(das`foo`)', '(das `foo`)'],
    ['%s backups', '%sBackups', '%s Backups'],
    ['the pre-2.3.1 behavior', 'das alte2.3.1 Verhalten', 'das alte 2.3.1 Verhalten'],
    ["SymPy's number", 'SymPyzahl', 'SymPy zahl'],
    ['copies %s {0} times', 'kopiert %s{0}Mal', 'kopiert %s {0} Mal'],
    ['Note that <b>this</b> is it', 'Beachten<b>dies</b>ist es', 'Beachten <b>dies</b> ist es'],
    ['返回`foo`的长度', 'the length of`foo`in bytes', 'the length of `foo` in bytes'],
    ['以实现SM2算法', 'to implement theSM2algorithm', 'to implement the SM2 algorithm'],
    ['<b>注意</b>文件', '<b>Note</b>the file', '<b>Note</b> the file'],
    ['calls ioctl(2) there', 'die verbunden sind.ioctl(2)', 'die verbunden sind. ioctl(2)'],
    ['文件ioctl(2)中', 'that are connected.ioctl(2)', 'that are connected. ioctl(2)'],
  ])('a space comes back: %s', (source, translation, expected) => {
    expect(mended(source, translation)).toBe(expected);
  });

  it.each([
    ['the `foo` function', 'die `foo`-Funktion'],
    ['see “`foo`” there', 'siehe dort.`foo`'],
    ['the value of `foo` is', 'der Wert des `foo`s ist'],
    ['the `foo` function', '函数`foo`是'],
    ['使用URL的', 'of URLs'],
    ['the SM2 one', 'derSM2'],
    ['%d file%s', '%d Datei%s'],
    ['non-%s files', 'Nicht-%s-Dateien'],
    ['<b>Note.</b> It is.', '<b>Hinweis.</b> Es ist.'],
    ['<b>Note:</b> it is', '<b>Hinweis</b> es ist'],
    ['see “`foo`”', 'siehe „`foo`“'],
    ['the `foo` function', 'die (`foo`), Funktion'],
    ['&lt;文件&gt;', '&lt;file&gt;'],
    ['<b>打开</b>', '<b>Open</b>'],
  ])('nothing changes: %s', (source, translation) => {
    expect(mended(source, translation)).toBe(translation);
  });
});

/** Spaces between sentences and beside protected spans, from languages that write them into those that do not, and back. */
import { describe, expect, it } from 'vitest';
import { inOrder, withChanges } from '../../../models/text/changes';
import { protect, restore } from '../../../models/text/protectedSpans';
import { veil } from '../../../models/text/veiledSpans';
import { gapBetween, lostSpaces, spacesBehindSigns, writesSpaces } from '../../../models/text/writtenSpaces';
import { asSaid } from './asSaid';

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
    const said = asSaid(translation, spans);
    return withChanges(restore(said, spans), inOrder(lostSpaces(said, pieces, spans)));
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
    ['the port: %s', 'der Port:%s', 'der Port: %s'],
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
    ['the port:%s', 'der Port:%s'],
  ])('nothing changes: %s', (source, translation) => {
    expect(mended(source, translation)).toBe(translation);
  });

  it.each([
    ['以代码137退出。', 'exited with code137.', 'exited with code 137.'],
    ['2024年3月15日', '2024 year3 months15', '2024 year 3 months 15'],
    ['上午10:30开始', 'morning10:30 start', 'morning 10:30 start'],
    ['如果没有，返回-1。', 'If not, return-1.', 'If not, return -1.'],
    ['返回-1。', 'Returns-1.', 'Returns -1.'],
    ['版本2.0中', 'in version2.0', 'in version 2.0'],
    ['10个文件', 'about10 files', 'about 10 files'],
    ['第8行的utf8', 'line8 of utf8', 'line 8 of utf8'],
  ])('a number beside Chinese is parted: %s', (source, translation, expected) => {
    expect(mended(source, translation)).toBe(expected);
  });

  it.each([
    ['未知-2', 'Unknown-2'],
    ['支持Python3.8及以上', 'Python3.8 and later'],
    ['第3个', 'the 3rd'],
    ['第1行', 'file11, v1.1'],
    ['line 8', 'Zeile8'],
  ])('a number stays: %s', (source, translation) => {
    expect(mended(source, translation)).toBe(translation);
  });
});

describe('behind the signs of Chinese', () => {
  function parted(source: string, translation: string): string {
    const { pieces, spans } = protect(source)[0]!;
    const said = asSaid(translation, spans);
    return withChanges(translation, spacesBehindSigns(veil(said, spans), veil(pieces, spans)));
  }

  it.each([
    ['默认值：false', 'Default:false', 'Default: false'],
    ['默认端口：8080', 'Default port:8080', 'Default port: 8080'],
    ['（默认：true）', '(default:true)', '(default: true)'],
    ['格式：json、xml、csv', 'Format: json,xml,csv', 'Format: json, xml, csv'],
    ['打开；关闭', 'open;close', 'open; close'],
    ['参数：%s', 'Argument:%s', 'Argument: %s'],
    ['{0}：{1}', '{0}:{1}', '{0}: {1}'],
  ])('a space comes in: %s', (source, translation, expected) => {
    expect(parted(source, translation)).toBe(expected);
  });

  it.each([
    ['时间：10:30', 'Time: 10:30'],
    ['{host}:{port} 无法访问', '{host}:{port} is not reachable'],
    ['属性xlink:href的值', 'the value of xlink:href'],
    ['标签（LABEL,UUID）', 'tags (LABEL,UUID)'],
    ['最多1,000个', 'at most 1,000'],
    ['打开::关闭', 'open::close'],
  ])('none comes in: %s', (source, translation) => {
    expect(parted(source, translation)).toBe(translation);
  });
});

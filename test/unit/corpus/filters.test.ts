import { describe, expect, it } from 'vitest';
import { countWords, lengthOf, objection, stopAsSource } from '../../../scripts/corpus/filters.mjs';
import { findProtectedSpans } from '../../../models/text/protectedSpans';

const judge = (source: string, target: string): string | undefined =>
  objection(source, target, findProtectedSpans);

describe('objection', () => {
  it.each([
    ['Cut', 'Ausschneiden', undefined],
    ['Open the file', 'Die Datei öffnen', undefined],
    ['x', 'Kreuz', 'empty'],
    ['Open', '', 'empty'],
    ['Open\u0007', 'Öffnen', 'broken'],
    ['Size', 'Gr\ufffd\ufffde', 'broken'],
    ['%d %s', '%d. %s', 'noWords'],
    ['Name:', 'Name:', 'untranslated'],
    ['layout', 'Layout', undefined],
    ["If set, the `name' is used at once", 'If set, the “name” is used at once', 'untranslated'],
    ['Written by Ann Bee, Cid Dee and Eve Fox', 'Von Ann Bee, Cid Dee und Eve Fox geschrieben', undefined],
    ['Run the program in the terminal', 'Das Programm im Terminal ausführen', undefined],
    ['word '.repeat(60).trim(), 'Wort '.repeat(60).trim(), undefined],
    ['word '.repeat(61).trim(), 'Wort '.repeat(61).trim(), 'tooLong'],
    ['a'.repeat(1501), 'b'.repeat(1501), 'tooLong'],
    ['copy %s to %s', '%s nach %s kopieren', undefined],
    ['copy %s to %s', '%s kopieren', 'placeholders'],
    ['<b>Note</b>', 'Hinweis', 'placeholders'],
    ['Use --force', 'Benutzen Sie --zwang', 'placeholders'],
    ["cannot open `%s'", '»%s« kann nicht geöffnet werden', undefined],
    ["cannot open `%s'", 'kann nicht geöffnet werden', 'placeholders'],
    ['1,000.5 metres', '1.000,5 Meter', undefined],
    ['Port 8080 is taken', 'Port 8081 ist belegt', 'numbers'],
    ['1 move', 'Ein Zug', undefined],
    ['2 of 3 parts', '2 von 4 Teilen', 'numbers'],
  ])('of “%s” and “%s”: %s', (source, target, why) => {
    expect(judge(source, target)).toBe(why);
  });

  it('draws the line at 0.35 and 3.2 times the length, above 40 characters at 0.5 and 2.2', () => {
    const text = (length: number): string => 'ab '.repeat(length).slice(0, length - 1) + 'x';
    const other = (length: number): string => text(length).replace(/a/g, 'c');
    expect(judge(text(20), other(7))).toBeUndefined();
    expect(judge(text(20), other(6))).toBe('lengths');
    expect(judge(text(20), other(64))).toBeUndefined();
    expect(judge(text(20), other(65))).toBe('lengths');
    expect(judge(text(50), other(25))).toBeUndefined();
    expect(judge(text(50), other(24))).toBe('lengths');
    expect(judge(text(50), other(110))).toBeUndefined();
    expect(judge(text(50), other(111))).toBe('lengths');
    // Short ones may be long in another language, but not a paragraph.
    expect(judge(text(6), other(40))).toBeUndefined();
    expect(judge(text(6), other(41))).toBe('lengths');
  });

  it('counts Chinese characters 2.6 times', () => {
    expect(lengthOf('打开 x')).toBeCloseTo(2 * 2.6 + 2);
    expect(judge('Open the file in the editor', '在编辑器中打开')).toBeUndefined();
    expect(countWords(' a  b ')).toBe(2);
  });
});

describe('stopAsSource', () => {
  it.each([
    ['Saved.', 'Gespeichert', '.', 'Gespeichert.'],
    ['Saved', 'Gespeichert.', '.', 'Gespeichert'],
    ['Saved.', '已保存', '。', '已保存。'],
    ['Saved', '已保存。', '。', '已保存'],
    ['Saving...', 'Wird gespeichert', '.', 'Wird gespeichert'],
    ['Saving', 'Wird gespeichert …', '.', 'Wird gespeichert …'],
    ['Pictures and so on', 'Bilder usw.', '.', 'Bilder usw.'],
    ['One; two', 'Eins. Zwei.', '.', 'Eins. Zwei.'],
    ['Saved?', 'Gespeichert.', '.', 'Gespeichert.'],
  ])('of “%s” and “%s”', (source, target, stop, expected) => {
    expect(stopAsSource(source, target, stop)).toBe(expected);
  });
});

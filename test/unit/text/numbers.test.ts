/** Which numbers of a text a translation has lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lostNumbers, wholeNumbers } from '../../../models/text/numbers';

describe('numbers that a translation has lost', () => {
  it.each([
    ['The file 9999 was saved.', 'Die Datei 999999 wurde gespeichert.', ['9999']],
    ['11111: File number 11111', '111: Dateinummer 11111', ['11111']],
    ['Line 12 of 345', 'Zeile 345', ['12']],
    ['第11111号文件已保存。', 'File 1111 was saved.', ['11111']],
    ['It costs 1,000,000 euros', 'Es kostet 1.000.00 Euro', ['1,000,000']],
    ['0.25 or 0.26', '0,25 oder 0,25', ['0.26']],
    ['every 5 minutes', 'jede Minuten', ['5']],
    ['every 1 or 2 minutes', 'jede oder jede Minute', ['2']],
    // Two halves are no decimal.
    ['1.5 times', '1。 5 Mal', ['1.5']],
    ['1 if it exists, 0 otherwise', '1, wenn es 1 gibt, sonst 1', ['0']],
    // Words that have the word for a number in them do not say it.
    ['Attention: 8 files', 'Achtung: Dateien in der Nacht', ['8']],
    ['4 notes', 'vierzehn Noten für das Klavier', ['4']],
  ])('%s → %s', (source, translation, lost) => {
    expect(lostNumbers(source, translation, 'de')).toEqual(lost);
  });

  it.each([
    ['The file 9999 was saved.', 'Die Datei 9999 wurde gespeichert.'],
    ['Page 12 of 345', 'Seite 345, 12'],
    // Thousands and decimals are written otherwise elsewhere.
    ['1,234,567.89 bytes', '1.234.567,89 Byte'],
    ['10,000 files', '10000 个文件'],
    ['10 000 Dateien', '10,000 files'],
    // Small ones are said in words.
    ['0 files, 1.5 times', 'keine Dateien, 1,5 Mal'],
    ['1 file of 2, the 8 last', 'eine Datei von zweien, die letzten ACHT'],
    ['the 4 of them, 3 times', 'die Vierergruppe, dreimal'],
    // What goes on behind a number belongs to a word.
    ['1’122,000a and a1’000’000', '1’122,000a und a1’000’000'],
    ['1,1,000', '1,1,000'],
    // What belongs to a word is no number.
    ['the 1990s, the 21st and x86_64', 'die Neunziger, der Letzte und etwas'],
  ])('none: %s → %s', (source, translation) => {
    expect(lostNumbers(source, translation, 'de')).toEqual([]);
  });

  it('are all that a text has where nothing was said', () => {
    expect(wholeNumbers('7 of 12, 345 and 12 of 1,000')).toEqual(['7', '12', '345', '1,000']);
  });

  it('are none in the text itself', () => {
    const text = fc.array(fc.constantFrom('1', '22', '000', ',', '.', ' ', 'a', '件', '’'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, (parts) => {
        expect(lostNumbers(parts.join(''), parts.join(''), 'de')).toEqual([]);
      }),
    );
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { mo } from 'gettext-parser';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../../scripts/corpus/catalogue.mjs';

const folder = path.resolve(import.meta.dirname, '../../fixtures/corpus');
const catalogues = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.mo'),
);

/** A catalogue of messages, as gettext-parser writes it. */
function compiled(messages: Record<string, Record<string, string[]>>, charset = 'utf-8'): Buffer {
  const translations = Object.fromEntries(
    Object.entries(messages).map(([context, entries]) => [
      context,
      Object.fromEntries(
        Object.entries(entries).map(([key, msgstr]) => {
          const [msgid = '', plural] = key.split('\0');
          return [
            msgid,
            { msgctxt: context, msgid, ...(plural === undefined ? {} : { msgid_plural: plural }), msgstr },
          ];
        }),
      ),
    ]),
  );
  return mo.compile({ charset, headers: { 'Content-Type': `text/plain; charset=${charset}` }, translations });
}

describe('readCatalogue', () => {
  it.each(catalogues)('reads what gettext-parser reads: %s', (file) => {
    const bytes = readFileSync(path.join(folder, file));
    const expected = Object.values(mo.parse(bytes).translations)
      .flatMap((entries) => Object.values(entries))
      .filter(({ msgid, msgstr }) => msgid !== '' && msgstr[0] !== '')
      .map(({ msgctxt, msgid, msgstr }) => [msgctxt ?? '', msgid, msgstr[0]]);
    const read = readCatalogue(bytes).map(({ context, source, target }) => [context ?? '', source, target]);
    expect(read.length).toBeGreaterThan(10);
    expect(new Set(read.map(String))).toEqual(new Set(expected.map(String)));
  });

  it('takes contexts off, of plural forms the first, and other encodings as they are', () => {
    const bytes = compiled(
      { '': { 'Größe\0Größen': ['Taille', 'Tailles'] }, menu: { Open: ['Öffnen'] } },
      'iso-8859-1',
    );
    expect(readCatalogue(bytes)).toEqual([
      { source: 'Größe', plural: true, target: 'Taille' },
      { context: 'menu', source: 'Open', plural: false, target: 'Öffnen' },
    ]);
  });

  it('reads the other byte order', () => {
    const bytes = Buffer.from(compiled({ '': { Open: ['Öffnen'] } }));
    const wholeNumbers = 28 + 2 * 8 * 2;
    expect(bytes.subarray(0, wholeNumbers).swap32().readUInt32BE()).toBe(0x950412de);
    expect(readCatalogue(bytes)).toEqual([{ source: 'Open', plural: false, target: 'Öffnen' }]);
  });

  it('leaves out plural messages of a language whose first form is that of nothing', () => {
    const bytes = mo.compile({
      charset: 'utf-8',
      headers: { 'Plural-Forms': 'nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : 5;' },
      translations: {
        '': {
          file: { msgid: 'file', msgid_plural: 'files', msgstr: ['a', 'b', 'c'] },
          Open: { msgid: 'Open', msgstr: ['d'] },
        },
      },
    });
    expect(readCatalogue(bytes).map(({ source }) => source)).toEqual(['Open']);
  });

  it('says what is wrong with a catalogue that is cut off or altered, and ends', () => {
    const bytes = compiled({ '': { Open: ['Öffnen'], Close: ['Schließen'] }, menu: { Save: ['Speichern'] } });
    // The last byte only ends the last text.
    for (let length = 0; length < bytes.length - 1; length++) {
      expect(() => readCatalogue(bytes.subarray(0, length))).toThrow(RangeError);
    }
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (place, value) => {
        const altered = Buffer.from(bytes);
        altered[place] = value;
        try {
          readCatalogue(altered);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('does not decode the same text over and over', () => {
    // 60,000 messages that are all the same 16 KiB: 1.8 GiB of text in a file of a mebibyte.
    const count = 60_000;
    const text = 2 ** 14;
    const bytes = Buffer.alloc(28 + 16 * count + text, 0x61);
    [0x950412de, 0, count, 28, 28 + 8 * count, 0, 0].forEach((value, index) =>
      bytes.writeUInt32LE(value, 4 * index),
    );
    for (let entry = 0; entry < 2 * count; entry++) {
      bytes.writeUInt32LE(text, 28 + 8 * entry);
      bytes.writeUInt32LE(28 + 16 * count, 28 + 8 * entry + 4);
    }
    expect(() => readCatalogue(bytes)).toThrow('holds the same text too many times');
  });
});

/** Gettext catalogues: what is made of every part of one, and of broken ones. */
import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../models/data/readers/candidates';
import { readGettext } from '../../../models/data/readers/gettext';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('gettext');
let written = 0;

async function read(content: string | Buffer, extension = '.po', languages = { from: 'en', to: 'de' }) {
  const file = inFolder(`${++written}${extension}`);
  await writeFile(file, content);
  const candidates: Candidate[] = [];
  for await (const block of readGettext(file, languages)) candidates.push(...block);
  return { file, candidates };
}

const pair = (source: string, target: string): Candidate => ({ source, target });

/** A string as msgfmt and people write it: escaped, at times cut into several lines. */
function quote(text: string, cut: boolean): string {
  const escaped = (part: string): string =>
    `"${part.replace(/["\\\n\t\r]/g, (c) => ({ '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t' })[c] ?? '\\r')}"`;
  const half = Math.floor(text.length / 2);
  const isPair = /[\uD800-\uDBFF]/.test(text[half - 1] ?? '');
  return cut && !isPair
    ? `""\n${escaped(text.slice(0, half))}\n  ${escaped(text.slice(half))}`
    : escaped(text);
}

describe('a catalogue', () => {
  it('gives back any texts, with odd characters, cut anywhere, plain or packed', async () => {
    // Blanks at the ends and around breaks are folded, so that they are left out here.
    const text = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom('"', '\\', '\\n', '\t', '#', '\u2028', ' '),
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        ),
        minLength: 1,
        maxLength: 40,
      })
      .filter((s) => s === s.trim() && s !== '' && !/[\r\n\0]/.test(s));
    const entries = fc.sample(fc.tuple(text, text, fc.boolean(), fc.boolean()), { seed: 4, numRuns: 3000 });
    const content = entries
      .map(
        ([source, target, cut, spaced]) =>
          `${spaced ? '\n#: file.c:1\n' : ''}msgid ${quote(source, cut)}\nmsgstr ${quote(target, !cut)}\n`,
      )
      .join('');
    const expected = entries.map(([source, target]) => pair(source, target));
    expect((await read(content)).candidates).toEqual(expected);
    expect((await read(gzipSync(content.replaceAll('\n', '\r\n')), '.po.gz')).candidates).toEqual(expected);
  });

  it('has plural forms, contexts, escapes and lines to fold', async () => {
    const { candidates } = await read(
      String.raw`
msgid ""
msgstr ""
"Language: de_AT\n"
"Content-Type: text/plain; charset=UTF-8\n"

msgctxt "menu"
msgid "Open \"it\"\tnow\\"
msgstr "„Es“ \165 \x41"
#, c-format
msgid "%d file"
msgid_plural "%d files"
msgstr[0] "%d Datei"
msgstr[1] "%d Dateien"
msgid "first line\n"
"second line\n"
msgstr "erste Zeile \n  zweite Zeile"

msgid "untranslated"
msgstr ""
`,
    );
    expect(candidates).toEqual([
      pair('Open "it"\tnow\\', '„Es“ u A'),
      pair('%d file', '%d Datei'),
      pair('%d files', '%d Dateien'),
      pair('first line second line', 'erste Zeile zweite Zeile'),
      pair('untranslated', ''),
    ]);
  });

  it('tells by its header which plural form says one', async () => {
    const read2 = async (plural: string) => {
      const header = `msgid ""\nmsgstr "Plural-Forms: nplurals=3; plural=${plural};\\n"\n\n`;
      const forms = ['null', 'eins', 'zwei'].map((form, index) => `msgstr[${index}] "${form}"\n`).join('');
      return (await read(`${header}msgid "one"\nmsgid_plural "many"\n${forms}`)).candidates;
    };
    const slovenian = '(n%100==1 ? 1 : n%100==2 ? 2 : n%100==3 || n%100==4 ? 3 : 0)';
    const second = [pair('many', 'null'), pair('one', 'eins'), pair('many', 'zwei')];
    expect(await read2(slovenian)).toEqual(second);
    const first = [pair('one', 'null'), pair('many', 'eins'), pair('many', 'zwei')];
    for (const plural of ['n != 1', 'n==1 ? 0 : 1', 'what?', '', '('.repeat(500)])
      expect(await read2(plural)).toEqual(first);
  });

  it('of a language with one form says the plural', async () => {
    const { candidates } = await read(
      'msgid "one"\nmsgid_plural "%d of them"\nmsgstr[0] "共 %d 个"\n',
      '.po',
      { from: 'en', to: 'zh' },
    );
    expect(candidates).toEqual([pair('%d of them', '共 %d 个')]);
  });

  it('leaves fuzzy and obsolete entries out, and counts them', async () => {
    const { candidates } = await read(
      '#, fuzzy\n#| msgid "before"\nmsgid "a"\nmsgstr "b"\n#, fuzzy, c-format\nmsgid "c"\nmsgstr "d"\n' +
        'msgid "e"\nmsgstr "f"\n\n#~ msgid "old"\n#~ msgstr "alt"\n#~| msgid "older"\n#~ msgid "old too"\n#~ msgstr "auch alt"\n\n#, fuzzy\n\nmsgid "g"\nmsgstr "h"',
    );
    expect(candidates).toEqual([
      { omitted: 'fuzzy' },
      { omitted: 'fuzzy' },
      pair('e', 'f'),
      { omitted: 'obsolete' },
      { omitted: 'obsolete' },
      // A comment that a blank line parts from the entry does not belong to it.
      pair('g', 'h'),
    ]);
  });

  it('that translates into the source language is read the other way round', async () => {
    const content = 'msgid ""\nmsgstr "Language: de\\n"\n\nmsgid "Open"\nmsgstr "Öffnen"\n';
    expect((await read(content, '.po', { from: 'de', to: 'en' })).candidates).toEqual([
      pair('Öffnen', 'Open'),
    ]);
    expect((await read(content, '.po', { from: 'en', to: 'de-CH' })).candidates).toEqual([
      pair('Open', 'Öffnen'),
    ]);
    await expect(read(content, '.po', { from: 'en', to: 'fr' })).rejects.toThrow(
      /\.po translates into de, but the training is from en to fr: leave it out, or change --from or --to\.$/,
    );
  });

  it('in another encoding is refused with the way to change it', async () => {
    const content = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=ISO-8859-1\\n"\n';
    await expect(read(content)).rejects.toThrow(
      /is in the encoding ISO-8859-1: make it UTF-8 \(msgconv --to-code=UTF-8\)\.$/,
    );
    expect((await read(content.replace('ISO-8859-1', 'CHARSET'))).candidates).toEqual([]);
  });
});

describe('what is broken in a catalogue', () => {
  it.each<[string, line: number, fault: string]>([
    ['msgid "a\nmsgstr "b"', 1, 'holds no string in quotation marks'],
    ['msgid "a\\"\nmsgstr "b"', 1, 'holds no string in quotation marks'],
    ['msgid "a" b\nmsgstr "b"', 1, 'holds no string in quotation marks'],
    ['msgid "a"\nmsgstr b', 2, 'is no line of a catalogue'],
    ['msgid "a"\nfoo\nmsgstr "b"', 2, 'is no line of a catalogue'],
    ['"a"\nmsgid "a"\nmsgstr "b"', 1, 'is no line of a catalogue'],
    ['msgid "a"\nmsgid "b"\nmsgstr "c"', 2, 'begins a second msgid in one entry'],
    ['msgid "a"\nmsgstr "b"\nmsgstr "c"', 3, 'translates the message a second time'],
    ['msgid "a"\nmsgid_plural "b"\nmsgstr[9999] "c"', 3, 'gives plural form 9999; no language has so many'],
    ['msgid "a"', 1, 'begins an entry without msgstr'],
    ['msgstr "b"', 1, 'begins an entry without msgid'],
    [
      `msgid ""\n${`"${'a'.repeat(2 ** 16)}"\n`.repeat(17)}msgstr "c"`,
      18,
      'makes a string longer than 1 MiB',
    ],
  ])('is told with its line, and the entries around it are read: case %#', async (broken, line, fault) => {
    const { file, candidates } = await read(`msgid "x"\nmsgstr "y"\n\n${broken}\n\nmsgid "v"\nmsgstr "w"\n`);
    expect(candidates).toEqual([pair('x', 'y'), { file, line: line + 3, fault }, pair('v', 'w')]);
  });

  it('is an entry with bytes that are no UTF-8', async () => {
    const { file, candidates } = await read(
      Buffer.from('msgid "x"\nmsgstr "\xfc"\n\nmsgid "v"\nmsgstr "w"\n', 'latin1'),
    );
    expect(candidates).toEqual([{ file, line: 2, fault: 'is not UTF-8' }, pair('v', 'w')]);
  });

  it('is the encoding that its header names, whatever names of people stand there', async () => {
    const header = '# von J\xf6rg\nmsgid ""\nmsgstr ""\n"Last-Translator: J\xf6rg\\n"\n';
    const type = '"Content-Type: text/plain; charset=ISO-8859-1\\n"\n';
    const message = '\nmsgid "x"\nmsgstr "y"\n# J\xf6rg\n';
    await expect(read(Buffer.from(header + type + message, 'latin1'))).rejects.toThrow(
      /is in the encoding ISO-8859-1: make it UTF-8/,
    );
    const { file, candidates } = await read(Buffer.from(header + message, 'latin1'));
    expect(candidates).toEqual([{ file, line: 4, fault: 'is not UTF-8' }, pair('x', 'y')]);
  });
});

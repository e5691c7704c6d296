/** A project's own catalogues as parallel text: which belong together, in any direction, and what is broken. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { languageInPath } from '../../../models/data/catalogues/languageInPath';
import { readCatalogues, type CatalogueReport } from '../../../models/data/catalogues/readCatalogues';
import type { Languages, SentencePair } from '../../../models/data/readers/candidates';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('catalogues');
let projects = 0;

/** A project with these files: texts, or values that become JSON. */
async function project(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = inFolder(`project-${++projects}`);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

async function read(folder: string, languages: Languages = { from: 'en', to: 'de' }, signal?: AbortSignal) {
  const pairs: SentencePair[] = [];
  const reports: CatalogueReport[] = [];
  const options = { signal, onReport: (report: CatalogueReport) => void reports.push(report) };
  for await (const block of readCatalogues([folder], languages, options)) pairs.push(...block);
  const told = reports.map(({ file, ...rest }) => ({ file: path.relative(folder, file), ...rest }));
  return { pairs: pairs.map(({ source, target }) => `${source} = ${target}`), reports: told };
}

const po = (header: string, ...messages: [string, string][]): string =>
  `msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n${header}\n` +
  messages.map(([id, text]) => `\nmsgid "${id}"\nmsgstr "${text}"\n`).join('');

describe('catalogues', () => {
  it('of VS Code: package.nls and bundle.l10n, with comments, and keys for the English where there is no file for it', async () => {
    const folder = await project({
      'package.nls.json': {
        'a.title': 'Open File',
        'b.title': { message: 'Close\nFile', comment: ['c'] },
        only: 'x',
      },
      'package.nls.de.json': { 'a.title': 'Datei öffnen', 'b.title': 'Datei\tschließen' },
      'package.nls.fr.json': { 'a.title': 'Ouvrir' },
      'l10n/bundle.l10n.de.json': { 'Saved {0}.': '{0} gesichert.' },
    });
    const { pairs, reports } = await read(folder);
    expect(pairs).toEqual([
      'Saved {0}. = {0} gesichert.',
      'Open File = Datei öffnen',
      'Close File = Datei schließen',
    ]);
    expect(reports).toEqual([
      { file: 'l10n/bundle.l10n.de.json', kind: 'json', pairs: 1 },
      { file: 'package.nls.de.json', kind: 'json', pairs: 2 },
    ]);
    expect((await read(folder, { from: 'de', to: 'en' })).pairs).toContain('Datei öffnen = Open File');
    expect((await read(folder, { from: 'de', to: 'en' })).pairs).toContain('{0} gesichert. = Saved {0}.');
    expect((await read(folder, { from: 'fr', to: 'de' })).pairs).toEqual(['Ouvrir = Datei öffnen']);
  });

  it('of i18next and browser extensions: nested, by folder or by name, of any region', async () => {
    const folder = await project({
      'locales/en/common.json': { menu: { file: { open: 'Open' }, list: ['One', 'Two'] }, n: 3 },
      'locales/de/common.json': { menu: { file: { open: 'Öffnen' }, list: ['Eins', 'Zwei'] }, n: 3 },
      'locales/de/other.json': { a: 'b' },
      'src/i18n/en-US.json': { bye: 'Good bye' },
      'src/i18n/de_DE.json': { bye: 'Auf Wiedersehen' },
      '_locales/en/messages.json': { name: { message: 'A name', description: 'd' } },
      '_locales/de/messages.json': { name: { message: 'Ein Name' } },
      'node_modules/x/locales/en/a.json': { a: 'foreign' },
      'node_modules/x/locales/de/a.json': { a: 'fremd' },
      'tsconfig.json': { compilerOptions: {} },
    });
    const { pairs } = await read(folder);
    expect(pairs.sort()).toEqual(
      ['A name = Ein Name', 'Good bye = Auf Wiedersehen', 'One = Eins', 'Open = Öffnen', 'Two = Zwei'].sort(),
    );
  });

  it('of gettext: those that say, or are called, the language; reversed where it is the source', async () => {
    const folder = await project({
      'po/de.po': po('"Language: de\\n"', ['Open', 'Öffnen'], ['Open', 'Öffnen'], ['Close', '']),
      'po/fr.po': po('"Language: fr\\n"', ['Open', 'Ouvrir']),
      'locale/de/LC_MESSAGES/app.po': po('', ['Save', 'Sichern']),
      'locale/es/LC_MESSAGES/app.po': po('', ['Save', 'Guardar']),
    });
    expect((await read(folder)).pairs).toEqual(['Save = Sichern', 'Open = Öffnen']);
    expect((await read(folder, { from: 'de', to: 'en' })).pairs).toEqual(['Sichern = Save', 'Öffnen = Open']);
    expect((await read(folder, { from: 'de', to: 'fr' })).pairs).toEqual([]);
  });

  it('of XLIFF', async () => {
    const folder = await project({
      'messages.de.xlf':
        '<xliff version="1.2"><file source-language="en" target-language="de"><body><trans-unit id="1"><source>Yes</source><target>Ja</target></trans-unit></body></file></xliff>',
    });
    expect(await read(folder)).toEqual({
      pairs: ['Yes = Ja'],
      reports: [{ file: 'messages.de.xlf', kind: 'xliff', pairs: 1 }],
    });
  });

  it('of XLIFF that names no target language: in the one that its path names', async () => {
    const xliff = (text: string): string =>
      `<xliff version="1.2"><file source-language="en"><body><trans-unit id="1"><source>Yes</source><target>${text}</target></trans-unit></body></file></xliff>`;
    const folder = await project({
      'app/messages.de.xlf': xliff('Ja'),
      'app/messages.fr.xlf': xliff('Oui'),
      'app/pt-BR.xlf': xliff('Sim'),
      'de/app.xlf': xliff('Jawohl'),
      'de/menu.es.xlf': xliff('Sí'),
      'other/translations.xlf': xliff('Evet'),
    });
    expect((await read(folder)).pairs).toEqual(['Yes = Ja', 'Yes = Jawohl']);
  });

  it('that are broken are named and passed over; links and pipes are not followed', async () => {
    const folder = await project({
      'a/en.json': '{ "a": ',
      'a/de.json': { a: 'A' },
      'b/en.json': '["a"]',
      'b/de.json': { a: 'A' },
      'c/en.json': { a: 'Good' },
      'c/de.json': { a: 'Gut' },
      'd/en.json': JSON.stringify({ a: 'deep' }),
      'd/de.json': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
      'e/de.po': Buffer.from([0x6d, 0xff, 0xfe]).toString('latin1'),
      'f/de.po': po('"Language: de\\n"', ['a', 'b']).replace('UTF-8', 'KOI8-R'),
    });
    await mkdir(path.join(folder, 'outside'));
    await symlink(folder, path.join(folder, 'outside', 'loop'));
    const { pairs, reports } = await read(folder);
    expect(pairs).toEqual(['Good = Gut']);
    const faults = reports.filter(({ fault }) => fault !== undefined);
    expect(faults.map(({ file }) => file)).toEqual(['a/de.json', 'b/de.json', 'e/de.po', 'f/de.po']);
    expect(faults[0]!.fault).toContain(`${path.join(folder, 'a/en.json')} is no JSON: `);
    expect(faults[1]!.fault).toBe(
      `${path.join(folder, 'b/en.json')} is no catalogue: it holds no JSON object.`,
    );
  });

  it('can be left off', async () => {
    const controller = new AbortController();
    controller.abort();
    const reading = read(await project({ 'a/en.json': {} }), { from: 'en', to: 'de' }, controller.signal);
    await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }) as Error);
  });
});

describe('the language in a path', () => {
  const languages = { from: 'en', to: 'pt-BR' };
  it.each([
    ['locales/pt_BR/a.json', 'pt_BR', 'locales/*/a.json'],
    ['a/messages-pt-BR.json', 'pt-BR', 'a/messages-*.json'],
    ['a/en.json', 'en', 'a/*.json'],
    ['en/pt/en.po', 'en', 'en/pt/*.po'],
    ['a/package.nls.json', 'en', 'a/package.nls.*.json'],
    ['a/package.nls.pt-br.json', 'pt-br', 'a/package.nls.*.json'],
    ['a/open.json', undefined, undefined],
    ['den/content.json', undefined, undefined],
    ['a/token.json', undefined, undefined],
  ])('of %s is %s', (file, language, stem) => {
    const native = (text: string): string => text.split('/').join(path.sep);
    const place = languageInPath(native(file), languages);
    expect(place).toEqual(language === undefined ? undefined : { language, stem: native(stem) });
  });
});

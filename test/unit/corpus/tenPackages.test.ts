/**
 * Exact counts on ten packages of Debian 12, of which the fixture holds excerpts (test/fixtures/README.md has their
 * versions and licences). What changes a number here changes corpora: say so in docs/corpus.md.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../scripts/corpus/languages.mjs';
import { PackageReader } from '../../../scripts/corpus/make.mjs';
import { wantedFiles } from '../../../scripts/corpus/sources.mjs';
import { findProtectedSpans } from '../../../models/text/protectedSpans';
import { splitSentences } from '../../../models/text/sentences';

const folder = path.resolve(import.meta.dirname, '../../fixtures/corpus');
const german = languageOf('de');

function readFixture(): ReturnType<PackageReader['finish']> {
  const reader = new PackageReader(german, { findProtectedSpans, splitSentences });
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  for (const name of names) {
    const files = readdirSync(path.join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => path.relative(path.join(folder, name), file).replaceAll('\\', '/'))
      .filter(wantedFiles(german))
      .sort();
    reader.add(
      name,
      files.map((file) => ({ path: file, bytes: readFileSync(path.join(folder, name, file)) })),
    );
  }
  const [english, translated] = ['en', 'de'].map((list) =>
    readFileSync(path.join(folder, `Translation-${list}`), 'utf8'),
  );
  return reader.finish(english ?? '', translated ?? '', () => true);
}

const { software, docs, complaints } = readFixture();

function countByOrigin(pairs: readonly { origin: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { origin } of pairs) counts[origin] = (counts[origin] ?? 0) + 1;
  return counts;
}

describe('ten packages', () => {
  it('no file is complained about', () => {
    expect(complaints).toEqual([]);
  });

  it('messages', () => {
    expect(software.counts()).toEqual({
      given: 296,
      dropped: { untranslated: 14, empty: 9, noWords: 9, duplicate: 7, numbers: 1, lengths: 1 },
    });
    expect(countByOrigin(software.pairs())).toEqual({
      accountsservice: 12,
      hitori: 37,
      kruler: 36,
      libpopt0: 23,
      lightsoff: 23,
      lxinput: 26,
      'mate-terminal-common': 48,
      'zenity-common': 50,
    });
  });

  it('help, manual pages and descriptions', () => {
    expect(docs.counts()).toEqual({
      given: 178,
      dropped: { untranslated: 20, duplicate: 9, broken: 3, empty: 2, tooLong: 2, noWords: 1 },
    });
    expect(countByOrigin(docs.pairs())).toEqual({
      'help:hitori': 15,
      'help:lightsoff': 21,
      'man:less:man1/lessecho.1': 25,
      'man:less:man1/lesskey.1': 44,
      'ddtp:accountsservice': 2,
      'ddtp:hitori': 4,
      'ddtp:kruler': 3,
      'ddtp:less': 3,
      'ddtp:libpopt0': 5,
      'ddtp:lightsoff': 2,
      'ddtp:lxinput': 7,
      'ddtp:mate-terminal-common': 6,
      'ddtp:zenity-common': 4,
    });
  });

  it.each([
    ['Redo a move', 'Den letzten Zug wiederholen'],
    ['option type (%u) not implemented in popt', 'Optionstyp (%u) ist in popt nicht vorhanden'],
    ['You are welcome to participate.', 'Sie sind herzlich eingeladen, sich daran zu beteiligen.'],
    ['SEE ALSO', 'SIEHE AUCH'],
    [
      'Specifies that all arguments are to be quoted.',
      'legt fest, dass alle Argumente in Anführungszeichen eingeschlossen werden sollen.',
    ],
    ['This package is part of the KDE graphics module.', 'Dieses Paket ist Teil des KDE-Grafikmoduls.'],
  ])('“%s” is translated “%s”', (source, target) => {
    const found = [...software.pairs(), ...docs.pairs()].filter((pair) => pair.source === source);
    expect(found.map((pair) => pair.target)).toEqual([target]);
  });
});

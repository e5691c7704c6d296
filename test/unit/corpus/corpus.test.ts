import { describe, expect, it } from 'vitest';
import { Corpus } from '../../../scripts/corpus/corpus.mjs';
import { readDescriptions } from '../../../scripts/corpus/descriptions.mjs';
import { whyExcluded } from '../../../scripts/corpus/excluded.mjs';
import { languageOf } from '../../../scripts/corpus/languages.mjs';
import { cut, listedPackages } from '../../../scripts/corpus/make.mjs';
import { HeldOut, placeOf, split } from '../../../scripts/corpus/splits.mjs';
import { findProtectedSpans } from '../../../models/text/protectedSpans';

const corpusOf = (isProse: boolean): Corpus =>
  new Corpus({ findSpans: findProtectedSpans, fullStop: '.', isProse });
const pairOf = (
  source: string,
  target = Array.from(source).reverse().join(''),
): { source: string; target: string; origin: string } => ({
  source,
  target,
  origin: 'some',
});

describe('Corpus', () => {
  it('keeps the first translation of a source, and counts the others', () => {
    const corpus = corpusOf(false);
    corpus.add([pairOf('Open', 'Öffnen'), pairOf('Open', 'Aufmachen'), pairOf('Name', 'Name')]);
    expect(corpus.pairs()).toEqual([pairOf('Open', 'Öffnen')]);
    expect(corpus.counts()).toEqual({ given: 3, dropped: { duplicate: 1, untranslated: 1 } });
  });

  it('drops remains of markup from prose', () => {
    const corpus = corpusOf(true);
    corpus.add([
      pairOf('Use \\fBls\\fP here', 'Hier \\fBls\\fP benutzen'),
      pairOf('See B<this> one', 'Siehe B<diesen> hier'),
      pairOf('Red &amp; green here', 'Hier Rot &amp; Grün'),
      pairOf('A plain text', 'Ein reiner Text'),
    ]);
    expect(corpus.pairs().map(({ source }) => source)).toEqual(['A plain text']);
    expect(corpus.counts().dropped).toEqual({ markup: 2, placeholders: 1 });
  });

  it('takes ten pairs of a template and not more, and leaves messages alone', () => {
    const names = Array.from({ length: 30 }, (_, index) => `lib${String.fromCharCode(97 + index)}x`);
    const pairs = names.map((name) => pairOf(`This package contains the documentation of ${name}.`));
    const docs = corpusOf(true);
    docs.add(pairs);
    expect(docs.pairs()).toHaveLength(10);
    expect(docs.pairs()).toHaveLength(10);
    expect(docs.counts().dropped).toEqual({ template: 20 });
    const software = corpusOf(false);
    software.add(pairs);
    expect(software.pairs()).toHaveLength(30);
  });
});

describe('splits', () => {
  const sources = Array.from(
    { length: 4000 },
    (_, index) => `Text number ${placeOf(String(index)).toString(36)}`,
  );

  it('a text has its place for ever', () => {
    // Of SHA-256, so that other languages and other years hold the same texts out.
    expect(placeOf('Open the file')).toBeCloseTo(0.7397, 4);
    expect(placeOf('')).toBe(0xe3b0c442 / 2 ** 32);
  });

  it('holds out 5 % twice of a small corpus, and what was held out once stays so while it grows', () => {
    const small = split(sources.slice(0, 2000).map((source) => pairOf(source)));
    expect(small.test.length / 2000).toBeCloseTo(0.05, 1);
    expect(small.valid.length / 2000).toBeCloseTo(0.05, 1);
    const grown = split(sources.map((source) => pairOf(source)));
    const names = new Set(grown.test.map(({ source }) => source));
    for (const { source } of small.test) expect(names.has(source)).toBe(true);
    expect(grown.train.length + grown.valid.length + grown.test.length).toBe(4000);
  });

  it('near duplicates have 70 % of their four-word sequences in common', () => {
    const heldOut = new HeldOut(['the quick brown fox jumps over the lazy dog today', 'Save as']);
    expect(heldOut.resembles('The quick brown fox jumps over the lazy dog TODAY!')).toBe(true);
    expect(heldOut.resembles('the quick brown fox jumps over the lazy dog now')).toBe(true);
    expect(heldOut.resembles('a quick brown fox jumps over a lazy dog today')).toBe(false);
    expect(heldOut.resembles('the quick brown fox')).toBe(false);
    expect(heldOut.resembles('save as…')).toBe(true);
    expect(heldOut.resembles('save as it is')).toBe(false);
  });

  it('trains on nothing that resembles what either corpus holds out', () => {
    const software = corpusOf(false);
    const docs = corpusOf(true);
    const words = (place: number): string =>
      Array.from({ length: 8 }, (_, index) =>
        placeOf(`${place} ${index}`)
          .toString(36)
          .replace(/[^a-z]/g, ''),
      ).join(' ');
    software.add(sources.map((_, index) => pairOf(words(index))));
    docs.add(sources.map((_, index) => pairOf(`${words(index)}.`)));
    const parts = cut({ software, docs });
    const heldOut = new HeldOut(
      parts.flatMap(({ splits }) => [...splits.valid, ...splits.test].map(({ source }) => source)),
    );
    for (const { splits, nearDuplicates } of parts) {
      expect(splits.train.filter(({ source }) => heldOut.resembles(source))).toEqual([]);
      expect(splits.train.length).toBeGreaterThan(1000);
      expect(nearDuplicates).toBeGreaterThan(100);
    }
  });
});

describe('readDescriptions', () => {
  it('reads synopsis, paragraphs, items, and what is set as it is', () => {
    const list = `Package: some
Description-md5: ${'0'.repeat(32)}
Description-de: Eine Kurzbeschreibung
 Ein Absatz über
 zwei Zeilen mit Unix-
 Schnittstelle und Vor-
 und Nachteilen.
 .
 Listen:
  * ein Punkt
    mit Folgezeile
  - noch einer
 .
   ls -l
   cd

Package: other
Description-md5: ${'1'.repeat(32)}
Description-de: Nur kurz
`;
    const descriptions = [...readDescriptions(list, 'de').values()];
    expect(descriptions.map(({ name }) => name)).toEqual(['some', 'other']);
    expect(descriptions[0]?.blocks).toEqual([
      { kind: 'synopsis', text: 'Eine Kurzbeschreibung' },
      {
        kind: 'paragraph',
        text: 'Ein Absatz über zwei Zeilen mit Unix-Schnittstelle und Vor- und Nachteilen.',
      },
      { kind: 'paragraph', text: 'Listen:' },
      { kind: 'item', text: 'ein Punkt mit Folgezeile' },
      { kind: 'item', text: 'noch einer' },
      { kind: 'verbatim', text: 'ls -l cd' },
    ]);
  });
});

describe('what is left out', () => {
  it.each([
    'git',
    'git-cola',
    'gitg',
    'meld',
    'gnome-builder',
    'dolphin',
    'dolphin-plugins',
    'wget',
    'debian-handbook',
  ])('%s, to judge models on', (name) => {
    expect(whyExcluded(name)).toContain('judging');
  });
  it.each(['mnemosyne', 'pyhoca-gui', 'gnunet'])('%s, for its licence', (name) => {
    expect(whyExcluded(name)).toContain('AGPL');
  });
  it('not what only sounds like it, and nothing of the list', () => {
    for (const name of ['dolphin-emu-data', 'gitano', 'gnunetish-x'.slice(0, 3)])
      expect(whyExcluded(name)).toBeUndefined();
    const listed = listedPackages(languageOf('de'));
    expect(listed.length).toBeGreaterThan(1300);
    expect(listed.filter((name) => whyExcluded(name) !== undefined)).toEqual([]);
    expect(listed).toContain('manpages-de');
    expect(listedPackages(languageOf('zh'))).toEqual(
      expect.arrayContaining(['libreoffice-l10n-zh-cn', 'manpages-zh']),
    );
  });
});

describe('languageOf', () => {
  it('knows how catalogues, packages and lists spell a language', () => {
    expect(languageOf('es')).toMatchObject({
      tag: 'es',
      locales: ['es', 'es_ES'],
      debian: ['es'],
      list: 'es',
    });
    expect(languageOf('pt_br')).toMatchObject({
      tag: 'pt-BR',
      locales: ['pt_BR'],
      debian: ['pt-br'],
      list: 'pt_BR',
    });
    expect(languageOf('zh')).toMatchObject({ tag: 'zh', list: 'zh_CN', fullStop: '。' });
  });

  it.each(['', 'english', 'de/../x', '-h', 'e', 'en'])('refuses “%s” with a sentence', (tag) => {
    expect(() => languageOf(tag)).toThrow(/^[“T].*\.$/);
  });
});

/** Translation memories: any texts, several languages, markup inside segments, broken XML. */
import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../models/data/readers/candidates';
import { readTmx } from '../../../models/data/readers/tmx';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('tmx');
let written = 0;

async function read(content: string | Buffer, extension = '.tmx', languages = { from: 'en', to: 'de' }) {
  const file = inFolder(`${++written}${extension}`);
  await writeFile(file, content);
  const candidates: Candidate[] = [];
  for await (const block of readTmx(file, languages)) candidates.push(...block);
  return { file, candidates };
}

const memory = (units: string, declaration = '<?xml version="1.0"?>'): string =>
  `${declaration}\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4"><header srclang="en"/><body>\n${units}</body></tmx>\n`;
const variant = (language: string, text: string): string =>
  `<tuv xml:lang="${language}"><seg>${text}</seg></tuv>`;
const unit = (source: string, target: string): string =>
  `<tu><prop type="x">note</prop>\n${variant('en', source)}\n${variant('de', target)}</tu>\n`;
const pair = (source: string, target: string): Candidate => ({ source, target });

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? `&#${c.charCodeAt(0)};`);

describe('a translation memory', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    // XML has no control characters; blanks at the ends and line breaks are folded.
    // eslint-disable-next-line no-control-regex
    .filter((s) => s === s.trim() && s !== '' && !/[\0-\x1f\x7f-\x84\x86-\x9f\ufffd-\uffff\r\n]/.test(s));
  const samples = fc.sample(fc.tuple(text, text, fc.boolean()), { seed: 5, numRuns: 3000 });
  const expected = samples.map(([source, target]) => pair(source, target));
  const body = memory(
    samples
      .map(([source, target, asData]) =>
        unit(asData && !source.includes(']]>') ? `<![CDATA[${source}]]>` : escape(source), escape(target)),
      )
      .join(''),
  );

  it.each<[string, () => Buffer, string]>([
    ['UTF-8', () => Buffer.from(body), '.tmx'],
    ['UTF-8 with a byte order mark, packed', () => gzipSync(`\uFEFF${body}`), '.tmx.gz'],
    ['UTF-16', () => Buffer.from(`\uFEFF${body.replace('?>', ' encoding="UTF-16"?>')}`, 'utf16le'), '.tmx'],
    ['UTF-16, the other order', () => Buffer.from(`\uFEFF${body}`, 'utf16le').swap16(), '.tmx'],
  ])('gives back any texts, in %s', async (_name, content, extension) => {
    expect(content().length).toBeGreaterThan(64 * 1024);
    expect((await read(content(), extension)).candidates).toEqual(expected);
  });

  it('may declare another encoding', async () => {
    const content = memory(unit('coffee', 'ein Kännchen'), '<?xml version="1.0" encoding="ISO-8859-1"?>');
    expect((await read(Buffer.from(content, 'latin1'))).candidates).toEqual([pair('coffee', 'ein Kännchen')]);
    await expect(read(memory('', '<?xml version="1.0" encoding="x-none"?>'))).rejects.toThrow(
      /declares the encoding x-none, which is unknown here: make it UTF-8\.$/,
    );
  });

  it('gives the two languages asked for, by region where they have to be', async () => {
    const units =
      `<tu>${variant('fr', 'Oui')}${variant('DE-at', 'Jo')}${variant('de', 'Ja')}${variant('en-GB', 'Yes')}</tu>` +
      `<tu>${variant('fr', 'Non')}${variant('en', 'No')}</tu><tu lang="en"/>` +
      `<tu><tuv lang="EN"><seg>old</seg></tuv><tuv lang="DE-CH"><seg>alt</seg></tuv></tu>`;
    expect((await read(memory(units))).candidates).toEqual([
      pair('Yes', 'Ja'),
      { omitted: 'otherLanguage' },
      { omitted: 'otherLanguage' },
      pair('old', 'alt'),
    ]);
    const austrian = await read(memory(units), '.tmx', { from: 'fr', to: 'de-AT' });
    expect(austrian.candidates[0]).toEqual(pair('Oui', 'Jo'));
  });

  it('may hold ampersands as they are in CDATA, and references wherever a stretch of it ends', async () => {
    const source = `<![CDATA[R&D & more]]> &amp; ${'&#x41;&#66;'.repeat(60_000)} &lt;`;
    const { candidates } = await read(memory(unit(source, 'F&amp;E')));
    expect(candidates).toEqual([pair(`R&D & more & ${'AB'.repeat(60_000)} <`, 'F&E')]);
  });

  it('keeps the text of a segment, without the codes of its document, in one line', async () => {
    const source =
      'Press <bpt i="1">&lt;b&gt;<sub>not this</sub></bpt><hi>the <hi>key</hi></hi><ept i="1">&lt;/b&gt;</ept>\n   twice<ph x="1">{\\fs}</ph><it pos="begin">x</it>.';
    expect((await read(memory(unit(source, 'Taste')))).candidates).toEqual([
      pair('Press the key twice.', 'Taste'),
    ]);
  });
});

describe('what is broken in a translation memory', () => {
  it.each([
    ['an entity that there is not', unit('a &nbsp; b', 'c')],
    ['a bare ampersand', unit('a & b', 'c')],
    ['a tag that is not closed', unit('a <hi> b', 'c')],
    ['a closing tag that nothing has opened', unit('a</b> b', 'c')],
    ['a character that XML has not', unit('a \x01 b', 'c')],
    ['bytes in another encoding', unit('Büro', 'c')],
  ])('is told with its line, and the units around it are read: %s', async (_what, broken) => {
    const content = memory(unit('a', 'b') + broken + unit('c', 'd'));
    const { file, candidates } = await read(Buffer.from(content, 'latin1'));
    expect(candidates).toEqual([
      pair('a', 'b'),
      {
        file,
        line: 8,
        fault: expect.stringMatching(/^(is no TMX: \w|has an ampersand|is not in the)/) as string,
      },
      pair('c', 'd'),
    ]);
  });

  it('may be a mebibyte of blanks, which take no time', async () => {
    const started = performance.now();
    const { candidates } = await read(memory(unit(`a${' '.repeat(2 ** 20)}b\n \n c`, 'd')));
    expect(candidates).toEqual([pair(`a${' '.repeat(2 ** 20)}b c`, 'd')]);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('may be the end of the file', async () => {
    const whole = memory(unit('a', 'b') + unit('c', 'd'));
    const { candidates } = await read(whole.slice(0, whole.indexOf('>d<')));
    expect(candidates[0]).toEqual(pair('a', 'b'));
    expect(candidates[1]).toMatchObject({
      fault: expect.stringMatching(/^is no TMX: unclosed tag/) as string,
    });
    expect(candidates).toHaveLength(2);
  });

  it('may be all of it', async () => {
    const { candidates } = await read('source\ttarget\n'.repeat(1000));
    expect(candidates).toMatchObject([{ fault: expect.stringContaining('is no TMX') as string }]);
    await expect(read(Buffer.alloc(20 * 1024 * 1024, 'a '))).rejects.toThrow(
      /there is still no end of an element/,
    );
    await expect(read(gzipSync('x'))).rejects.toThrow(/its name does not end in \.gz; rename it\.$/);
  });
});

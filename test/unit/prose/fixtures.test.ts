/**
 * What is found in files of many languages, and that nothing else of them is touched. The files in test/fixtures/prose
 * are our own; expected.json says what is prose in them, passage by passage, and was written by reading them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ProseKind, ProsePassage } from '../../../extension/prose/passage';
import { ProseFinder } from '../../../extension/prose/proseFinder';
import { asDocument, FakeDocument, type FakeVscode } from '../extension/fakeVscode';
import { testReader } from './testReader';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

const folder = path.resolve(import.meta.dirname, '../../fixtures/prose');
const kinds: ReadonlySet<ProseKind> = new Set(['comment', 'string', 'markup', 'text']);

/** By file: what VS Code calls its language, and its passages as line, kind and text. */
type Expected = Record<string, { language: string; passages: string[] }>;
const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Expected;

const finder = new ProseFinder(testReader());

async function passagesOf(file: string, source: string, language: string): Promise<ProsePassage[]> {
  const document = new FakeDocument(vscode, source, language, `/${file}`);
  return finder.passagesIn(asDocument(document), kinds);
}

const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

const described = (source: string, { kind, span, text }: ProsePassage): string =>
  `${source.slice(0, span.start).split('\n').length} ${kind}: ${text}`;

it('every file is expected to hold something', () => {
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(expected), 'README.md', 'expected.json'].sort());
});

describe.each(Object.entries(expected))('%s', (file, { language, passages: wanted }) => {
  it('holds these passages', async () => {
    const source = read(file);
    const passages = await passagesOf(file, source, language);
    expect(passages.map((passage) => described(source, passage))).toEqual(wanted);
    for (const passage of passages) expect(passage.fits(passage.text), passage.text).toBe(true);
  });

  it('holds them with the other line endings too', async () => {
    const source = read(file);
    const passages = await passagesOf(file, source.replaceAll('\n', '\r\n'), language);
    expect(passages.map(({ kind, text }) => `${kind}: ${text}`)).toEqual(
      wanted.map((line) => line.slice(line.indexOf(' ') + 1)),
    );
  });

  it('is the same outside of its passages, whatever they become, and they are found there again', async () => {
    const source = read(file);
    const passages = await passagesOf(file, source, language);
    const words = fc.array(
      fc.constantFrom(
        'Wort',
        'länger',
        'des',
        'Satz',
        'größte',
        '文字',
        'end',
        '*/',
        '"',
        "'",
        '`',
        '\\',
        '{',
        '<b>',
        '#',
        '-->',
        '"""',
        '|',
        '*',
      ),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { minLength: passages.length, maxLength: passages.length }),
        async (texts) => {
          let result = '';
          let place = 0;
          const outside: string[] = [];
          passages.forEach((passage, index) => {
            const { span, text, keep } = passage;
            // As many lines as there were, with all that must stay.
            const translation = text
              .split('\n')
              .map((line) =>
                [
                  ...texts[index]!,
                  ...keep.flatMap((part) => Array<string>(line.split(part).length - 1).fill(part)),
                ].join(' '),
              )
              .join('\n');
            const between = source.slice(place, span.start);
            outside.push(between);
            const fitted = passage.fit(translation);
            if (!passage.fits(translation)) expect(fitted).toBe(source.slice(span.start, span.end));
            result += between + fitted;
            place = span.end;
          });
          outside.push(source.slice(place));
          result += source.slice(place);
          let from = 0;
          for (const part of outside) {
            const at = result.indexOf(part, from);
            expect(at).toBeGreaterThanOrEqual(0);
            from = at + part.length;
          }
          // Nothing has become code, and no code has become prose: what is not of the passages has as many brackets.
          const again = await passagesOf(file, result, language);
          expect(again.length).toBeLessThanOrEqual(passages.length);
        },
      ),
      { seed: 6, numRuns: 6 },
    );
  });
});

it('an edited line is read anew, and what stands below it is as in a document that is new', async () => {
  const source = read('cache.ts');
  const document = new FakeDocument(vscode, source, 'typescript', '/cache.ts');
  await finder.passagesIn(asDocument(document), kinds);
  const edits: [at: string, text: string][] = [
    ['export class', '/* opened\n'],
    ['#region', 'closed */ x = `'],
    ['return value;', '`; // a new comment here\n'],
  ];
  for (const [at, text] of edits) {
    document.type(document.text.indexOf(at), 0, text);
    const after = await finder.passagesIn(asDocument(document), kinds);
    const fresh = await passagesOf('cache.ts', document.text, 'typescript');
    expect(after.map((passage) => described(document.text, passage))).toEqual(
      fresh.map((passage) => described(document.text, passage)),
    );
  }
});

it('names of the code are kept, wherever they stand in the file and however much of it has been read', async () => {
  const source = `// Fills the Buffer with count items.\n${'let x = 0;\n'.repeat(200)}class Buffer { count = 0; }\n`;
  const document = asDocument(new FakeDocument(vscode, source, 'typescript', '/names.ts'));
  const pointed = await finder.passageAt(document, document.positionAt(8), kinds);
  expect(pointed?.keep).toEqual(['Buffer']);
  const [first] = await finder.passagesIn(document, kinds);
  expect(first?.keep).toEqual(['Buffer']);
  expect(await finder.namesIn(document, 'the Buffer')).toEqual(['Buffer']);
  expect(first?.fits('Füllt den Buffer mit Dingen.')).toBe(true);
  expect(first?.fits('Füllt den Puffer mit Dingen.')).toBe(false);
});

it('a passage is found at every place within it, and only there', async () => {
  const source = read('parser.rs');
  const document = asDocument(new FakeDocument(vscode, source, 'rust', '/parser.rs'));
  const passages = await finder.passagesIn(document, kinds);
  for (let offset = 0; offset <= source.length; offset += 7) {
    const found = await finder.passageAt(document, document.positionAt(offset), kinds);
    const wanted = passages.find(({ span }) => span.start <= offset && offset <= span.end);
    expect(found?.text, String(offset)).toBe(wanted?.text);
  }
});

it('a reading that is cancelled ends with the reason', async () => {
  const controller = new AbortController();
  const document = asDocument(new FakeDocument(vscode, 'const x = 1; // word\n'.repeat(5000), 'typescript'));
  const reading = finder.passagesIn(document, kinds, { signal: controller.signal });
  setTimeout(() => controller.abort(), 5);
  await expect(reading).rejects.toThrow(/abort/i);
});

import { describe, expect, it, vi } from 'vitest';
import { ProseFinder } from '../../../extension/prose/proseFinder';
import { findPassages, type Found } from '../../../extension/translate/passages';
import { testReader } from '../prose/testReader';
import { asDocument, FakeDocument, readMarks, type FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

async function find(
  marked: string,
  languageId = 'c',
  order: (n: number) => number = () => 0,
): Promise<Found> {
  const { text, selections } = readMarks(marked);
  const document = asDocument(new FakeDocument(vscode, text, languageId));
  const ordered = [...selections].sort((a, b) => order(selections.indexOf(a)) - order(selections.indexOf(b)));
  const finder = new ProseFinder(testReader({ withGrammars: false }));
  try {
    return await findPassages(document, ordered, finder);
  } finally {
    finder.dispose();
  }
}

const textsOf = ({ passages }: Found): string[] => passages.map(({ text }) => text);

describe('passages', () => {
  it.each<[string, string, string[], string[]]>([
    ['are the selections, without the white space around them', '[ One \n]two [three]', ['One', 'three'], []],
    ['have plain line endings', '[One\r\n  two]\r\n', ['One\n  two'], []],
    ['are only selections where there is one', '▮// One\n[two]\n▮// Three', ['two'], []],
    ['leave selections without letters', '[One] [2] [—]', ['One'], ['noLetters', 'noLetters']],
    ['are the comment at a cursor', 'x; // One▮', ['One'], []],
    ['are one for two cursors in a comment', '// One▮\n// two▮\nx;\n// ▮Three', ['One two', 'Three'], []],
    ['leave code', 'x▮;', [], ['codeLine']],
    ['leave lines without letters', '1 + 2;▮\n▮', [], ['noLetters', 'noLetters']],
    ['leave comments without words', '// ----▮', [], ['noLetters']],
  ])('%s', async (_, marked, texts, left) => {
    const found = await find(marked);
    expect(textsOf(found)).toEqual(texts);
    expect(found.left).toEqual(left);
  });

  it.each<[string, string, string, string]>([
    ['a line', '[// The size of it]\nx;', 'The size of it', '// EINS\nx;'],
    ['some of its lines', '[// One\n// two] three\nx;', 'One two', '// EINS three\nx;'],
    ['a word of it', '// One [two] three\nx;', 'two', '// One EINS three\nx;'],
    ['from within its sign', '/[/ One\n// two\n/]/ three', 'One two', '// EINS\n// three'],
    [
      'lines from within their gutter',
      '/**\n [* One.\n * @param dir two\n * three]\n */',
      'One.\ntwo three',
      '/**\n * EINS\n * @param dir EINS\n */',
    ],
    ['a part of it with the code before it', '[x; // One] two', 'One', 'x; // EINS two'],
    ['a part of it with the code behind it', '/* One [two */ x = y];', 'two', '/* One EINS */ x = y;'],
    [
      'parts of two',
      '// One [two\nx = y;\n// three] four',
      'two\nthree',
      '// One EINS\nx = y;\n// EINS four',
    ],
  ])(
    'are the text of a comment, without its signs, where %s is selected',
    async (_, marked, text, result) => {
      const found = await find(marked);
      expect(textsOf(found)).toEqual([text]);
      const source = readMarks(marked).text;
      const [passage] = found.passages;
      const { span } = passage!;
      const fitted = passage!.fit(text.replace(/[^\n]+/g, 'EINS'));
      expect(source.slice(0, span.start) + fitted + source.slice(span.end)).toBe(result);
    },
  );

  it('are lines where a language is prose, or its signs are not known', async () => {
    expect(textsOf(await find('  One\n two▮ \nthree', 'plaintext'))).toEqual(['two']);
    expect(textsOf(await find('code▮', 'unheard-of'))).toEqual(['code']);
  });

  it('come in the document’s order, whatever the order of the selections', async () => {
    expect(textsOf(await find('[One] [two]\n[three]', 'c', (index) => -index))).toEqual([
      'One',
      'two',
      'three',
    ]);
  });

  it('are of what is selected then, where the document changes while they are looked for', async () => {
    const { text, selections } = readMarks('One [two] three\nOne [two] three\n');
    for (const [offset, expected] of [
      [0, ['two', 'two']],
      [text.length, ['two', 'two']],
      [5, 'changed'],
    ] as const) {
      const document = new FakeDocument(vscode, text, 'plaintext');
      const finder = new ProseFinder(testReader({ withGrammars: false }));
      const finding = findPassages(asDocument(document), selections, finder);
      document.type(offset, 0, 'new\n');
      const found = await finding;
      finder.dispose();
      expect(found.changed === true ? 'changed' : textsOf(found)).toEqual(expected);
      for (const { span } of found.passages) expect(document.text.slice(span.start, span.end)).toBe('two');
    }
  });

  it.each([
    ['a selection', 'a [One\r\n  two] b', 'EINS\nZWEI', 'a EINS\r\nZWEI b'],
    ['a comment of lines', 'x;\r\n\t// One▮\r\n\t// two\r\nx;', 'EINS', 'x;\r\n\t// EINS\r\nx;'],
    [
      'a block',
      '/**\r\n * One▮\r\n *\r\n * Two\r\n */',
      'EINS\nZWEI',
      '/**\r\n * EINS\r\n *\r\n * ZWEI\r\n */',
    ],
    ['a comment at the end', 'x; // One▮', 'EINS', 'x; // EINS'],
    [
      'a closing sign in a line of its own',
      'f {\n    /* One▮\n    */\n}',
      'EINS',
      'f {\n    /* EINS\n    */\n}',
    ],
  ])('take a translation in their place: %s', async (_, marked, translation, result) => {
    const { text } = readMarks(marked);
    const [passage] = (await find(marked)).passages;
    const { start, end } = passage!.span;
    expect(text.slice(0, start) + passage!.fit(translation) + text.slice(end)).toBe(result);
  });

  it.each([
    ['a selection, with its indentation', '  a [One\n  two] b\nc', 'EINS\n  ZWEI', 1, '\n  EINS\n  ZWEI'],
    ['a selection in the last line', '[One]', 'EINS', 0, '\nEINS'],
    ['a selection with the line ending', '[One\r\n]two', 'EINS', 0, '\r\nEINS'],
    ['a comment of lines', '// One▮\r\n// two\r\n', 'EINS', 1, '\r\n// EINS'],
    ['a comment behind code', '  x; // One▮', 'EINS', 0, '\n  // EINS'],
  ])('take a translation below: %s', async (_, marked, translation, line, text) => {
    expect((await find(marked)).passages[0]!.below(translation)).toEqual({ line, text });
  });
});

import { describe, expect, it, vi } from 'vitest';
import { ProseFinder } from '../../../extension/prose/proseFinder';
import { findPassages, type Found } from '../../../extension/translate/passages';
import { testReader } from '../prose/testReader';
import { asDocument, FakeDocument, readMarks, type FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

async function find(
  marked: string,
  {
    languageId = 'c',
    order = () => 0,
    withGrammars = false,
  }: { languageId?: string; order?: (n: number) => number; withGrammars?: boolean } = {},
): Promise<Found> {
  const { text, selections } = readMarks(marked);
  const document = asDocument(new FakeDocument(vscode, text, languageId));
  const ordered = [...selections].sort((a, b) => order(selections.indexOf(a)) - order(selections.indexOf(b)));
  const finder = new ProseFinder(testReader({ withGrammars }));
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

  it.each<[string, string, string, string[], string]>([
    [
      'Markdown, code between them left',
      'markdown',
      'Intro [text here.\n\n```sh\nremove all files\n```\n\nMore text] here.\n',
      ['text here.\nMore text'],
      'Intro TEXT HERE.\n\n```sh\nremove all files\n```\n\nMORE TEXT here.\n',
    ],
    [
      'one, with code below it',
      'markdown',
      'Intro [text here.\n\n    remove all files\n]',
      ['text here.'],
      'Intro TEXT HERE.\n\n    remove all files\n',
    ],
    [
      'a quotation, from within its signs',
      'markdown',
      '> One\n[> two and\n> ]three\n',
      ['two and'],
      '> One\n> TWO AND\n> three\n',
    ],
    [
      'HTML, scripts between them left',
      'html',
      '<p>One [two</p>\n<script>\nlet it = be;\n</script>\n<p>three] four</p>\n',
      ['two\nthree'],
      '<p>One TWO</p>\n<script>\nlet it = be;\n</script>\n<p>THREE four</p>\n',
    ],
    [
      'HTML, tags that are cut left',
      'html',
      '<p>One [two <b class="x]y">three</b></p>\n',
      ['two'],
      '<p>One TWO <b class="xy">three</b></p>\n',
    ],
    [
      'HTML, from within a tag',
      'html',
      '<p>One <b class="x[y">two</b> three] four</p>\n',
      ['two</b> three'],
      '<p>One <b class="xy">TWO</b> THREE four</p>\n',
    ],
    [
      'reStructuredText, code between them left',
      'restructuredtext',
      'One [two::\n\n  remove all\n\nThree] four\n',
      ['two\nThree'],
      'One TWO::\n\n  remove all\n\nTHREE four\n',
    ],
    ['a text that only begins', 'plaintext', 'One two[\n\nThree] four', ['Three'], 'One two\n\nTHREE four'],
    ['a string', 'javascript', "a = 'One [two] three';", ['two'], "a = 'One TWO three';"],
    ['a word that is a string', 'javascript', "a = ['one'];", ['one'], "a = 'ONE';"],
    [
      'a string with what stays in it, which is cut',
      'javascript',
      'a = `One [two ${thr]ee} \\u00e4`;',
      ['two ${three}'],
      'a = `One TWO ${three} \\u00e4`;',
    ],
    [
      'an attribute',
      'html',
      '<p>A <a title="One [two]">b</a></p>',
      ['two'],
      '<p>A <a title="One TWO">b</a></p>',
    ],
    [
      'two strings, from within an escape sequence',
      'javascript',
      "a = 'One of \\u[00e4 two', b = 'One of three] four';",
      ['ä two\nOne of three'],
      "a = 'One of \\u00e4 TWO', b = 'ONE OF THREE four';",
    ],
    [
      'code with strings',
      'javascript',
      "[a = 'The first of them', b = 'key']",
      ['The first of them'],
      "a = 'THE FIRST OF THEM', b = 'key'",
    ],
  ])('are the selected parts of %s', async (_, languageId, marked, texts, result) => {
    const found = await find(marked, { languageId, withGrammars: true });
    expect(textsOf(found)).toEqual(texts);
    const source = readMarks(marked).text;
    const [passage] = found.passages;
    const { start, end } = passage!.span;
    const translation = passage!.text.replace(/\$\{\w+\}|<.*?>|\w+/g, (word) =>
      /^\w/.test(word) ? word.toUpperCase() : word,
    );
    expect(passage!.fits(translation)).toBe(true);
    expect(source.slice(0, start) + passage!.fit(translation) + source.slice(end)).toBe(result);
  });

  it('of a string are written as it writes them, or not put in', async () => {
    const [quoted] = (await find("a = '[Das ist falsch.]'", { languageId: 'javascript', withGrammars: true }))
      .passages;
    expect(quoted!.fit("That isn't right.")).toBe("That isn\\'t right.");
    const [bytes] = (await find("a = b'[The file]'", { languageId: 'python', withGrammars: true })).passages;
    expect(bytes!.fits('Die Datei')).toBe(true);
    expect(bytes!.fits('Die größte')).toBe(false);
  });

  it.each<[string, string, string, string]>([
    [
      'restructuredtext',
      'One two▮\n=======\n\nThree\n',
      'EINS UND ZWEI\n=============\n\nThree\n',
      '\n\nEINS UND ZWEI\n=============',
    ],
    [
      'restructuredtext',
      'A\n\n--------\n One [two]\n--------\n\nThree\n',
      'A\n\n------------------\n One EINS UND ZWEI\n------------------\n\nThree\n',
      '\n\n--------------\n EINS UND ZWEI\n--------------',
    ],
    [
      'restructuredtext',
      '▮One two\n====================\n',
      'EINS UND ZWEI\n====================\n',
      '\n\nEINS UND ZWEI\n====================',
    ],
    [
      'asciidoc',
      '▮One two\n--------\nThree\n',
      'EINS UND ZWEI\n--------------\nThree\n',
      '\n\nEINS UND ZWEI\n--------------',
    ],
  ])('are headings with their lines of signs: %s %j', async (languageId, marked, result, below) => {
    const { text } = readMarks(marked);
    const [passage] = (await find(marked, { languageId })).passages;
    const { start, end } = passage!.span;
    expect(text.slice(0, start) + passage!.fit('EINS UND ZWEI') + text.slice(end)).toBe(result);
    expect(passage!.below('EINS UND ZWEI').text).toBe(below);
  });

  it('below the line of a part are the part alone', async () => {
    const { passages } = await find('> One [two] three\n', { languageId: 'markdown' });
    expect(passages[0]!.below('EINS')).toEqual({ line: 0, text: '\n>\n> EINS' });
    const [part] = (await find('// One [two\n// three] four')).passages;
    expect(part!.below(part!.text).text.replaceAll('\n// ', ' ')).toBe(' two three');
  });

  it('are lines where a language is prose, or its signs are not known', async () => {
    expect(textsOf(await find('  One\n two▮ \nthree', { languageId: 'plaintext' }))).toEqual(['two']);
    expect(textsOf(await find('code▮', { languageId: 'unheard-of' }))).toEqual(['code']);
  });

  it('come in the document’s order, whatever the order of the selections', async () => {
    expect(textsOf(await find('[One] [two]\n[three]', { order: (index) => -index }))).toEqual([
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

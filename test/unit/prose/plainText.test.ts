/** Which lines of a plain text belong together. */
import { describe, expect, it } from 'vitest';
import { proseOfComment } from '../../../extension/prose/commentProse';
import { lineRulesOf } from '../../../extension/prose/lightMarkup';
import { paragraphsOf } from '../../../extension/prose/plainText';
import { TextLines } from '../../../extension/prose/reading/lines';

const sizes = (text: string): number[] => paragraphsOf(new TextLines(text)).map(({ lines }) => lines.length);

describe('paragraphs of a plain text', () => {
  it('that were wrapped are one text', () => {
    const text = [
      'The server keeps what was sent until every client has confirmed it, which takes a',
      'second at most. Clients that are away are asked again when they come back, so that',
      'nothing is lost.',
    ].join('\n');
    expect(sizes(text)).toEqual([3]);
  });

  it('whose lines each end a sentence are lines, however long these are', () => {
    const line = 'The file was saved on the server before the window of the program was closed.';
    expect(sizes(`${line}\n${line}\n${line}\n\n${line}`)).toEqual([1, 1, 1, 1]);
    expect(sizes(`${line.slice(0, -1)} (“again.”)\n${line}`)).toEqual([1, 1]);
  });

  it('that were lines stay lines, however long their translation is', () => {
    const long = 'a translation that takes many more words than the text '.repeat(4).trim();
    const [line] = paragraphsOf(new TextLines('The file was saved on the server.'));
    expect(proseOfComment(line!).fit(long)).toEqual([long]);
    expect(proseOfComment(line!).below(long)).toEqual({ line: 0, texts: [long] });
    const wrapped = 'A sentence which was wrapped by an editor because it had become\ntoo long for a line.';
    const [paragraph] = paragraphsOf(new TextLines(wrapped));
    expect(proseOfComment(paragraph!).fit(long).length).toBeGreaterThan(1);
  });

  it('whose lines end early are lines', () => {
    expect(sizes('Shopping for the week, and for the Sunday after it too\nmilk\nbread')).toEqual([1, 1, 1]);
  });
});

/** A document with each of its texts in capitals. `at`: those alone of the paragraph around a line. */
function translated(languageId: string, text: string, at?: number): string {
  const lines = new TextLines(text);
  const result = [...lines.texts];
  const around = at === undefined ? {} : { around: { first: at, last: at } };
  for (const paragraph of paragraphsOf(lines, { ...around, rules: lineRulesOf(languageId, lines) })) {
    const prose = proseOfComment(paragraph);
    const [first, last] = [paragraph.lines[0]!, paragraph.lines.at(-1)!];
    const fitted = first.lead + prose.fit(prose.text.toUpperCase()).join('\n') + last.tail;
    result.splice(paragraph.first, paragraph.lines.length, ...fitted.split('\n'));
  }
  return result.join('\n');
}

const sentence = 'To install the program from what you have just unpacked, run the commands below in';

describe('of reStructuredText', () => {
  it.each([
    ['code below a directive', '.. code-block:: console\n\n   remove all of it\n\n   and more\n', 'the rest'],
    ['what is listed below one', '.. toctree::\n   :maxdepth: 2\n\n   getting started\n', 'the rest'],
    ['what a directive is told', '.. figure:: image of it.png\n   :alt: a picture\n', '   the rest'],
    ['what `::` announces', '::\n\n   foo build all\n\n     foo serve it\n', 'the rest'],
    [
      'simple tables',
      '=====  =====\nthe a  the b\n=====  =====\none    two\n\nthree  four\n=====  =====\n',
      'the rest',
    ],
    ['tables with lines', '+-----+-----+\n| one | two |\n+-----+-----+\n', 'the rest'],
    ['sessions', '>>> print(the)\nthe result of it\n', 'the rest'],
    ['addresses of links', '.. _the target: https://example.org\n', 'the rest'],
  ])('%s stay', (_, left, rest) => {
    const source = `the start\n\n${left}\n${rest}`;
    expect(translated('restructuredtext', source)).toBe(`THE START\n\n${left}\n${rest.toUpperCase()}`);
    const last = new TextLines(source).count - 1;
    expect(translated('restructuredtext', source, last)).toBe(`the start\n\n${left}\n${rest.toUpperCase()}`);
  });

  it('what announces code goes on announcing it', () => {
    const source = `${sentence}\na terminal::\n\n    make all\n\n- Then run::\n\n      make it so\n\n  and wait.`;
    expect(translated('restructuredtext', source)).toBe(
      `${sentence.toUpperCase()}\nA TERMINAL::\n\n    make all\n\n- THEN RUN::\n\n      make it so\n\n  AND WAIT.`,
    );
    const lines = new TextLines('Then run::\n\n  it');
    const [paragraph] = paragraphsOf(lines, { rules: lineRulesOf('restructuredtext', lines) });
    expect(proseOfComment(paragraph!).below('DANN')).toEqual({ line: 0, texts: ['DANN::'] });
  });

  it('what directives say to people is translated, and their signs stay', () => {
    expect(
      translated(
        'restructuredtext',
        '.. note:: this is one\n   of two lines\n\n.. rubric:: the title\n.. a comment\n\n.. [1] a footnote\n\n.. note::\n\n   in it\n\n   .. code:: sh\n\n      remove it\n\n   and on',
      ),
    ).toBe(
      '.. note:: THIS IS ONE\n   OF TWO LINES\n\n.. rubric:: THE TITLE\n.. A COMMENT\n\n.. [1] A FOOTNOTE\n\n.. note::\n\n   IN IT\n\n   .. code:: sh\n\n      remove it\n\n   AND ON',
    );
  });

  it('code is known for what it is from within it', () => {
    const source = 'Then run::\n\n  remove all\n\n  and more';
    expect(translated('restructuredtext', source, 4)).toBe(source);
    expect(translated('plaintext', source, 4)).toBe('Then run::\n\n  remove all\n\n  AND MORE');
  });
});

describe('of AsciiDoc', () => {
  it.each([
    ['fenced code with its attributes', '[source,console]\n----\nremove all\n\n# and more\n----\n'],
    ['literal blocks', '....\nsome text as it is\n....\n'],
    ['tables', '[cols="1,2"]\n|===\n|one of it |two of it\n|===\n'],
    ['paragraphs of code', '[source]\nremove all of it\nand more\n'],
    ['open blocks of code', '[,ruby]\n--\nputs all\n\nand more\n--\n'],
    ['indented paragraphs', '  remove all\n  of it\n'],
    ['settings, images and conditions', ':toc: left\nimage::the image.png[A picture]\nifdef::all[]\n'],
    ['blocks that are passed on', '++++\n<p>the text</p>\n++++\n'],
  ])('%s stay', (_, left) => {
    expect(translated('asciidoc', `the start\n\n${left}\nthe rest`)).toBe(`THE START\n\n${left}\nTHE REST`);
  });

  it('headings are texts of their own, and items and warnings begin some', () => {
    const source = `== the title\n${sentence}\na terminal\n. ${sentence}\na terminal`;
    const lines = new TextLines(source);
    const paragraphs = paragraphsOf(lines, { rules: lineRulesOf('asciidoc', lines) });
    expect(paragraphs.map((paragraph) => paragraph.lines.length)).toEqual([1, 2, 2]);
  });

  it('a warning that was wrapped is one text', () => {
    const source = `WARNING: ${sentence}\na terminal`;
    const lines = new TextLines(source);
    const [paragraph] = paragraphsOf(lines, { rules: lineRulesOf('asciidoc', lines) });
    expect(proseOfComment(paragraph!).text).toBe(`${sentence} a terminal`);
  });

  it('signs of headings, items and warnings stay', () => {
    expect(
      translated(
        'asciidoc',
        '= the title\n:toc:\n\n.the heading\n[NOTE]\n====\nthe note\n====\n\nTIP: the tip\n\n. an item\n. another\n** a third\n// a comment\n\nthe old title\n-------------\nand its text',
      ),
    ).toBe(
      '= THE TITLE\n:toc:\n\n.THE HEADING\n[NOTE]\n====\nTHE NOTE\n====\n\nTIP: THE TIP\n\n. AN ITEM\n. ANOTHER\n** A THIRD\n// A COMMENT\n\nTHE OLD TITLE\n-------------\nAND ITS TEXT',
    );
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { PassageEdits, type Outcome } from '../../../extension/translate/passageEdits';
import { ProseFinder } from '../../../extension/prose/proseFinder';
import { findPassages } from '../../../extension/translate/passages';
import { testReader } from '../prose/testReader';
import { asDocument, FakeDocument, readMarks, type FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

interface Begun {
  readonly document: FakeDocument;
  /** Puts the passages, in capitals, where they go. */
  readonly finish: (how?: 'replace' | 'insertBelow') => Promise<Outcome>;
}

const open: PassageEdits[] = [];

async function begin(
  marked: string,
  { shown = true, readOnly = false, languageId = 'c' } = {},
): Promise<Begun> {
  const { text, selections } = readMarks(marked);
  const document = new FakeDocument(vscode, text, languageId);
  if (shown) document.showIn({ readOnly });
  const finder = new ProseFinder(testReader({ withGrammars: false }));
  const { passages } = await findPassages(asDocument(document), selections, finder);
  finder.dispose();
  const edits = new PassageEdits(asDocument(document), passages);
  open.push(edits);
  const translated = passages.map(({ text: passage }, index) => {
    return { index, translation: passage.toUpperCase() };
  });
  return { document, finish: (how = 'replace') => edits[how](translated) };
}

afterEach(() => {
  for (const edits of open.splice(0)) edits.dispose();
  vscode.editor.visibleTextEditors.length = 0;
  expect(vscode.editor.listeners.size).toBe(0);
});

/** What stands at an outcome's spans. */
const textsAt = (document: FakeDocument, outcome: Outcome): string[] =>
  typeof outcome === 'string'
    ? [outcome]
    : outcome.spans.map(({ start, end }) => document.text.slice(start, end));

describe('a document that somebody else changes in the moment of the edit', () => {
  it.each<[string, number, string]>([
    ['elsewhere, takes the translation', 0, 'new a ONE b'],
    ['within the text, keeps it', 4, 'a onnew e b'],
  ])('%s', async (_, offset, text) => {
    const { document, finish } = await begin('a [one] b');
    const editor = vscode.editor.visibleTextEditors[0] as { edit: (build: unknown) => Promise<boolean> };
    const { edit } = editor;
    let writes = 0;
    editor.edit = (build) => {
      const isFirst = writes++ === 0;
      if (isFirst) document.type(offset, 0, 'new ');
      return isFirst ? Promise.resolve(false) : edit(build);
    };
    const outcome = await finish();
    expect(document.text).toBe(text);
    expect(textsAt(document, outcome)).toEqual(offset === 0 ? ['ONE'] : ['changed']);
  });
});

describe.each([
  ['shown in an editor', true],
  ['in another tab', false],
])('passages of a document %s', (_, shown) => {
  it.each<[string, string, string, string[]]>([
    ['two selections', 'a [one] b [two] c', 'a ONE b TWO c', ['ONE', 'TWO']],
    ['a comment', 'x;\r\n// one▮\r\n// two\r\n', 'x;\r\n// ONE TWO\r\n', ['ONE TWO']],
    ['selections over lines', '[one\r\ntwo]\r\n[three]', 'ONE\r\nTWO\r\nTHREE', ['ONE\r\nTWO', 'THREE']],
  ])('are replaced, all in one undo step: %s', async (__, marked, text, texts) => {
    const { document, finish } = await begin(marked, { shown });
    const outcome = await finish();
    expect(document.text).toBe(text);
    expect(textsAt(document, outcome)).toEqual(texts);
    expect(document.undoSteps).toHaveLength(1);
  });

  it.each<[string, string, string, string[]]>([
    [
      'two selections in a line',
      ' a [one] b [two] c\nd',
      ' a one b two c\n ONE\n TWO\nd',
      ['\n ONE', '\n TWO'],
    ],
    ['the last line', '[one]', 'one\nONE', ['\nONE']],
    [
      'comments',
      'x; // one▮\r\ny; // two▮',
      'x; // one\r\n// ONE\r\ny; // two\r\n// TWO',
      ['\r\n// ONE', '\r\n// TWO'],
    ],
    ['a block', '/**\n * one▮\n */\n', '/**\n * one\n * ONE\n */\n', ['\n * ONE']],
  ])('get their translations below, all in one undo step: %s', async (__, marked, text, texts) => {
    const { document, finish } = await begin(marked, { shown });
    const outcome = await finish('insertBelow');
    expect(document.text).toBe(text);
    expect(textsAt(document, outcome)).toEqual(texts);
    expect(document.undoSteps).toHaveLength(1);
  });
});

describe('a document that changes meanwhile', () => {
  it.each<[string, [offset: number, length: number, text: string], string, string]>([
    ['before a passage', [0, 1, 'a\n\nb'], 'a\n\nb ONE c', 'a\n\nb one c\nONE'],
    ['behind a passage', [5, 2, ' and more'], 'a ONE and more', 'a one and more\nONE'],
    ['right before it', [2, 0, 'b'], 'a bONE c', 'a bone c\nONE'],
    ['right behind it', [5, 0, 's'], 'a ONEs c', 'a ones c\nONE'],
    ['at the end of its line', [7, 0, ' d\ne'], 'a ONE c d\ne', 'a one c d\nONE\ne'],
  ])('%s is translated all the same', async (_, change, replaced, below) => {
    const first = await begin('a [one] c');
    first.document.type(...change);
    await first.finish('replace');
    expect(first.document.text).toBe(replaced);
    const second = await begin('a [one] c');
    second.document.type(...change);
    await second.finish('insertBelow');
    expect(second.document.text).toBe(below);
  });

  it.each<[string, [offset: number, length: number, text: string]]>([
    ['in a passage', [3, 1, 'N']],
    ['across its start', [1, 2, ' o']],
    ['across its end', [4, 2, 'e ']],
    ['as a whole', [0, 9, 'a one c\nd']],
  ])('%s is left as it is', async (_, change) => {
    for (const how of ['replace', 'insertBelow'] as const) {
      const { document, finish } = await begin('a [one] c\nd');
      document.type(...change);
      const text = document.text;
      expect(await finish(how)).toBe('changed');
      expect(document.text).toBe(text);
    }
  });

  it('where the end of a passage’s line is lost gets no translation below, since it has no place', async () => {
    const { document, finish } = await begin('a [one] c\nd e\nf');
    document.type(6, 3, '');
    expect(await finish('insertBelow')).toBe('changed');
    expect(document.text).toBe('a one  e\nf');
  });

  it('in one of several passages is left as it is, since all are one undo step', async () => {
    const { document, finish } = await begin('[one] [two]');
    document.type(5, 1, 'W');
    expect(await finish()).toBe('changed');
    expect(document.text).toBe('one tWo');
  });

  it('and was put right again is left too: what came of it cannot be told', async () => {
    const { document, finish } = await begin('a [one] c');
    document.type(2, 3, 'two');
    document.type(2, 3, 'one');
    expect(await finish()).toBe('changed');
  });

  it('is another document: that is no change', async () => {
    const { document, finish } = await begin('a [one] c');
    new FakeDocument(vscode, 'a one c').type(2, 1, 'O');
    await finish();
    expect(document.text).toBe('a ONE c');
  });
});

describe('passages that are not replaced', () => {
  it('say that the document is closed', async () => {
    const { document, finish } = await begin('[one]');
    document.isClosed = true;
    expect(await finish()).toBe('closed');
    expect(document.text).toBe('one');
  });

  it('say that the editor is read-only', async () => {
    const { document, finish } = await begin('[one]', { readOnly: true });
    expect(await finish()).toBe('readOnly');
    expect(document.text).toBe('one');
  });

  it('say that the translation is the same', async () => {
    const { document, finish } = await begin('[ONE] [TWO]');
    expect(await finish()).toBe('same');
    expect(document.undoSteps).toEqual([]);
  });

  it('say that the document changed before the edit arrived', async () => {
    const { document, finish } = await begin('[one]');
    vi.spyOn(document, 'apply').mockReturnValue(false);
    expect(await finish()).toBe('changed');
  });
});

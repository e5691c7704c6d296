/** Where a translation of Markdown goes that is put below its text. */
import { expect, it, vi } from 'vitest';
import { markupPassage } from '../../../extension/prose/markupPassage';
import { markdownBlocks } from '../../../extension/prose/reading/markdown';
import { Snapshot } from '../../../extension/prose/snapshot';
import { asDocument, FakeDocument, type FakeVscode } from '../extension/fakeVscode';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

it.each<[string, string, string]>([
  ['a paragraph', 'One', '\n\nEINS'],
  ['an item', '  1. One', '\n\n     EINS'],
  ['a task, as part of its item and not as code', '> - [ ] One', '\n>\n>   EINS'],
  ['a heading', '## One', '\n\n## EINS'],
  ['the title of an alert, without another alert', '> [!TIP] One', '\n>\n> EINS'],
  ['a definition', ':   One', '\n\n    EINS'],
  ['a picture', '![One](a.png)', '\n\nEINS'],
])('below %s', (_, source, below) => {
  const snapshot = new Snapshot(asDocument(new FakeDocument(vscode, source, 'markdown')));
  const [block] = markdownBlocks(source, 'markdown');
  expect(markupPassage(snapshot, block!).below('EINS')).toEqual({ line: 0, text: below });
});

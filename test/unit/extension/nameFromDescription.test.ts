/** “Name from Description…” with an engine that says what the test wants: where the name goes. */
import { expect, it, vi } from 'vitest';
import { registerNameFromDescription } from '../../../extension/naming/nameFromDescription';
import type { TranslateServices } from '../../../extension/translate/translateCommands';
import { collectLog } from './collectLog';
import { FakeDocument, readMarks, type FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => ({
  ...(await import('./fakeVscode')).fakeVscode(),
  QuickPickItemKind: { Separator: -1 },
}));
const fake = (await import('vscode')) as unknown as FakeVscode;
const { editor, window } = fake;
Object.assign(window, {
  showQuickPick: async (items: Promise<{ identifier?: string }[]>) =>
    (await items).find(({ identifier }) => identifier === 'openFile'),
});

registerNameFromDescription({
  engines: {
    observe: () =>
      Promise.resolve({ translation: { text: 'Open File', from: 'de', to: 'en' }, segments: [] }),
  },
  languages: { request: () => ({}), used: () => undefined },
  log: collectLog().log,
} as unknown as TranslateServices);

it.each([
  ['let [Datei öffnen] = 1;', 'let openFile = 1;'],
  ['let[  Datei öffnen ]= 1;', 'let  openFile = 1;'],
  ['let [Datei öffnen\t]= 1;', 'let openFile\t= 1;'],
])('leaves the white space around the words: %j', async (marked, expected) => {
  const { text, selections } = readMarks(marked);
  const document = new FakeDocument(fake, text, 'typescript');
  editor.visibleTextEditors.length = 0;
  document.showIn();
  const selection = Object.assign(selections[0]!, { isSingleLine: true });
  Object.assign(window, { activeTextEditor: { document, selection } });
  await editor.commands.get('polyhead.nameFromDescription')!();
  expect(document.text).toBe(expected);
});

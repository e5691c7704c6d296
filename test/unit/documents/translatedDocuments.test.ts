/** The translation beside its source, while the source is closed and opened again. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TranslatedDocuments } from '../../../extension/documents/translatedDocuments';
import { asDocument } from '../extension/fakeVscode';
import { FakeEngine } from './fakeServices';
import { FakeAddress, type FakeWorkbench } from './fakeWorkbench';

vi.mock('vscode', async () => (await import('./fakeWorkbench')).fakeWorkbench());
const { TabInputText, TabInputWebview, workbench } = (await import('vscode')) as unknown as FakeWorkbench;

const address = 'file:/guide.md';
let engine: FakeEngine;
let translated: TranslatedDocuments;
/** The text beside, as VS Code has asked for it last. */
let beside: string;

beforeEach(() => {
  vi.useFakeTimers();
  workbench.documents.clear();
  workbench.tabs.length = 0;
  workbench.messages.length = 0;
  engine = new FakeEngine();
  translated = new TranslatedDocuments(engine.services);
  const provider = workbench.providers.get('polyhead-translation')!;
  provider.onDidChange!((uri) => {
    void Promise.resolve(provider.provideTextDocumentContent(uri)).then((text) => (beside = text));
  });
});

afterEach(() => {
  translated.dispose();
  vi.useRealTimers();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1000);

describe('the translation beside a document', () => {
  it('follows a document that was closed and is opened again, which is another object', async () => {
    const source = workbench.open(address, 'one');
    await translated.show(asDocument(source), 'reading');
    await settle();
    expect(beside).toBe('ONE');
    workbench.close(source);
    const again = workbench.open(address, 'one\ntwo');
    await settle();
    expect(beside).toBe('ONE\nTWO');
    again.type(0, 3, 'three');
    await settle();
    expect(beside).toBe('THREE\nTWO');
    // The one of before is followed no more.
    expect(engine.modelListeners.size).toBe(1);
  });

  it('is of the document as it is where it is asked for once more', async () => {
    const source = workbench.open(address, 'one');
    await translated.show(asDocument(source), 'reading');
    await settle();
    workbench.close(source);
    // Nobody tells, as where the document is only just being opened.
    const opened = workbench.opened.fire;
    workbench.opened.fire = () => undefined;
    const again = workbench.open(address, 'two');
    workbench.opened.fire = opened;
    await translated.show(asDocument(again), 'reading');
    await settle();
    expect(beside).toBe('TWO');
    expect(engine.modelListeners.size).toBe(1);
  });

  it('is not begun anew by another language mode, which opens the same object again', async () => {
    const source = workbench.open(address, 'one');
    await translated.show(asDocument(source), 'reading');
    await settle();
    const { length } = engine.asked;
    workbench.closed.fire(source);
    workbench.opened.fire(source);
    await settle();
    expect(engine.asked).toHaveLength(length);
  });

  it('ends with its last tab, also after its source was opened again', async () => {
    const source = workbench.open(address, 'one');
    await translated.show(asDocument(source), 'reading');
    workbench.close(source);
    workbench.open(address, 'one');
    await workbench.closeTabs([...workbench.tabs]);
    expect(engine.modelListeners.size).toBe(0);
  });

  it('is translated while a preview shows it, locked or not', async () => {
    for (const label of ['Preview guide (German).md', '[Preview] guide (German).md']) {
      await translated.open(asDocument(workbench.open(address, 'one')), 'reading');
      workbench.openTab(new TabInputWebview('mainThreadWebview-markdown.preview'), label);
      workbench.openTab(new TabInputText(FakeAddress.parse(address)));
      expect(engine.modelListeners.size).toBe(1);
      await workbench.closeTabs([...workbench.tabs]);
      expect(engine.modelListeners.size).toBe(0);
    }
  });

  it('says once that its source is in the language already', async () => {
    const source = workbench.open(address, 'das Haus');
    await translated.show(asDocument(source), 'reading');
    await settle();
    workbench.close(source);
    workbench.open(address, 'das Haus');
    await settle();
    expect(workbench.messages.map(({ sentence }) => sentence)).toEqual([
      'The document is in German already.',
    ]);
  });

  it('is of the document that VS Code has now, where a message’s button asks for that of before', async () => {
    const source = workbench.open(address, 'one');
    workbench.close(source);
    workbench.open(address, 'two');
    const uri = await translated.open(asDocument(source), 'reading');
    await settle();
    expect(uri).toBeInstanceOf(FakeAddress);
    expect(beside).toBe('TWO');
  });
});

/** Comments shown in translation: what is drawn when, and what an engine's end does to it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../extension/engine/engineError';
import { TranslatedComments } from '../../../extension/reading/translatedComments';
import { FakeEngine, noModel, translateAll } from './fakeServices';
import type { AddressedDocument, FakeWorkbench } from './fakeWorkbench';

vi.mock('vscode', async () => (await import('./fakeWorkbench')).fakeWorkbench());
const vscode = (await import('vscode')) as unknown as FakeWorkbench;
const { editor, workbench } = vscode;

interface Decorated {
  readonly renderOptions: {
    readonly after?: { contentText: string };
    readonly before?: { contentText: string };
  };
}

let engine: FakeEngine;
let comments: TranslatedComments;
let textEditor: {
  document: AddressedDocument;
  selections: unknown[];
  setDecorations: ReturnType<typeof draw>;
};

/** Stands in for an editor's way to show decorations. */
const draw = () => vi.fn<(type: unknown, decorations: readonly Decorated[]) => void>();

beforeEach(() => {
  vi.useFakeTimers();
  editor.visibleTextEditors.length = 0;
  editor.configuration.clear();
  workbench.messages.length = 0;
  engine = new FakeEngine();
  comments = new TranslatedComments(engine.services);
  textEditor = show('one\ntwo');
  vscode.window.activeTextEditor = textEditor;
});

afterEach(() => {
  comments.dispose();
  vi.useRealTimers();
});

function show(text: string): typeof textEditor {
  const shown = {
    document: workbench.open('file:/a.ts', text),
    selections: [],
    selection: { active: new vscode.Position(0, 0) },
    visibleRanges: [],
    setDecorations: draw(),
  };
  editor.visibleTextEditors.push(shown);
  return shown;
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1000);

/** What the last drawing put beside lines and into their places. */
const drawn = (): string[] =>
  textEditor.setDecorations.mock.calls
    .slice(-2)
    .flatMap(([, decorations]) =>
      decorations.map(
        ({ renderOptions: { after, before } }) => after?.contentText ?? before?.contentText ?? '',
      ),
    );

describe('comments in translation', () => {
  it('are not drawn again by a cursor beside them, nor by one in a document that shows none', async () => {
    const other = show('three');
    comments.toggle();
    await settle();
    expect(drawn()).toEqual(['ONE', 'TWO']);
    textEditor.setDecorations.mockClear();
    other.setDecorations.mockClear();
    workbench.selected.fire({ textEditor });
    workbench.selected.fire({ textEditor: other });
    editor.configuration.set('polyhead.readingStyle', 'inPlace');
    workbench.selected.fire({ textEditor: other });
    expect(textEditor.setDecorations).not.toHaveBeenCalled();
    expect(other.setDecorations).not.toHaveBeenCalled();
  });

  it('in their place are drawn again by a cursor, and not fitted in again', async () => {
    editor.configuration.set('polyhead.readingStyle', 'inPlace');
    comments.toggle();
    await settle();
    textEditor.setDecorations.mockClear();
    workbench.selected.fire({ textEditor });
    expect(drawn()).toEqual(['ONE', 'TWO']);
    expect(engine.fitted).toBe(2);
  });

  it('are there after the engine was started afresh, which cancels what is going on', async () => {
    engine.answer = () => Promise.reject(new EngineError('cancelled', 'Cancelled.'));
    comments.toggle();
    await settle();
    expect(drawn()).toEqual([]);
    engine.answer = translateAll;
    engine.modelListeners.forEach((listener) => listener());
    await settle();
    expect(drawn()).toEqual(['ONE', 'TWO']);
    expect(workbench.messages).toEqual([]);
  });

  it('are hidden with a word where the engine fails', async () => {
    engine.answer = () => Promise.reject(new EngineError('user', noModel));
    comments.toggle();
    await settle();
    expect(workbench.messages.map(({ sentence }) => sentence)).toEqual([noModel]);
    expect(engine.modelListeners.size).toBe(0);
  });
});

/** Texts are marked while they are being translated, and not a moment longer. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engines } from '../../../extension/engine/engines';
import { translateWhole, type DocumentServices } from '../../../extension/documents/wholeDocument';
import { PassageMarks } from '../../../extension/translate/passageMarks';
import { asDocument, FakeDocument, type FakeVscode, type Range } from './fakeVscode';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;
const { editor } = vscode;

interface FakeEditor {
  readonly document: FakeDocument;
  readonly marked: Map<object, readonly Range[]>;
  readonly setDecorations: (type: object, ranges: readonly Range[]) => void;
}

function show(document: FakeDocument): FakeEditor {
  const marked = new Map<object, readonly Range[]>();
  const shown = {
    document,
    marked,
    setDecorations: (type: object, ranges: readonly Range[]) => void marked.set(type, ranges),
  };
  editor.visibleTextEditors.push(shown);
  return shown;
}

/** What an editor shows as marked: of decorations that are still there. */
const textsIn = ({ document, marked }: FakeEditor): string[] =>
  [...marked].flatMap(([type, ranges]) =>
    editor.decorationTypes.has(type)
      ? ranges.map((range) => asDocument(document).getText(range as never))
      : [],
  );

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  editor.visibleTextEditors.length = 0;
  editor.visibleListeners.clear();
});

const text = 'code();\n  // one and\n  //\n  // two\nmore(); // three';
const spansOf = (of: FakeDocument, ...parts: string[]): { start: number; end: number }[] =>
  parts.map((part) => ({ start: of.text.indexOf(part), end: of.text.indexOf(part) + part.length }));

describe('texts that are being translated', () => {
  it('are marked after a moment, line by line without signs, and then no more', () => {
    const document = new FakeDocument(vscode, text, 'c');
    const shown = show(document);
    const other = show(new FakeDocument(vscode, text, 'c'));
    const spans = spansOf(document, 'one and\n  //\n  // two', 'three');
    const marks = new PassageMarks(asDocument(document), () => spans);
    vi.advanceTimersByTime(100);
    expect(textsIn(shown)).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(textsIn(shown)).toEqual(['one and', 'two', 'three']);
    expect(textsIn(other)).toEqual([]);
    const beside = show(document);
    editor.visibleListeners.forEach((listener) => listener());
    expect(textsIn(beside)).toEqual(['one and', 'two', 'three']);
    marks.dispose();
    expect([textsIn(shown), textsIn(beside)]).toEqual([[], []]);
    expect([editor.decorationTypes.size, editor.visibleListeners.size]).toEqual([0, 0]);
  });

  it('are not marked where they come at once, nor where they cannot be found any more', () => {
    const document = new FakeDocument(vscode, text, 'c');
    const shown = show(document);
    new PassageMarks(asDocument(document), () => spansOf(document, 'three')).dispose();
    vi.advanceTimersByTime(1000);
    expect(editor.decorationTypes.size).toBe(0);
    const marks = new PassageMarks(asDocument(document), () => undefined);
    vi.advanceTimersByTime(1000);
    expect(textsIn(shown)).toEqual([]);
    marks.dispose();
    expect(editor.decorationTypes.size).toBe(0);
  });

  it.each(['end', 'failure', 'cancel'] as const)('of a whole file are marked until its %s', async (way) => {
    const document = new FakeDocument(vscode, text, 'c');
    const shown = show(document);
    let answer!: { resolve: (reply: unknown) => void; reject: (error: Error) => void };
    const reply = new Promise<unknown>((resolve, reject) => (answer = { resolve, reject }));
    const passages = spansOf(document, 'one and\n  //\n  // two', 'three').map((span) => ({
      ...{ kind: 'comment', span, text: 'x', keep: [] },
      ...{ fits: () => true, fit: (translation: string) => translation },
    }));
    const services = {
      engines: { translate: () => reply } as unknown as Engines,
      languages: { request: () => ({}), used: () => undefined },
      finder: { passagesIn: () => Promise.resolve(passages) },
    } as unknown as DocumentServices;
    const translated = translateWhole(asDocument(document), new Set(['comment']), 'reading', services, '');
    const settled = translated.then(
      () => 'end',
      () => 'stopped',
    );
    await vi.advanceTimersByTimeAsync(200);
    expect(textsIn(shown)).toEqual(['one and', 'two', 'three']);
    if (way === 'end')
      answer.resolve({
        translations: passages.map(() => ({ text: 'y', segments: [], from: 'en', to: 'de' })),
      });
    else answer.reject(way === 'failure' ? new Error('dead') : new DOMException('', 'AbortError'));
    await settled;
    expect(textsIn(shown)).toEqual([]);
    expect(editor.decorationTypes.size).toBe(0);
  });
});

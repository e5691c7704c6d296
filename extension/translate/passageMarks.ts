/**
 * The texts of a document that are being translated, marked while they are, in every editor that shows them.
 */
import {
  DecorationRangeBehavior,
  Range,
  ThemeColor,
  window,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
} from 'vscode';
import { colourIds } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { Span } from '../prose/prose';

/** What takes less than this is not marked: it would only flash. */
const patienceMs = 150;

/** Marks texts a moment after it is made, until it is disposed of. */
export class PassageMarks implements Disposable {
  readonly #store = new DisposableStore();

  /** @param spans where the texts are now; undefined where that cannot be told any more */
  constructor(
    readonly document: TextDocument,
    readonly spans: () => readonly Span[] | undefined,
  ) {
    const timer = setTimeout(() => this.#mark(), patienceMs);
    this.#store.add({ dispose: () => clearTimeout(timer) });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #mark(): void {
    // With its type a decoration goes from every editor.
    const type = this.#store.add(
      window.createTextEditorDecorationType({
        backgroundColor: new ThemeColor(colourIds.translatingBackground),
        border: '1px dashed',
        borderColor: new ThemeColor(colourIds.translatingBorder),
        borderRadius: '2px',
        rangeBehavior: DecorationRangeBehavior.ClosedClosed,
      }),
    );
    const marked = new Set<TextEditor>();
    const markAll = (): void => {
      for (const editor of window.visibleTextEditors)
        if (!marked.has(editor)) this.#markIn(editor, type, marked);
    };
    markAll();
    this.#store.add(window.onDidChangeVisibleTextEditors(markAll));
  }

  /** VS Code moves what is marked along with the text. */
  #markIn(editor: TextEditor, type: TextEditorDecorationType, marked: Set<TextEditor>): void {
    const spans = editor.document === this.document ? this.spans() : undefined;
    if (spans === undefined) return;
    marked.add(editor);
    editor.setDecorations(
      type,
      spans.flatMap((span) => linesOf(this.document, span)),
    );
  }
}

/** What lines of a comment begin with: indentation and signs. */
const lead = /^[\s*/#;]*/;

/** A text line by line, without what its lines begin with, and without those that have no words. */
function linesOf(document: TextDocument, { start, end }: Span): Range[] {
  const whole = new Range(document.positionAt(start), document.positionAt(end));
  const ranges: Range[] = [];
  for (let line = whole.start.line; line <= whole.end.line; line++) {
    const { text } = document.lineAt(line);
    const from = line === whole.start.line ? whole.start.character : lead.exec(text)![0].length;
    const to = line === whole.end.line ? whole.end.character : text.length;
    if (/[\p{L}\p{N}]/u.test(text.slice(from, to))) ranges.push(new Range(line, from, line, to));
  }
  return ranges;
}

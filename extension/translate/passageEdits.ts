/**
 * Passages of a document while they are being translated: followed while the document changes, and then replaced, or
 * given a translation below, in one undo step, or not at all.
 */
import { setTimeout } from 'node:timers/promises';
import { Range, window, workspace, WorkspaceEdit, type TextDocument, type TextEditor } from 'vscode';
import type { Disposable } from '../disposable';
import type { Passage } from '../prose/passage';
import type { Span } from '../prose/prose';
import { TrackedSpans } from './trackedSpans';

/**
 * Why an edit was not made; the document is as it was:
 * - `changed`: a passage was altered meanwhile;
 * - `closed`: the document is gone;
 * - `readOnly`: the editor does not take changes;
 * - `same`: the translations equal the texts.
 */
export type Refusal = 'changed' | 'closed' | 'readOnly' | 'same';

/** Where each translation stands now, in UTF-16 offsets; or why nothing was changed. */
export type Outcome = { readonly spans: readonly Span[] } | Refusal;

/** A translation and the passage that it is of, by its index. */
export interface Translated {
  readonly index: number;
  readonly translation: string;
}

/** How often an edit is tried that VS Code refuses because the document has just changed. */
const attempts = 10;
const betweenMs = 30;

interface Edit {
  readonly range: Range;
  readonly text: string;
}

export class PassageEdits implements Disposable {
  /** What stood in the document when it was read. */
  readonly #originals: readonly string[];
  readonly #tracked: TrackedSpans;
  readonly #lines: TrackedSpans;
  readonly #subscription: Disposable;

  /** Follows the passages until disposed. */
  constructor(
    readonly document: TextDocument,
    readonly passages: readonly Passage[],
  ) {
    this.#tracked = new TrackedSpans(passages.map(({ span }) => span));
    // The end of the line that a translation goes below; it may lie behind the passage.
    this.#lines = new TrackedSpans(
      passages.map((passage) => {
        const end = document.offsetAt(document.lineAt(passage.below('').line).range.end);
        return { start: end, end };
      }),
    );
    this.#originals = this.#ranges(this.#tracked).map((range) => document.getText(range));
    this.#subscription = workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document) return;
      this.#tracked.apply(event.contentChanges);
      this.#lines.apply(event.contentChanges);
    });
  }

  /** Where the passages are now; undefined when a change has reached into one. */
  get spans(): readonly Span[] | undefined {
    return this.#tracked.disturbed ? undefined : this.#tracked.spans;
  }

  /** Puts each translation in its passage's place, all in one undo step. */
  async replace(translated: readonly Translated[]): Promise<Outcome> {
    return this.#apply(() => {
      const ranges = this.#ranges(this.#tracked);
      return translated.map(({ index, translation }) => {
        return { range: ranges[index]!, text: this.passages[index]!.fit(translation) };
      });
    });
  }

  /** Puts each translation below its passage, all in one undo step. */
  async insertBelow(translated: readonly Translated[]): Promise<Outcome> {
    // A change that took the end of a passage's line with it leaves no place to tell.
    if (this.#lines.disturbed) return 'changed';
    return this.#apply(() => {
      const ends = this.#ranges(this.#lines);
      return translated.map(({ index, translation }) => {
        const { text } = this.passages[index]!.below(translation);
        // The line may have grown since; the translation still goes below the whole of it.
        const { end } = this.document.lineAt(ends[index]!.end.line).range;
        return { range: new Range(end, end), text };
      });
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #apply(makeEdits: () => Edit[]): Promise<Outcome> {
    for (let attempt = 1; ; attempt++) {
      if (this.document.isClosed) return 'closed';
      const untouched = this.#ranges(this.#tracked).every(
        (range, index) => this.document.getText(range) === this.#originals[index],
      );
      if (this.#tracked.disturbed || !untouched) return 'changed';
      const edits = makeEdits();
      if (edits.every(({ range, text }) => this.document.getText(range) === text)) return 'same';
      const spans = spansAfter(this.document, edits);
      const refusal = await applyEdits(this.document, edits);
      if (refusal === undefined) return { spans };
      // Somebody wrote elsewhere in that very moment: once the editor has told where, the edits are made anew.
      if (refusal !== 'changed' || attempt === attempts) return refusal;
      await setTimeout(betweenMs);
    }
  }

  #ranges(tracked: TrackedSpans): Range[] {
    return tracked.spans.map(
      ({ start, end }) => new Range(this.document.positionAt(start), this.document.positionAt(end)),
    );
  }
}

/** Where the edits' texts will stand, in the order of the edits. */
function spansAfter(document: TextDocument, edits: readonly Edit[]): Span[] {
  const placed = edits.map(({ range, text }, index) => ({
    index,
    text,
    start: document.offsetAt(range.start),
    end: document.offsetAt(range.end),
  }));
  const spans: Span[] = [];
  let shift = 0;
  for (const { index, text, start, end } of placed.sort((a, b) => a.start - b.start || a.index - b.index)) {
    spans[index] = { start: start + shift, end: start + shift + text.length };
    shift += text.length - (end - start);
  }
  return spans;
}

/** Both ways below name the version that the edits were made for: VS Code refuses them for another. */
async function applyEdits(document: TextDocument, edits: readonly Edit[]): Promise<Refusal | undefined> {
  const { version } = document;
  const editor = window.visibleTextEditors.find((candidate) => candidate.document === document);
  const accepted = editor !== undefined && (await editInEditor(editor, edits));
  // A read-only editor accepts an edit and makes nothing of it.
  if (accepted) return document.version === version ? 'readOnly' : undefined;
  if (document.version !== version) return 'changed';
  // The person has gone on to another tab, perhaps this moment; the editor's own way is closed, and the workspace's is
  // open. It tells nothing of read-only editors; those of read-only file systems were refused at the start.
  const workspaceEdit = new WorkspaceEdit();
  for (const { range, text } of edits) workspaceEdit.replace(document.uri, range, text);
  return (await workspace.applyEdit(workspaceEdit)) ? undefined : 'changed';
}

async function editInEditor(editor: TextEditor, edits: readonly Edit[]): Promise<boolean> {
  try {
    return await editor.edit((builder) => {
      for (const { range, text } of edits) builder.replace(range, text);
    });
  } catch {
    // VS Code refuses so when the editor has just been closed.
    return false;
  }
}

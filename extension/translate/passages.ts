/**
 * The passages of a document that are being translated: found in the selections, followed while the
 * document changes, and replaced in one undo step, or not at all.
 */
import {
  EndOfLine,
  Range,
  window,
  workspace,
  WorkspaceEdit,
  type Selection,
  type TextDocument,
} from 'vscode';
import type { Disposable } from '../disposable';
import { fitTranslation, proseOf, withPlainLineEndings } from './prose';
import { TrackedSpans } from './trackedSpans';

/**
 * What became of the replacement. In every case but `replaced` the document is as it was:
 * - `changed`: a passage was altered meanwhile;
 * - `closed`: the document is gone;
 * - `readOnly`: the editor does not take changes;
 * - `same`: the translations equal the texts.
 */
export type Replacement = 'replaced' | 'changed' | 'closed' | 'readOnly' | 'same';

export class Passages implements Disposable {
  /** What stood in the document when it was read. */
  readonly #originals: readonly string[];
  readonly #tracked: TrackedSpans;
  readonly #subscription: Disposable;

  /** Reads the passages of the selections and follows them until disposed. Selections without letters have none. */
  constructor(
    readonly document: TextDocument,
    selections: readonly Selection[],
  ) {
    const spans = selections.flatMap((selection) => {
      const prose = proseOf(document.getText(selection));
      if (prose === undefined) return [];
      const offset = document.offsetAt(selection.start);
      return [{ start: offset + prose.start, end: offset + prose.end }];
    });
    this.#tracked = new TrackedSpans(spans);
    this.#originals = this.#ranges().map((range) => document.getText(range));
    this.#subscription = workspace.onDidChangeTextDocument((event) => {
      if (event.document === document) this.#tracked.apply(event.contentChanges);
    });
  }

  /** The texts to translate, with plain line endings. */
  get texts(): string[] {
    return this.#originals.map(withPlainLineEndings);
  }

  /**
   * Puts each translation in its passage's place, all in one undo step.
   *
   * @param translations one for each of `texts`
   */
  async replace(translations: readonly string[]): Promise<Replacement> {
    if (this.document.isClosed) return 'closed';
    const ranges = this.#ranges();
    const untouched = ranges.every((range, index) => this.document.getText(range) === this.#originals[index]);
    if (this.#tracked.disturbed || !untouched) return 'changed';

    const lineEnding = this.document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
    const edits = ranges.flatMap((range, index) => {
      const text = fitTranslation(translations[index]!, lineEnding);
      return text === this.#originals[index] ? [] : [{ range, text }];
    });
    if (edits.length === 0) return 'same';
    return applyEdits(this.document, edits);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #ranges(): Range[] {
    return this.#tracked.spans.map(
      ({ start, end }) => new Range(this.document.positionAt(start), this.document.positionAt(end)),
    );
  }
}

/** Both ways below name the version that the edits were made for: VS Code refuses them for another. */
async function applyEdits(
  document: TextDocument,
  edits: readonly { range: Range; text: string }[],
): Promise<Replacement> {
  const version = document.version;
  const editor = window.visibleTextEditors.find((candidate) => candidate.document === document);
  if (editor === undefined) {
    // The person has gone on to another tab; the editor's own way is closed, and the workspace's is open.
    // It tells nothing of read-only editors; those of read-only file systems were refused at the start.
    const workspaceEdit = new WorkspaceEdit();
    for (const { range, text } of edits) workspaceEdit.replace(document.uri, range, text);
    return (await workspace.applyEdit(workspaceEdit)) ? 'replaced' : 'changed';
  }
  const accepted = await editor.edit((builder) => {
    for (const { range, text } of edits) builder.replace(range, text);
  });
  if (!accepted) return 'changed';
  // A read-only editor accepts an edit and makes nothing of it.
  return document.version === version ? 'readOnly' : 'replaced';
}

/** Two editors, one of a document and one of its translation, that show the same place. */
import { Range, TextEditorRevealType, window, type TextDocument } from 'vscode';
import type { Disposable } from '../disposable';

export interface Side {
  readonly shows: (document: TextDocument) => boolean;
  /** This side's line for a line of the other side. */
  readonly lineFor: (line: number) => number;
}

/** An editor that is scrolled by us tells of it within this time; it must not scroll the other one in turn. */
const echoMs = 200;

/** Scrolls each side's editors along with the other's, until disposed. */
export function follow(one: Side, other: Side): Disposable {
  let quietUntil = 0;
  /** The side that the person scrolls. */
  let leading: Side | undefined;
  return window.onDidChangeTextEditorVisibleRanges(({ textEditor, visibleRanges }) => {
    const [side, opposite] = one.shows(textEditor.document) ? [one, other] : [other, one];
    const [seen] = visibleRanges;
    if (!side.shows(textEditor.document) || seen === undefined) return;
    const now = Date.now();
    if (leading !== side && now < quietUntil) return;
    leading = side;
    quietUntil = now + echoMs;
    const line = opposite.lineFor(seen.start.line);
    for (const editor of window.visibleTextEditors) {
      if (!opposite.shows(editor.document)) continue;
      editor.revealRange(new Range(line, 0, line, 0), TextEditorRevealType.AtTop);
    }
  });
}

/** Where the person looks in a document. */
import { window, type TextDocument } from 'vscode';

/** The cursor, where it is in sight; else the first line that is seen; as a UTF-16 offset. */
export function focusOf(document: TextDocument): number {
  const editor = window.visibleTextEditors.find((candidate) => candidate.document === document);
  if (editor === undefined) return 0;
  const [seen] = editor.visibleRanges;
  const { active } = editor.selection;
  const place = seen === undefined || seen.contains(active) ? active : seen.start;
  return document.offsetAt(place);
}

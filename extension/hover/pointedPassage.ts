/**
 * What of a document a person points at: a selection, or the comment, string or paragraph around the place.
 */
import { window, type Position, type TextDocument } from 'vscode';
import type { SettingTypes } from '../contributions';
import type { Passage, ProseKind } from '../prose/passage';
import type { ProseFinder } from '../prose/proseFinder';
import { findPassages } from '../translate/passages';

export interface Pointed {
  readonly passage: Passage;
  /** The person has selected it, and so means it. */
  readonly selected: boolean;
  /** Where in the passage's text they point, in UTF-16 units. */
  readonly offset: number;
}

type Extent = SettingTypes['polyhead.hover'];

const proseKinds: Readonly<Record<Extent, ReadonlySet<ProseKind>>> = {
  off: new Set(),
  selection: new Set(),
  comments: new Set(['comment', 'markup', 'text']),
  all: new Set(['comment', 'markup', 'text', 'string']),
};

/** Panels of the editor's own that are documents to it, and texts in which a translation stands already. */
const foreignGround = /^(?:output|debug|comment|vscode-interactive-input|walkThroughSnippet|polyhead-.*)$/;

/** @throws an AbortError when cancelled */
export async function pointedPassage(
  document: TextDocument,
  position: Position,
  extent: Extent,
  finder: ProseFinder,
  signal: AbortSignal,
): Promise<Pointed | undefined> {
  if (extent === 'off' || foreignGround.test(document.uri.scheme)) return undefined;
  const selected = await selectedPassage(document, position, finder);
  const passage =
    selected ??
    (proseKinds[extent].size === 0
      ? undefined
      : await finder.passageAt(document, position, proseKinds[extent], signal));
  if (passage === undefined) return undefined;
  return {
    passage,
    selected: selected !== undefined,
    offset: offsetIn(passage.text, document.lineAt(position.line).text, position.character),
  };
}

async function selectedPassage(
  document: TextDocument,
  position: Position,
  finder: ProseFinder,
): Promise<Passage | undefined> {
  const selection = window.visibleTextEditors
    .filter((editor) => editor.document === document)
    .flatMap(({ selections }) => selections)
    .find((candidate) => !candidate.isEmpty && candidate.contains(position));
  if (selection === undefined) return undefined;
  return (await findPassages(document, [selection], finder)).passages[0];
}

/** How far a stretch is followed in either direction, in UTF-16 units: a line may be a whole file. */
const reach = 200;

/**
 * Where a place of a line is found again in a passage's text, which has lost the signs of comments: at the longest stretch
 * of the line around the place that the text has too. 0 where it has none.
 */
export function offsetIn(text: string, line: string, place: number): number {
  let start = Math.min(place, Math.max(0, line.length - 1));
  let end = Math.min(line.length, start + 1);
  if (!text.includes(line.slice(start, end))) return 0;
  const [first, last] = [Math.max(0, start - reach), Math.min(line.length, end + reach)];
  while (end < last && text.includes(line.slice(start, end + 1))) end++;
  while (start > first && text.includes(line.slice(start - 1, end))) start--;
  return text.indexOf(line.slice(start, end)) + (Math.min(place, end) - start);
}

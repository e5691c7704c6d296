/**
 * What of a document is to be translated: what is selected, or else the comment, the paragraph or the line that the
 * cursor is in.
 */
import { EndOfLine, Range, workspace, type Selection, type TextDocument } from 'vscode';
import type { Passage, ProseKind, ProsePassage } from '../prose/passage';
import { fitTranslation, proseOf, withPlainLineEndings } from '../prose/prose';
import type { ProseFinder } from '../prose/proseFinder';
import { TrackedSpans } from './trackedSpans';

/** Why there is nothing to translate. */
export type Nothing = 'noLetters' | 'codeLine';

export interface Found {
  readonly passages: readonly Passage[];
  /** Selections, or cursors, that have nothing to translate. */
  readonly left: readonly Nothing[];
  /** What was selected was changed before it had been read. */
  readonly changed?: true;
}

/** What a line holds that a person may mean who puts the cursor into it. */
const kindsOfLine: ReadonlySet<ProseKind> = new Set<ProseKind>(['comment', 'markup', 'text']);
const strings: ReadonlySet<ProseKind> = new Set<ProseKind>(['string']);
/** What a person must point at. */
const kindsAtCursor: ReadonlySet<ProseKind> = new Set<ProseKind>([...kindsOfLine, ...strings]);

/**
 * The passages of the selections, one each; of cursors without a selection, one for each comment or paragraph. Where the
 * document changes meanwhile, of what is selected then.
 */
export async function findPassages(
  document: TextDocument,
  selections: readonly Selection[],
  finder: ProseFinder,
): Promise<Found> {
  const selected = new TrackedSpans(
    selections.map(({ start, end }) => ({ start: document.offsetAt(start), end: document.offsetAt(end) })),
  );
  const subscription = workspace.onDidChangeTextDocument((event) => {
    if (event.document === document) selected.apply(event.contentChanges);
  });
  try {
    for (;;) {
      const { version } = document;
      const ranges = selected.spans.map(
        ({ start, end }) => new Range(document.positionAt(start), document.positionAt(end)),
      );
      const found = await passagesOf(document, ranges, finder);
      // Each is of the version that it was found in.
      if (document.version === version) return found;
      if (selected.disturbed) return { passages: [], left: [], changed: true };
    }
  } finally {
    subscription.dispose();
  }
}

async function passagesOf(
  document: TextDocument,
  selections: readonly Range[],
  finder: ProseFinder,
): Promise<Found> {
  const selected = selections.filter((selection) => !selection.isEmpty);
  const found: (Passage | Nothing)[] = [];
  for (const selection of selected.length > 0 ? selected : selections) {
    found.push(await (selection.isEmpty ? aroundCursor : inSelection)(document, selection, finder));
  }
  // Two cursors in one comment mean it once.
  const passages = new Map(
    found.flatMap((entry) => (typeof entry === 'object' ? [[entry.span.start, entry]] : [])),
  );
  return {
    // The editor tells the selections in the order in which they were made.
    passages: [...passages.values()].sort((one, other) => one.span.start - other.span.start),
    left: found.filter((entry) => typeof entry === 'string'),
  };
}

async function aroundCursor(
  document: TextDocument,
  { start: active }: Range,
  finder: ProseFinder,
): Promise<Passage | Nothing> {
  const pointed = await finder.passageAt(document, active, kindsAtCursor);
  if (pointed !== undefined) return pointed;
  const line = document.lineAt(active.line);
  const [first] = await finder.passagesIn(document, kindsOfLine, { range: line.range });
  if (first !== undefined) return first;
  if (proseOf(line.text) === undefined) return 'noLetters';
  if (await finder.isCode(document))
    return (await finder.isComment(document, active)) ? 'noLetters' : 'codeLine';
  return selectedPassage(document, line.range) ?? 'noLetters';
}

/**
 * What is selected: of a string, of comments, and of paragraphs only what they say. What is no passage at all, and has
 * none in it, is meant as it is.
 */
async function inSelection(
  document: TextDocument,
  selection: Range,
  finder: ProseFinder,
): Promise<Passage | Nothing> {
  const selected = selectedPassage(document, selection);
  if (selected === undefined) return 'noLetters';
  const ofString = await finder.partOfString(document, selection);
  if (ofString !== undefined) return ofString;
  const whole = { ...selected, keep: await finder.namesIn(document, selected.text) };
  for (const kinds of [kindsOfLine, strings]) {
    const [part, ...others] = await finder.partsIn(document, kinds, selection);
    if (part === undefined) continue;
    return others.length === 0 && isAll(document, whole, part)
      ? part
      : composite(document, whole, [part, ...others]);
  }
  return whole;
}

/** Whether nothing else is selected but the signs of a comment. */
function isAll(document: TextDocument, whole: Passage, { span }: ProsePassage): boolean {
  const text = document.getText();
  return !/[\p{L}\p{N}]/u.test(
    text.slice(whole.span.start, span.start) + text.slice(span.end, whole.span.end),
  );
}

/** Several passages, with what stands between them, as one. */
function composite(document: TextDocument, whole: Passage, parts: readonly ProsePassage[]): Passage {
  // An escape sequence that the selection cuts comes whole.
  const start = Math.min(whole.span.start, parts[0]!.span.start);
  const end = Math.max(whole.span.end, parts.at(-1)!.span.end);
  const source = document.getText().slice(start, end);
  /** The translation's lines, each part's own; undefined where there are not as many as there were. */
  const shares = (translation: string): string[] | undefined => {
    const lines = withPlainLineEndings(translation.trim()).split('\n');
    const counts = parts.map(({ text }) => text.split('\n').length);
    if (lines.length !== counts.reduce((sum, count) => sum + count, 0)) return undefined;
    return counts.map((count) => lines.splice(0, count).join('\n'));
  };
  const fit = (translation: string): string => {
    const shared = shares(translation);
    if (shared === undefined) return source;
    let place = 0;
    let fitted = '';
    parts.forEach((part, index) => {
      fitted += source.slice(place, part.span.start - start) + part.fit(shared[index]!);
      place = part.span.end - start;
    });
    return fitted + source.slice(place);
  };
  return {
    span: { start, end },
    text: parts.map(({ text }) => text).join('\n'),
    keep: [...new Set(parts.flatMap(({ keep }) => keep))],
    takesArguments: parts.some(({ takesArguments }) => takesArguments),
    fits: (translation) => shares(translation)?.every((share, index) => parts[index]!.fits(share)) ?? false,
    fit,
    below: (translation) => whole.below(fit(translation)),
  };
}

function selectedPassage(document: TextDocument, range: Range): Passage | undefined {
  const selected = document.getText(range);
  const prose = proseOf(selected);
  if (prose === undefined) return undefined;
  const start = document.offsetAt(range.start);
  const span = { start: start + prose.start, end: start + prose.end };
  const lineEnding = document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
  const lastLine = document.positionAt(span.end).line;
  const firstLine = document.lineAt(document.positionAt(span.start).line);
  const indentation = firstLine.text.slice(0, firstLine.firstNonWhitespaceCharacterIndex);
  return {
    span,
    text: withPlainLineEndings(selected.slice(prose.start, prose.end)),
    keep: [],
    fits: () => true,
    fit: (translation) => fitTranslation(translation, lineEnding),
    below(translation) {
      const lines = withPlainLineEndings(translation.trim()).split('\n');
      // What follows the first line has the indentation that it had in the source.
      const text = lines.map((line, index) => lineEnding + (index === 0 ? indentation : '') + line).join('');
      return { line: lastLine, text };
    },
  };
}

/**
 * What of a document is to be translated: what is selected, or else the comment or the line that the cursor is in.
 */
import type { Range } from 'vscode';
import { EndOfLine, Position, type Selection, type TextDocument } from 'vscode';
import { proseOfComment } from './commentProse';
import { commentAround, type Lines } from './comments';
import type { CommentRules } from './commentSigns';
import { fitTranslation, proseOf, withPlainLineEndings, type Span } from './prose';

/** A part of a document on its way through the engine. */
export interface Passage {
  /** Where it stands, in UTF-16 offsets. */
  readonly span: Span;
  /** What the engine reads, with plain line endings. */
  readonly text: string;
  /** What takes the passage's place. */
  fit(translation: string): string;
  /** What is put in at the end of a line below the passage, line ending included, and the line. */
  below(translation: string): { line: number; text: string };
}

/** Why there is nothing to translate. */
export type Nothing = 'noLetters' | 'codeLine';

export interface Found {
  readonly passages: readonly Passage[];
  /** Selections, or cursors, that have nothing to translate. */
  readonly left: readonly Nothing[];
}

/** Documents that are prose themselves: a line of theirs needs no comment around it. */
const proseLanguages = new Set([
  ...['plaintext', 'markdown', 'restructuredtext', 'asciidoc', 'latex', 'tex', 'typst', 'org'],
  ...['html', 'xml', 'git-commit', 'git-rebase', 'scminput', 'search-result', 'log', 'csv', 'tsv'],
]);

/** The passages of the selections, one each; of cursors without a selection, one for each comment or line. */
export function findPassages(
  document: TextDocument,
  selections: readonly Selection[],
  rules: CommentRules,
): Found {
  const selected = selections.filter((selection) => !selection.isEmpty);
  const found =
    selected.length > 0
      ? selected.map((selection) => selectedPassage(document, selection) ?? ('noLetters' as const))
      : selections.map((selection) => passageAround(document, selection.active.line, rules));
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

function selectedPassage(document: TextDocument, range: Range): Passage | undefined {
  const selected = document.getText(range);
  const prose = proseOf(selected);
  if (prose === undefined) return undefined;
  const start = document.offsetAt(range.start);
  const span = { start: start + prose.start, end: start + prose.end };
  const lineEnding = lineEndingOf(document);
  const lastLine = document.positionAt(span.end).line;
  const firstLine = document.lineAt(document.positionAt(span.start).line);
  const indentation = firstLine.text.slice(0, firstLine.firstNonWhitespaceCharacterIndex);
  return {
    span,
    text: withPlainLineEndings(selected.slice(prose.start, prose.end)),
    fit: (translation) => fitTranslation(translation, lineEnding),
    below(translation) {
      const lines = withPlainLineEndings(translation.trim()).split('\n');
      // What follows the first line has the indentation that it had in the source.
      const text = lines.map((line, index) => lineEnding + (index === 0 ? indentation : '') + line).join('');
      return { line: lastLine, text };
    },
  };
}

function passageAround(document: TextDocument, line: number, rules: CommentRules): Passage | Nothing {
  const lines: Lines = { count: document.lineCount, at: (index) => document.lineAt(index).text };
  const comment = commentAround(lines, line, rules);
  if (comment === undefined) {
    const isCode = (rules.line ?? rules.block) !== undefined && !proseLanguages.has(document.languageId);
    if (isCode && proseOf(lines.at(line)) !== undefined) return 'codeLine';
    return selectedPassage(document, document.lineAt(line).range) ?? 'noLetters';
  }
  const prose = proseOfComment(comment);
  if (prose.text === '') return 'noLetters';
  const lineEnding = lineEndingOf(document);
  const [first, last] = [comment.lines[0]!, comment.lines.at(-1)!];
  const start = new Position(comment.first, first.lead.length);
  const end = new Position(comment.first + comment.lines.length - 1, last.lead.length + last.content.length);
  return {
    span: { start: document.offsetAt(start), end: document.offsetAt(end) },
    text: prose.text,
    fit: (translation) => prose.fit(withPlainLineEndings(translation)).join(lineEnding),
    below(translation) {
      const { line: after, texts } = prose.below(withPlainLineEndings(translation));
      return { line: after, text: texts.map((text) => lineEnding + text).join('') };
    },
  };
}

function lineEndingOf(document: TextDocument): '\n' | '\r\n' {
  return document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
}

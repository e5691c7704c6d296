/**
 * What of a document is to be translated: what is selected, or else the comment or the line that the cursor is in.
 */
import type { Range } from 'vscode';
import { EndOfLine, type Selection, type TextDocument } from 'vscode';
import { commentAround, type Lines } from '../prose/comments';
import type { CommentRules } from '../prose/commentSigns';
import type { Passage } from '../prose/passage';
import { fitTranslation, proseOf, withPlainLineEndings } from '../prose/prose';
import { commentPassage } from '../prose/proseFinder';

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

function passageAround(document: TextDocument, line: number, rules: CommentRules): Passage | Nothing {
  const lines: Lines = { count: document.lineCount, at: (index) => document.lineAt(index).text };
  const comment = commentAround(lines, line, rules);
  if (comment === undefined) {
    const isCode = (rules.line ?? rules.block) !== undefined && !proseLanguages.has(document.languageId);
    if (isCode && proseOf(lines.at(line)) !== undefined) return 'codeLine';
    return selectedPassage(document, document.lineAt(line).range) ?? 'noLetters';
  }
  return commentPassage(document, comment) ?? 'noLetters';
}

function lineEndingOf(document: TextDocument): '\n' | '\r\n' {
  return document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
}

/**
 * The room's door: what of a document is prose, at a position, in a range or in all of it.
 */
import { EndOfLine, Position, Range, type TextDocument } from 'vscode';
import type { Disposable } from '../disposable';
import { proseOfComment } from './commentProse';
import { commentRulesOf, watchExtensions } from './commentRules';
import { commentAround, type Comment, type Lines } from './comments';
import type { ProseKind, ProsePassage } from './passage';
import { withPlainLineEndings } from './prose';

export interface FindOptions {
  /** Only passages that touch it; each comes whole. */
  readonly range?: Range | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Finds prose. One for all documents; keeps what it has read of each, as long as that is open. */
export class ProseFinder implements Disposable {
  readonly #watch = watchExtensions();

  /**
   * The passage that a position lies in or at the border of; undefined where there is none of these kinds.
   *
   * @throws an AbortError when cancelled
   */
  async passageAt(
    document: TextDocument,
    position: Position,
    kinds: ReadonlySet<ProseKind>,
    signal?: AbortSignal,
  ): Promise<ProsePassage | undefined> {
    const found = await this.passagesIn(document, kinds, { range: new Range(position, position), signal });
    return found[0];
  }

  /**
   * The passages of these kinds, in the document's order; none overlaps another. They are those of the document's
   * version at the moment when the promise settles.
   *
   * @throws an AbortError when cancelled
   */
  async passagesIn(
    document: TextDocument,
    kinds: ReadonlySet<ProseKind>,
    { range, signal }: FindOptions = {},
  ): Promise<ProsePassage[]> {
    signal?.throwIfAborted();
    if (!kinds.has('comment')) return [];
    const rules = await commentRulesOf(document.languageId);
    signal?.throwIfAborted();
    const lines: Lines = { count: document.lineCount, at: (index) => document.lineAt(index).text };
    const passages: ProsePassage[] = [];
    const last = range?.end.line ?? document.lineCount - 1;
    for (let line = range?.start.line ?? 0; line <= last; line++) {
      const comment = commentAround(lines, line, rules);
      if (comment === undefined) continue;
      line = Math.max(line, comment.first + comment.lines.length - 1);
      const passage = commentPassage(document, comment);
      if (passage !== undefined && touches(document, passage, range)) passages.push(passage);
    }
    return passages;
  }

  dispose(): void {
    this.#watch.dispose();
  }
}

function touches(document: TextDocument, { span }: ProsePassage, range: Range | undefined): boolean {
  if (range === undefined) return true;
  return span.start <= document.offsetAt(range.end) && document.offsetAt(range.start) <= span.end;
}

/** @returns undefined where the comment has no words */
export function commentPassage(document: TextDocument, comment: Comment): ProsePassage | undefined {
  const prose = proseOfComment(comment);
  if (prose.text === '') return undefined;
  const lineEnding = document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
  const [first, last] = [comment.lines[0]!, comment.lines.at(-1)!];
  const start = new Position(comment.first, first.lead.length);
  const end = new Position(comment.first + comment.lines.length - 1, last.lead.length + last.content.length);
  return {
    kind: 'comment',
    span: { start: document.offsetAt(start), end: document.offsetAt(end) },
    text: prose.text,
    keep: [],
    fits: () => true,
    fit: (translation) => prose.fit(withPlainLineEndings(translation)).join(lineEnding),
    below(translation) {
      const { line: after, texts } = prose.below(withPlainLineEndings(translation));
      return { line: after, text: texts.map((text) => lineEnding + text).join('') };
    },
  };
}

/**
 * A comment, or a paragraph of plain text, as a passage. A translation that would end the comment, or a docstring, before
 * its end is not put in.
 */
import { proseOfComment } from './commentProse';
import type { Comment } from './comments';
import type { Surroundings } from './commentUnits';
import { keepsNames } from './keptParts';
import { namesInProse, type KnownNames } from './namesInProse';
import type { ProseKind, ProsePassage } from './passage';
import { withPlainLineEndings } from './prose';
import type { Snapshot } from './snapshot';

export interface CommentContext extends Surroundings {
  readonly kind: ProseKind;
  /** What the code around it names. */
  readonly names?: KnownNames;
}

/** @returns undefined where there is nothing to translate in it */
export function commentPassage(
  snapshot: Snapshot,
  comment: Comment,
  { kind, names, ...surroundings }: CommentContext,
): ProsePassage | undefined {
  const prose = proseOfComment(comment, surroundings);
  if (prose.text === '') return undefined;
  const { lineEnding } = snapshot;
  const [first, last] = [comment.lines[0]!, comment.lines.at(-1)!];
  const span = {
    start: snapshot.offsetAt(comment.first, first.lead.length),
    end: snapshot.offsetAt(comment.first + comment.lines.length - 1, last.lead.length + last.content.length),
  };
  const paragraphs = prose.text.split('\n').length;
  const keep = names === undefined ? [] : namesInProse(prose.text, names);

  function fitted(translation: string): string[] | undefined {
    const plain = withPlainLineEndings(translation.trim());
    const lines = plain.split('\n');
    if (lines.length !== paragraphs || lines.some((line) => line.trim() === '')) return undefined;
    if (!keepsNames(prose.text, plain, keep)) return undefined;
    const rows = prose.fit(plain);
    return staysComment(rows, comment, snapshot.text.slice(span.start, span.end)) ? rows : undefined;
  }

  return {
    kind,
    span,
    text: prose.text,
    keep,
    fits: (translation) => fitted(translation) !== undefined,
    fit: (translation) => fitted(translation)?.join(lineEnding) ?? snapshot.text.slice(span.start, span.end),
    below(translation) {
      const { line, texts } = prose.below(withPlainLineEndings(translation));
      return { line, text: texts.map((text) => lineEnding + text).join('') };
    },
  };
}

/** Whether a comment with these rows still ends where it did. `source`: what stands there now. */
function staysComment(
  rows: readonly string[],
  { signs: { close }, open, lines }: Comment,
  source: string,
): boolean {
  // A backslash at the end takes the next line into the comment, in C.
  if (close === '') return !(open === '//' && rows.at(-1)!.endsWith('\\'));
  const tail = lines.at(-1)!.tail;
  const body = rows.join('\n') + tail.slice(0, tail.indexOf(close));
  // Comments within a comment, where a language has them, stay as many; and the first of three quotation marks at the
  // end would be taken for the string's.
  if (body.split(close).length !== source.split(close).length) return false;
  if (/^["']/.test(close) && body.endsWith(close[0]!)) return false;
  return !/^["']+$/.test(close) || !/(?:^|[^\\])(?:\\\\)*\\$/.test(body);
}

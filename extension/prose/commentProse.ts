/** The sentences that run over a comment's lines, and how their translation becomes lines of the comment again. */
import type { Comment } from './comments';
import { unitsOf, type Surroundings, type Unit } from './commentUnits';
import { wrap } from './wrap';

/** What is not wrapped to a width of its own is wrapped at this column. */
const usualWidth = 80;
/** However far to the right a comment stands, its text has so many columns. */
const leastWidth = 40;

export interface CommentProse {
  /** A paragraph a line; empty where the comment has no words. */
  readonly text: string;
  /**
   * The comment's lines with the translation in them; the first begins behind its lead and the last ends before its
   * tail, which stay.
   */
  fit(translation: string): string[];
  /** The translation alone, as lines of the comment or as a comment of its own, and the line that it goes below. */
  below(translation: string): { line: number; texts: string[] };
}

/** A line of the translated comment. */
interface FittedLine {
  readonly kind: Unit['kind'];
  readonly lead: string;
  readonly content: string;
}

/** A comment's sentences, and how a translation of them becomes a comment again. */
export function proseOfComment(comment: Comment, surroundings: Surroundings = {}): CommentProse {
  const units = unitsOf(levelled(comment), surroundings);
  const width = comment.lines.reduce(
    (most, { lead, content }) => Math.max(most, lead.length + content.length),
    usualWidth,
  );
  const { indentation, signs, trailing, isPart = false } = comment;
  /** A line of a document that is prose itself: what was not wrapped stays a line, however long. */
  const isLine = comment.open === '' && comment.lines.length === 1;
  const next = indentation + signs.next;

  /** What the lines of a paragraph begin with: the first, and the others. */
  function leadsOf(unit: Unit): [string, string] {
    // Before the first line there may be an opening sign, code, or what is not selected.
    const lead = unit.first > 0 ? comment.lines[unit.first]!.lead : next;
    if (unit.kind === 'prose' && unit.count > 1) return [lead, comment.lines[unit.first + 1]!.lead];
    return [lead, lead];
  }

  function linesOf(translation: string, mayGrow: boolean): FittedLine[] {
    const paragraphs = translation.split('\n');
    let used = 0;
    return units.flatMap((unit): FittedLine[] => {
      const [lead, others] = leadsOf(unit);
      if (unit.kind === 'kept') return [{ kind: 'kept', lead, content: comment.lines[unit.first]!.content }];
      const text = (paragraphs[used++] ?? '').trim();
      const columns = mayGrow ? Math.max(leastWidth, width - Math.max(lead.length, others.length)) : Infinity;
      const hangs = unit.count === 1 && /^(?:[-*+•]|\d+[.)])\s/.test(unit.head);
      const hang = hangs ? ' '.repeat(unit.head.length) : '';
      const rows = hangs
        ? wrap(text + unit.tail, columns - hang.length)
        : wrap(unit.head + text + unit.tail, columns);
      return rows.map((row, index) => {
        if (index > 0) return { kind: 'prose', lead: others, content: hang + row };
        return { kind: 'prose', lead, content: hangs ? unit.head + row : row };
      });
    });
  }

  return {
    text: units.flatMap((unit) => (unit.kind === 'prose' ? [unit.text] : [])).join('\n'),
    fit: (translation) =>
      linesOf(translation, !trailing && !isLine).map(({ lead, content }, row) =>
        row === 0 ? content : lead + content,
      ),
    below(translation) {
      const translated = linesOf(translation, !isLine).filter(({ kind }) => kind === 'prose');
      const end = comment.lines.findLastIndex(({ content }) => content !== '');
      const closed = signs.close !== '' && end === comment.lines.length - 1;
      if (isPart || (!closed && !trailing)) {
        // In reStructuredText it announces the code below.
        const tail = comment.open === '' ? (/^\s*::$/.exec(comment.lines[end]!.tail)?.[0] ?? '') : '';
        const texts = translated.map(
          ({ lead, content }, row) => lead + content + (row === translated.length - 1 ? tail : ''),
        );
        return { line: comment.first + end, texts };
      }
      const line = comment.first + comment.lines.length - 1;
      const open = indentation + signs.open;
      const contents = translated.map(({ content }) => content);
      if (signs.close === '') return { line, texts: contents.map((content) => open + content) };
      if (contents.length === 1) return { line, texts: [`${open}${contents[0]!} ${signs.close}`] };
      const closing = indentation + (signs.next.startsWith(' ') ? ' ' : '') + signs.close;
      return { line, texts: [open.trimEnd(), ...contents.map((content) => next + content), closing] };
    },
  };
}

/** As far in as its other lines, where its first line begins behind a sign of its own or what is not selected. */
function levelled(comment: Comment): Comment {
  const { lines, indentation, signs } = comment;
  const [first, second] = lines;
  if (signs.close !== '' || second === undefined || first!.lead === indentation + signs.next) return comment;
  return { ...comment, lines: [{ ...first!, lead: second.lead }, ...lines.slice(1)] };
}

/**
 * The sentences that run over a comment's lines, and how their translation becomes lines of the comment again. What is
 * no sentence stays: blank lines, rulers, examples of code, what tools read.
 */
import type { Comment } from './comments';
import { joint, wrap } from './wrap';

/** What is not wrapped to a width of its own is wrapped at this column. */
const usualWidth = 80;
/** However far to the right a comment stands, its text has so many columns. */
const leastWidth = 40;

/** Lines of a comment that are one text, or a line that stays. */
type Unit =
  | {
      readonly kind: 'prose';
      readonly first: number;
      readonly count: number;
      readonly head: string;
      readonly text: string;
    }
  | { readonly kind: 'kept'; readonly first: number };

/** Bullets, numbers, headings, and tags of documentation with the name that follows them: `- `, `2. `, `@param name `. */
const headPattern = new RegExp(
  [
    /^[-*+•]\s+(?:\[[ xX]\]\s+)?/,
    /^\d{1,3}[.)]\s+/,
    /^#{1,6}\s+/,
    /^[@\\](?:param|arg|argument|property|prop|tparam|typeParam|template)\b(?:\[[a-z,]+\])?\s+(?:\{[^}]*\}\s+)?\S+(?:\s+-)?(?:\s+|$)/,
    /^[@\\](?:throws|exception)\s+(?:\{[^}]*\}|\S+)(?:\s+-)?(?:\s+|$)/,
    /^[@\\][a-zA-Z][\w-]*\s*(?:\{[^}]*\}\s*)?/,
    /^:[a-z]+(?:\s[^:]*)?:\s*/,
  ]
    .map(({ source }) => source)
    .join('|'),
);
/** Within an indented part: the name of a parameter, as Google's style for Python has it. */
const namePattern = /^\*{0,2}[\w.]+(?: \([^)]*\))?:\s+/;

/** What tools read and people's names stay. */
const forTools =
  /^(?:@ts-(?:ignore|nocheck|check)\b|[@\\](?:see|link|author|since|version|module|name|type|typedef|extends|implements)\b|eslint(?:-\w| [\w@/-]+:)|(?:prettier|biome)-ignore|(?:istanbul|c8|v8) ignore|noqa\b|type: ?ignore|pylint:|mypy:|NOLINT|nolint|go:\w|#(?:end)?region\b|-\*-|SPDX-|clang-format|shellcheck )/;
/** A line of code in an example, when it is indented. */
const codePattern = /[;{}]$|^[\w.$]+\(.*\)$|^(?:\$|>|>>>) /;

/** The paragraphs: lines that a sentence runs over are one text. */
function unitsOf({ lines, signs }: Comment): Unit[] {
  const units: Unit[] = [];
  let fenced = false;
  /** Behind `@example`, until the next tag. */
  let example = false;
  let open = false;
  const isOpeningLine = (index: number): boolean => index === 0 && signs.close !== '';
  const leads = lines.map(({ lead }) => lead.length);
  const least = lines.reduce(
    (sum, { content }, index) =>
      content === '' || isOpeningLine(index) ? sum : Math.min(sum, leads[index]!),
    Infinity,
  );

  /** Whether a line goes on with the sentence above it, as far as its indentation tells. */
  function goesOn(index: number): boolean {
    const unit = units.at(-1);
    if (!open || unit?.kind !== 'prose') return false;
    const deeper = leads[index]! - leads[index - 1]!;
    if (unit.count > 1) return deeper === 0;
    if (isOpeningLine(unit.first)) return true;
    return deeper === 0 || (deeper > 0 && !unit.text.endsWith(':'));
  }

  lines.forEach(({ content }, index) => {
    const isFence = content.startsWith('```');
    if (content.startsWith('@')) example = /^@example\b/.test(content);
    const indented = !isOpeningLine(index) && leads[index]! > least;
    const stays =
      isFence ||
      fenced ||
      example ||
      !/\p{L}/u.test(content) ||
      content.startsWith('|') ||
      forTools.test(content);
    if (isFence) fenced = !fenced;
    if (stays || (indented && codePattern.test(content))) {
      units.push({ kind: 'kept', first: index });
      open = false;
      return;
    }
    const head = (headPattern.exec(content) ?? (indented ? namePattern.exec(content) : null))?.[0] ?? '';
    const last = units.at(-1);
    if (head === '' && last?.kind === 'prose' && goesOn(index)) {
      const text = last.text + joint(lines[index - 1]!.content, content) + content;
      units[units.length - 1] = { ...last, count: last.count + 1, text };
      return;
    }
    const text = content.slice(head.length);
    const hasWords = /\p{L}/u.test(text);
    units.push(
      hasWords ? { kind: 'prose', first: index, count: 1, head, text } : { kind: 'kept', first: index },
    );
    open = hasWords && !head.startsWith('#');
  });
  return units;
}

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
export function proseOfComment(comment: Comment): CommentProse {
  const units = unitsOf(comment);
  const width = comment.lines.reduce(
    (most, { lead, content }) => Math.max(most, lead.length + content.length),
    usualWidth,
  );
  const { indentation, signs, trailing } = comment;
  const next = indentation + signs.next;
  const hasLeadOfItsOwn = (index: number): boolean => index > 0 || (signs.close === '' && !trailing);

  /** What the lines of a paragraph begin with: the first, and the others. */
  function leadsOf(unit: Unit): [string, string] {
    const lead = hasLeadOfItsOwn(unit.first) ? comment.lines[unit.first]!.lead : next;
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
      const rows = hangs ? wrap(text, columns - hang.length) : wrap(unit.head + text, columns);
      return rows.map((row, index) => {
        if (index > 0) return { kind: 'prose', lead: others, content: hang + row };
        return { kind: 'prose', lead, content: hangs ? unit.head + row : row };
      });
    });
  }

  return {
    text: units.flatMap((unit) => (unit.kind === 'prose' ? [unit.text] : [])).join('\n'),
    fit: (translation) =>
      linesOf(translation, !trailing).map(({ lead, content }, row) => (row === 0 ? content : lead + content)),
    below(translation) {
      const translated = linesOf(translation, true).filter(({ kind }) => kind === 'prose');
      const end = comment.lines.findLastIndex(({ content }) => content !== '');
      const closed = signs.close !== '' && end === comment.lines.length - 1;
      if (!closed && !trailing) {
        return { line: comment.first + end, texts: translated.map(({ lead, content }) => lead + content) };
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

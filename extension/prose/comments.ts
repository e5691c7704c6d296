/**
 * Comments as lines of text between the signs that make them comments, from the regions that a grammar, or the signs
 * alone, have found.
 */
import type { Lines } from './reading/lines';
import type { CommentRegion } from './reading/regions';

/** A line of a comment: what is before the text (indentation, signs), the text, what is after it (a closing sign). */
export interface CommentLine {
  readonly lead: string;
  readonly content: string;
  readonly tail: string;
}

export interface Comment {
  /** Its first line; the others follow. */
  readonly first: number;
  readonly lines: readonly CommentLine[];
  /** It shares a line with code, so that it cannot grow a line. */
  readonly trailing: boolean;
  /** The white space that its first line begins with. */
  readonly indentation: string;
  /** Behind that: how it begins, how its other lines begin, how it ends (nothing for line comments). */
  readonly signs: { readonly open: string; readonly next: string; readonly close: string };
  /** Its first sign alone: `//`, `/*`, `r"""`. */
  readonly open: string;
  /** Only some of a comment, and no line may be put below it that ends the comment. */
  readonly isPart?: boolean;
}

/** A place in a document, by line and UTF-16 column. */
interface Place {
  readonly line: number;
  readonly character: number;
}

/** What of a comment lies between two places, without the signs that lines begin with; undefined where nothing does. */
export function partOfComment(comment: Comment, from: Place, to: Place): Comment | undefined {
  const lines = comment.lines
    .map((line, index) => ({ at: comment.first + index, line }))
    .filter(({ at }) => from.line <= at && at <= to.line)
    .map(({ at, line }) => {
      const end = line.lead.length + line.content.length;
      const cutStart =
        at === from.line ? Math.max(line.lead.length, Math.min(from.character, end)) : line.lead.length;
      const cutEnd = at === to.line ? Math.max(cutStart, Math.min(to.character, end)) : end;
      const text = line.lead + line.content;
      const cut = text.slice(cutStart, cutEnd);
      const start = cutStart + (cut.length - cut.trimStart().length);
      const content = cut.trim();
      return {
        at,
        isCut: content !== line.content,
        line: {
          lead: text.slice(0, start),
          content,
          tail: text.slice(start + content.length) + line.tail,
        },
      };
    });
  // A line whose signs alone are selected is not meant.
  while (lines.at(-1)?.line.content === '') lines.pop();
  while (lines[0]?.line.content === '') lines.shift();
  const first = lines[0];
  if (first === undefined) return undefined;
  return {
    ...comment,
    first: first.at,
    lines: lines.map(({ line }) => line),
    // A few words of a line stay in it.
    trailing: comment.trailing || (lines.length === 1 && first.isCut),
    isPart: comment.signs.close !== '' && !lines.at(-1)!.line.tail.includes(comment.signs.close),
  };
}

/**
 * The comments of some regions, in order; with `between`, those alone that touch these lines. Several whole-line
 * comments in a row, with the same sign at the same column, are one.
 */
export function commentsFrom(
  lines: Lines,
  regions: readonly CommentRegion[],
  between: { readonly first: number; readonly last: number } = { first: 0, last: Infinity },
): Comment[] {
  const comments: Comment[] = [];
  let from = regions.findIndex(({ last }) => last >= between.first);
  while (from > 0 && continues(lines, regions[from - 1]!, regions[from]!)) from--;
  for (let at = Math.max(0, from); from >= 0 && at < regions.length; at++) {
    const region = regions[at]!;
    if (region.first > between.last) break;
    if (region.kind === 'block') {
      comments.push(blockComment(lines, region));
      continue;
    }
    // A script's first line names its interpreter.
    if (region.first === 0 && lines.at(0).startsWith('#!')) continue;
    let last = at;
    while (last + 1 < regions.length && continues(lines, regions[last]!, regions[last + 1]!)) last++;
    comments.push(lineComments(lines, regions.slice(at, last + 1)));
    at = last;
  }
  return comments;
}

/** Whether a line comment goes on with the one in the line above it. */
function continues(
  lines: Lines,
  above: CommentRegion,
  { kind, first, start, end, open }: CommentRegion,
): boolean {
  if (kind !== 'line' || first !== above.first + 1 || start !== above.start) return false;
  const isWhole = (line: number): boolean => lines.at(line).slice(0, start).trim() === '';
  if (!isWhole(first) || !isWhole(above.first)) return false;
  // What is behind it is none of the comment's, and stays in its line.
  if (lines.at(above.first).slice(above.end).trim() !== '') return false;
  const sign = (line: number, to: number, base: string): string =>
    splitAtSign(lines.at(line).slice(0, to), start, base).lead.slice(start).trimEnd();
  return sign(first, end, open) === sign(above.first, above.end, above.open);
}

function lineComments(lines: Lines, regions: readonly CommentRegion[]): Comment {
  const { first, start, end, open } = regions[0]!;
  const text = lines.at(first);
  const indentation = /^\s*/.exec(text)![0];
  const found = regions.map((region) => splitLine(lines.at(region.first), region));
  const repeated = found[0]!.lead.slice(start);
  const signs = { open: repeated, next: repeated, close: '' };
  const trailing = start > indentation.length || text.slice(end).trim() !== '';
  return { first, lines: found, trailing, indentation, signs, open };
}

function splitLine(text: string, { start, end, open }: CommentRegion): CommentLine {
  const { lead, content, tail } = splitAtSign(text.slice(0, end), start, open);
  return { lead, content, tail: tail + text.slice(end) };
}

/** Behind the sign and what repeats its last character (`///`, `##`, `//!`), and one run of white space. */
function splitAtSign(text: string, start: number, sign: string): CommentLine {
  let end = start + sign.length;
  while (text[end] === sign.at(-1) || text[end] === '!') end++;
  // `//!<` documents what stands before it.
  if (text[end] === '<' && /[/*]$/.test(sign)) end++;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return { lead: text.slice(0, end), ...splitEnd(text.slice(end)) };
}

function blockComment(lines: Lines, { first, start, last, end, open, close }: CommentRegion): Comment {
  const before = lines.at(first).slice(0, start);
  const behind = lines.at(last).slice(end);
  const texts: string[] = [];
  for (let at = first; at <= last; at++) {
    texts.push(at === last ? lines.at(at).slice(0, end - close.length) : lines.at(at));
  }
  const gutter = gutterOf(texts.slice(1), open);
  const found = texts.map((text, index): CommentLine => {
    const signs = index === 0 ? /^[*!]*<?\s*/ : gutter;
    const from = index === 0 ? start + open.length : 0;
    const lead = from + signs.exec(text.slice(from))![0].length;
    const { content, tail } = splitEnd(text.slice(lead));
    const isLast = index === texts.length - 1;
    return { lead: text.slice(0, lead), content, tail: tail + (isLast ? close + behind : '') };
  });
  const indentation = /^\s*/.exec(before)![0];
  const usual = found
    .slice(1)
    .find(({ content }) => content !== '')
    ?.lead.slice(indentation.length);
  return {
    first,
    lines: found,
    trailing: before.trim() !== '' || behind.trim() !== '' || isSingleLine(open),
    indentation,
    signs: { open: `${open} `, next: usual ?? (open === '/*' ? ' * ' : '  '), close },
    open,
  };
}

/** A docstring in single quotation marks cannot have a second line. */
function isSingleLine(open: string): boolean {
  return /["']/.test(open) && !/"""|'''/.test(open);
}

/** What the lines behind the first begin with: white space, and asterisks where all of them have some. */
function gutterOf(texts: readonly string[], open: string): RegExp {
  const written = texts.filter((text) => text.trim() !== '');
  const hasAsterisks = open.endsWith('*') && written.every((text) => /^\s*\*+(?:\s|$)/.test(text));
  return hasAsterisks ? /^\s*\**\s*/ : /^\s*/;
}

function splitEnd(text: string): { content: string; tail: string } {
  const content = text.trimEnd();
  return { content, tail: text.slice(content.length) };
}

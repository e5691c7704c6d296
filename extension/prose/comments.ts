/**
 * The comment around a line: where its text stands between the signs that make it a comment. Knows a language only by
 * its comment signs, so that it serves every language that VS Code knows.
 */
import { commentsInLine, type CommentInLine, type CommentRules } from './commentSigns';

/** A document's lines, without their endings. */
export interface Lines {
  readonly count: number;
  at(line: number): string;
}

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
}

/** A block comment is looked for so many lines up, and twice as many down from where it begins. */
const furthestLines = 500;

/** Where a block comment begins. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * The comment that a line belongs to or holds; of several in the line the first that has words. Several whole-line
 * comments in a row are one.
 */
export function commentAround(lines: Lines, line: number, rules: CommentRules): Comment | undefined {
  const above = openedAbove(lines, line, rules);
  const text = lines.at(line);
  const found = commentsInLine(text, rules, above !== undefined);
  const comments = found.flatMap((own, index) => {
    if (own.kind === 'line') return [() => lineComments(lines, line, own, rules)];
    const begin = index === 0 && above !== undefined ? above : { line, column: own.start };
    return [() => blockComment(lines, begin, rules.block!)];
  });
  const withWords = found.findIndex(({ start, end }) => /\p{L}/u.test(text.slice(start, end)));
  const comment = comments[Math.max(0, withWords)]?.();
  if (comment !== undefined || rules.block === undefined || found.length === 0) return comment;
  // A block that never ends was none.
  return commentAround(lines, line, { ...(rules.line === undefined ? {} : { line: rules.line }) });
}

/** Where the block comment begins that the line begins within. */
function openedAbove(lines: Lines, line: number, rules: CommentRules): Place | undefined {
  if (rules.block === undefined) return undefined;
  const [open, close] = rules.block;
  if (open === close) return openedByOdd(lines, line, open, rules);
  for (let at = line - 1; at >= Math.max(0, line - furthestLines); at--) {
    const text = lines.at(at);
    const closes = text.includes(close);
    if (!closes && !text.includes(open)) continue;
    // Read as if it began with code: a line that begins within a comment and does not close it opens none either.
    const last = commentsInLine(text, rules, false).at(-1);
    if (last?.goesOn === true) return { line: at, column: last.start };
    if (closes) return undefined;
  }
  return undefined;
}

/** Where one sign both opens and closes, as Python's `"""`, only counting from the document's beginning tells which. */
function openedByOdd(lines: Lines, line: number, sign: string, rules: CommentRules): Place | undefined {
  let opened: Place | undefined;
  for (let at = 0; at < line; at++) {
    const text = lines.at(at);
    if (!text.includes(sign)) continue;
    const last = commentsInLine(text, rules, opened !== undefined).at(-1);
    if (last?.goesOn !== true) opened = undefined;
    else if (opened === undefined || last.start > 0) opened = { line: at, column: last.start };
  }
  return opened;
}

function lineComments(
  lines: Lines,
  line: number,
  { start }: CommentInLine,
  { line: sign = '', block }: CommentRules,
): Comment | undefined {
  const text = lines.at(line);
  // A script's first line names its interpreter.
  const isComment = (other: number): boolean => !(other === 0 && lines.at(0).startsWith('#!'));
  if (!isComment(line)) return undefined;
  const indentation = /^\s*/.exec(text)![0];
  const own = splitAtSign(text, start, sign);
  const repeated = own.lead.slice(start);
  const signs = { open: repeated, next: repeated, close: '' };
  if (start > indentation.length) return { first: line, lines: [own], trailing: true, indentation, signs };
  const isLike = (other: number): boolean => {
    if (other < 0 || other >= lines.count || !isComment(other)) return false;
    const candidate = lines.at(other);
    if (!candidate.startsWith(sign, start) || candidate.slice(0, start).trim() !== '') return false;
    if (block !== undefined && candidate.startsWith(block[0], start)) return false;
    return splitAtSign(candidate, start, sign).lead.slice(start).trimEnd() === repeated.trimEnd();
  };
  let first = line;
  while (isLike(first - 1)) first--;
  let last = line;
  while (isLike(last + 1)) last++;
  const found = [];
  for (let at = first; at <= last; at++) found.push(splitAtSign(lines.at(at), start, sign));
  return { first, lines: found, trailing: false, indentation, signs };
}

/** Behind the sign and what repeats its last character (`///`, `##`, `//!`), and one run of white space. */
function splitAtSign(text: string, start: number, sign: string): CommentLine {
  let end = start + sign.length;
  while (text[end] === sign.at(-1) || text[end] === '!') end++;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return { lead: text.slice(0, end), ...splitEnd(text.slice(end)) };
}

function blockComment(
  lines: Lines,
  begin: Place,
  [open, close]: readonly [string, string],
): Comment | undefined {
  const end = closingBelow(lines, begin, open, close);
  if (end === undefined) return undefined;
  const before = lines.at(begin.line).slice(0, begin.column);
  // Where a text is a comment too, as in Python, what is assigned or handed over is none.
  if (open === close && !/^\s*\w{0,2}$/.test(before)) return undefined;
  const texts: string[] = [];
  for (let at = begin.line; at <= end.line; at++) {
    texts.push(at === end.line ? lines.at(at).slice(0, end.column) : lines.at(at));
  }
  const behind = lines.at(end.line).slice(end.column);
  const gutter = gutterOf(texts.slice(1), open);
  const found = texts.map((text, index): CommentLine => {
    const signs = index === 0 ? /^[*!]*\s*/ : gutter;
    const from = index === 0 ? begin.column + open.length : 0;
    const lead = from + signs.exec(text.slice(from))![0].length;
    const { content, tail } = splitEnd(text.slice(lead));
    return { lead: text.slice(0, lead), content, tail: tail + (index === texts.length - 1 ? behind : '') };
  });
  const indentation = /^\s*/.exec(before)![0];
  const usual = found
    .slice(1)
    .find(({ content }) => content !== '')
    ?.lead.slice(indentation.length);
  return {
    first: begin.line,
    lines: found,
    trailing: before.trim() !== '' || behind.slice(close.length).trim() !== '',
    indentation,
    signs: { open: `${open} `, next: usual ?? (open === '/*' ? ' * ' : '  '), close },
  };
}

/** What the lines behind the first begin with: white space, and asterisks where all of them have some. */
function gutterOf(texts: readonly string[], open: string): RegExp {
  const written = texts.filter((text) => text.trim() !== '');
  const hasAsterisks = open.endsWith('*') && written.every((text) => /^\s*\*+(?:\s|$)/.test(text));
  return hasAsterisks ? /^\s*\**\s*/ : /^\s*/;
}

function closingBelow(lines: Lines, begin: Place, open: string, close: string): Place | undefined {
  const last = Math.min(lines.count - 1, begin.line + 2 * furthestLines);
  for (let at = begin.line; at <= last; at++) {
    const column = lines.at(at).indexOf(close, at === begin.line ? begin.column + open.length : 0);
    if (column >= 0) return { line: at, column };
  }
  return undefined;
}

function splitEnd(text: string): { content: string; tail: string } {
  const content = text.trimEnd();
  return { content, tail: text.slice(content.length) };
}

/** A document as lines, and what translating the comment at a line of it does to it. */
import { proseOfComment } from '../../../extension/prose/commentProse';
import { commentsFrom, type Comment } from '../../../extension/prose/comments';
import type { CommentRules } from '../../../extension/prose/reading/commentSigns';
import type { Lines } from '../../../extension/prose/reading/lines';
import { regionsBySigns } from '../../../extension/prose/reading/regionsBySigns';

export const rulesOf = {
  c: { line: '//', block: ['/*', '*/'] },
  css: { block: ['/*', '*/'] },
  coffeescript: { line: '#', block: ['###', '###'] },
  haskell: { line: '--', block: ['{-', '-}'] },
  html: { block: ['<!--', '-->'] },
  ini: { line: ';' },
  latex: { line: '%' },
  lua: { line: '--', block: ['--[[', ']]'] },
  powershell: { line: '#', block: ['<#', '#>'] },
  python: { line: '#', block: ['"""', '"""'] },
  shell: { line: '#' },
  sql: { line: '--', block: ['/*', '*/'] },
  vb: { line: "'" },
  bat: { line: '@REM' },
} as const satisfies Record<string, CommentRules>;

export interface Translated {
  /** What the engine reads. */
  readonly read: string;
  /** The document with the translation in the comment's place. */
  readonly replaced: string;
  /** The document with the translation below the comment. */
  readonly below: string;
  readonly comment: Comment;
}

export function linesOf(source: string): Lines & { readonly all: readonly string[] } {
  const all = source.split('\n');
  return { all, count: all.length, at: (line) => all[line]! };
}

/**
 * Translates the comment around the line that holds the mark `▮`, which is taken out.
 *
 * @returns undefined where there is no comment, or no words in it
 */
export function translateAtMark(
  marked: string,
  rules: CommentRules,
  translate: (text: string) => string = (text) => text.toUpperCase(),
): Translated | undefined {
  const line = marked.split('\n').findIndex((text) => text.includes('▮'));
  return translateAt(marked.replace('▮', ''), line, rules, translate);
}

/** The comment that a line belongs to or holds; of several in the line the first that has words. */
export function commentAround(lines: Lines, line: number, rules: CommentRules): Comment | undefined {
  const found = commentsFrom(lines, regionsBySigns(lines, rules), { first: line, last: line });
  const hasWords = (comment: Comment): boolean => /\p{L}/u.test(comment.lines[line - comment.first]!.content);
  return found.find(hasWords) ?? found[0];
}

export function translateAt(
  source: string,
  line: number,
  rules: CommentRules,
  translate: (text: string) => string,
): Translated | undefined {
  const lines = linesOf(source);
  const comment = commentAround(lines, line, rules);
  if (comment === undefined) return undefined;
  const prose = proseOfComment(comment);
  if (prose.text === '') return undefined;
  const translation = translate(prose.text);
  const fitted = prose.fit(translation);
  fitted[0] = comment.lines[0]!.lead + fitted[0]!;
  fitted.push(`${fitted.pop()!}${comment.lines.at(-1)!.tail}`);
  const behind = lines.all.slice(comment.first + comment.lines.length);
  const { line: above, texts } = prose.below(translation);
  return {
    read: prose.text,
    replaced: [...lines.all.slice(0, comment.first), ...fitted, ...behind].join('\n'),
    below: [...lines.all.slice(0, above + 1), ...texts, ...lines.all.slice(above + 1)].join('\n'),
    comment,
  };
}

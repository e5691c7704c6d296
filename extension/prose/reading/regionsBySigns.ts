/**
 * Comments by their signs alone, for languages without a grammar: read from the first line on, so that every language
 * that VS Code knows has some.
 */
import { commentsInLine, type CommentRules } from './commentSigns';
import type { Lines } from './lines';
import type { CommentRegion } from './regions';

interface Open {
  readonly first: number;
  readonly start: number;
}

/** The comments of a document, in order. */
export function regionsBySigns(lines: Lines, rules: CommentRules): CommentRegion[] {
  const { line: sign = '', block } = rules;
  const closings = block === undefined ? [] : linesWith(lines, block[1]);
  const regions: CommentRegion[] = [];
  let open: Open | undefined;
  for (let line = 0; line < lines.count; line++) {
    const text = lines.at(line);
    const found = commentsInLine(text, rules, open !== undefined);
    found.forEach(({ kind, start, end, goesOn }, index) => {
      if (kind === 'line') {
        regions.push({ kind, first: line, start, last: line, end, open: sign, close: '' });
        return;
      }
      const begin: Open = index === 0 && open !== undefined ? open : { first: line, start };
      open = goesOn ? begin : undefined;
      if (goesOn) return;
      if (isComment(lines, begin, block!))
        regions.push({ kind, ...begin, last: line, end, open: block![0], close: block![1] });
    });
    // A block that never ends was none: what the line holds besides is read without it.
    const lastClosing = closings.at(-1) ?? -1;
    if (open?.first === line && lastClosing <= line) {
      open = undefined;
      if (rules.line !== undefined) {
        while (regions.at(-1)?.first === line) regions.pop();
        for (const { start, end } of commentsInLine(text, { line: sign }, false))
          regions.push({ kind: 'line', first: line, start, last: line, end, open: sign, close: '' });
      }
    }
  }
  return regions;
}

/** Where a text is a comment too, as in Python, what is assigned or handed over is none. */
function isComment(lines: Lines, { first, start }: Open, [open, close]: readonly [string, string]): boolean {
  return open !== close || /^\s*\w{0,2}$/.test(lines.at(first).slice(0, start));
}

function linesWith(lines: Lines, sign: string): number[] {
  const found: number[] = [];
  for (let line = 0; line < lines.count; line++) if (lines.at(line).includes(sign)) found.push(line);
  return found;
}

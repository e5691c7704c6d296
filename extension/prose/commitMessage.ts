/**
 * The prose of a commit message: its subject and its body. Comment lines, trailers and what git puts below the scissors
 * are not translated.
 */
import type { Comment } from './comments';
import { paragraphsOf } from './plainText';
import type { Lines } from './reading/lines';

const scissors = /^\S+ -+ >8 -+$/;
/** Of the last paragraph: `Signed-off-by: …`, `Fixes: #12`. */
const trailer = /^[A-Za-z][A-Za-z0-9-]*: \S|^\(cherry picked from commit /;
/** Before a subject: `fix(parser)!: …`, `fixup! …`. */
const leftSubject =
  /^(?:fixup|squash|amend)! |^Merge (?:branch|pull request|remote-tracking branch|tag) |^Revert "/;

export function commitParagraphs(lines: Lines): Comment[] {
  let last = 0;
  while (last < lines.count && !scissors.test(lines.at(last))) last++;
  if (--last < 0) return [];
  const isComment = (line: number): boolean => lines.at(line).startsWith('#');
  const paragraphs = paragraphsOf(lines, { end: last, rules: { isLeft: isComment } }).map(withoutKind);
  const final = paragraphs.at(-1);
  if (final !== undefined && final.lines.every(({ content, lead }) => lead !== '' || trailer.test(content)))
    paragraphs.pop();
  return paragraphs.filter(
    ({ lines: own }) =>
      !leftSubject.test(own[0]!.content) && !own.every(({ content }) => trailer.test(content)),
  );
}

/** “fix(parser)!: ” is for programs that read the log. */
function withoutKind(paragraph: Comment, index: number): Comment {
  const [first, ...others] = paragraph.lines;
  const kind = index === 0 ? /^[a-z]+(?:\([^)]*\))?!?: +/.exec(first!.content)?.[0] : undefined;
  if (kind === undefined) return paragraph;
  const subject = { ...first!, lead: first!.lead + kind, content: first!.content.slice(kind.length) };
  return { ...paragraph, lines: [subject, ...others] };
}

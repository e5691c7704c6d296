/** How Haddock and POD mark the paragraphs of a comment, and what of POD is no text at all. */
import type { Comment, CommentLine } from './comments';

/** What a paragraph documents, below it or before it. A row of a table ends with such a sign too. */
const markOfHaddock = /^[|^]\s+(?!.*\|$)/;
/** Commands with a text behind them. */
const markOfPod = /^=(?:head[1-6]|item)\s+(?:\*\s+|\d+\.?\s+)?/;
/** `C<open>`, `B<-v>, B<--verbose>`, `C<< $store->open >>` */
const codes = /^(?:[A-Z](?:<<+ (?:[^>]|>(?!>))*>>+|<(?:[^<>]|[A-Z]<[^<>]*>)*>)[\s,;:|/]*)+$/;
/** What is most often the name of something. */
const itemOfOneWord = /^=item\s+\w\S*(?: \([^()]*\))?$/;

function isPod({ signs }: Comment): boolean {
  return signs.close === '=cut';
}

/** What marks a line's text, and stays before it: `| `, `=head2 `, `=item * `. */
export function markOf(comment: Comment, content: string): string {
  const isHaddock = /^(?:--|\{-)$/.test(comment.signs.open.trim());
  const pattern = isPod(comment) ? markOfPod : isHaddock ? markOfHaddock : undefined;
  return pattern?.exec(content)?.[0] ?? '';
}

/** Of POD: commands but headings and items, names, and every line that is indented. */
export function isCodeOfPod(comment: Comment, { lead, content }: CommentLine): boolean {
  if (!isPod(comment)) return false;
  const command = lead.startsWith(comment.open) ? comment.open : content;
  if (/^\s/.test(lead) || /^=(?!head|item)/.test(command) || itemOfOneWord.test(content)) return true;
  return codes.test(content.slice(markOf(comment, content).length));
}

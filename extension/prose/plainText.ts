/**
 * Paragraphs of documents that are prose themselves. Lines that were wrapped are one text and are wrapped again; lines
 * that end where their writer wanted them to stay lines.
 */
import type { Comment, CommentLine } from './comments';
import type { LineRules } from './lightMarkup';
import type { Lines } from './reading/lines';
import { isUnderlined } from './underlined';

/** Lines of fewer columns were not wrapped by an editor. */
const leastWidth = 50;
const endsSentence = /[.!?…。！？]["'”’»)\]」』]*$/u;

/** Which paragraphs are asked for. */
export interface ParagraphOptions {
  /** Only those that these lines touch. */
  readonly around?: { readonly first: number; readonly last: number };
  /** What is behind this line is no text. */
  readonly end?: number;
  readonly rules?: LineRules;
}

const plainRules: LineRules = { isLeft: () => false };

/** The paragraphs, each as a comment without signs. */
export function paragraphsOf(
  lines: Lines,
  { around, end = lines.count - 1, rules = plainRules }: ParagraphOptions = {},
): Comment[] {
  const isBlank = (line: number): boolean => lines.at(line).trim() === '';
  let { first, last } = around ?? { first: 0, last: end };
  while (first > 0 && !isBlank(first)) first--;
  while (last < end && !isBlank(last)) last++;
  last = Math.min(last, end);
  const paragraphs: Comment[] = [];
  let begun: number | undefined;
  for (let line = first; line <= last + 1; line++) {
    const text = line <= last ? lines.at(line) : '';
    const isRuled = (at: number): boolean =>
      rules.underlining !== undefined && isUnderlined(lines, at, rules.underlining);
    const isLeft = text.trim() === '' || rules.isLeft(line) || isRuled(line - 1);
    const isHeading = !isLeft && (rules.heading?.test(text) === true || isRuled(line));
    const begins = isHeading || rules.lead?.test(text) === true;
    if ((isLeft || begins) && begun !== undefined) {
      paragraphs.push(...split(lines, begun, line - 1, rules));
      begun = undefined;
    }
    if (isHeading) paragraphs.push(paragraph(line, [text.trimEnd()], rules));
    else if (!isLeft) begun ??= line;
  }
  return paragraphs;
}

/** A paragraph as one, if it was wrapped; else line by line. */
function split(lines: Lines, first: number, last: number, rules: LineRules): Comment[] {
  const texts = Array.from({ length: last - first + 1 }, (_, index) => lines.at(first + index).trimEnd());
  if (isWrapped(texts)) return [paragraph(first, texts, rules)];
  return texts.map((text, index) => paragraph(first + index, [text], rules));
}

/**
 * Whether lines were broken because they had become too long: a line's next word would not have had room in it. One in
 * four may end early, as an item of a list does. Where each line ends a sentence, as in a log, it is a line for its own sake.
 */
function isWrapped(texts: readonly string[]): boolean {
  if (texts.length === 1) return true;
  const width = Math.max(...texts.map((text) => text.length));
  if (width < leastWidth || texts.slice(0, -1).every((text) => endsSentence.test(text))) return false;
  const early = texts.slice(0, -1).filter((text, index) => {
    const word = /^\s*(\S*)/.exec(texts[index + 1]!)![1]!;
    return text.length + 1 + word.length < 0.8 * width && !/^\s*(?:[-*+•]|\d+[.)])\s/.test(texts[index + 1]!);
  });
  return early.length <= (texts.length - 1) / 4;
}

function paragraph(first: number, texts: readonly string[], { heading, lead, tail }: LineRules): Comment {
  const found = texts.map((text, index): CommentLine => {
    const indentation = /^\s*/.exec(text)![0];
    const sign = index > 0 ? undefined : (heading?.exec(text) ?? lead?.exec(text));
    const before = sign?.[0] ?? indentation;
    const behind = index < texts.length - 1 ? '' : (tail?.exec(text)?.[0] ?? '');
    return {
      lead: before,
      content: text.slice(before.length, Math.max(before.length, text.length - behind.length)),
      tail: behind,
    };
  });
  return {
    first,
    lines: found,
    trailing: false,
    indentation: /^\s*/.exec(texts[0]!)![0],
    signs: { open: '', next: '', close: '' },
    open: '',
  };
}

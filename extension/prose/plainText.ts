/**
 * Paragraphs of documents that are prose themselves. Lines that were wrapped are one text and are wrapped again; lines
 * that end where their writer wanted them to stay lines.
 */
import type { Comment, CommentLine } from './comments';
import type { Lines } from './reading/lines';

/** Lines of fewer columns were not wrapped by an editor. */
const leastWidth = 50;
const endsSentence = /[.!?…。！？]["'”’»)\]」』]*$/u;

/** Which paragraphs are asked for. */
export interface ParagraphOptions {
  /** Only those that these lines touch. */
  readonly around?: { readonly first: number; readonly last: number };
  /** What is behind this line is no text. */
  readonly end?: number;
  /** Lines that are no text, as what a program reads. */
  readonly isLeft?: (text: string) => boolean;
}

/** The paragraphs, each as a comment without signs. */
export function paragraphsOf(
  lines: Lines,
  { around, end = lines.count - 1, isLeft = () => false }: ParagraphOptions = {},
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
    const ends = text.trim() === '' || isLeft(text);
    if (ends && begun !== undefined) {
      paragraphs.push(...split(lines, begun, line - 1));
      begun = undefined;
    } else if (!ends) {
      begun ??= line;
    }
  }
  return paragraphs;
}

/** A paragraph as one, if it was wrapped; else line by line. */
function split(lines: Lines, first: number, last: number): Comment[] {
  const texts = Array.from({ length: last - first + 1 }, (_, index) => lines.at(first + index).trimEnd());
  if (isWrapped(texts)) return [paragraph(first, texts)];
  return texts.map((text, index) => paragraph(first + index, [text]));
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

function paragraph(first: number, texts: readonly string[]): Comment {
  const found = texts.map((text): CommentLine => {
    const lead = /^\s*/.exec(text)![0];
    return { lead, content: text.slice(lead.length), tail: '' };
  });
  const { lead } = found[0]!;
  return {
    first,
    lines: found,
    trailing: false,
    indentation: lead,
    signs: { open: '', next: '', close: '' },
    open: '',
  };
}

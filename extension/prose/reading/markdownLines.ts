/**
 * Lines that CommonMark takes for text of a paragraph and others do not: GitHub's and Obsidian's alerts, MkDocs'
 * admonitions and tabs, kramdown's attributes, lists of definitions. Joined with their neighbours they would be lost.
 */
import type { Span } from '../prose';

/** Behind it stands a title, or nothing. */
const alert = /^\[![\w-]+\][-+]?(?:\s+|$)/;
/** What follows in the paragraph is a document of its own. */
const container =
  /^(?:!!!|\?\?\?\+?)\s*[\w-]+(?:\s+[\w-]+)*(?:\s+"[^"]*")?$|^\?\?\?\+?\s+"[^"]*"$|^===[+!]?\s+"[^"]*"$/;
/** `{: .class}`, and the end of a `:::` block. */
const forPrograms = /^\{(?::|\s*[#.])[^{}]*\}$|^:{3,}/;
const definition = /^:\s+/;
const fence = /^(?:```|~~~)/;
const itemOrHeading = /^(?:[-*+]|\d{1,9}[.)]|#{1,6})\s+/;

interface Line {
  /** Behind quotation signs and white space. */
  readonly start: number;
  readonly content: string;
}

/** A paragraph's parts that are texts of their own, in offsets; what is between them stays. One, if it has no such lines. */
export function partsOfParagraph(text: string, paragraph: Span): Span[] {
  const lines = linesOf(text, paragraph);
  const firstDefinition = lines.findIndex(({ content }) => definition.test(content));
  const parts: Span[] = [];
  let goesOn = false;
  let isWithin = false;
  let isFenced = false;
  lines.forEach(({ start, content }, index) => {
    const isFence = isWithin && fence.test(content);
    const stays = isFenced || isFence || isLeft(content) || (isWithin && content.startsWith('|'));
    if (isFence) isFenced = !isFenced;
    isWithin ||= container.test(content);
    const sign = signOf(content, { isFirst: index === 0, isWithin });
    const end = start + content.length;
    if (!stays && goesOn && sign === '') parts.push({ start: parts.pop()!.start, end });
    else if (!stays && sign !== content) parts.push({ start: start + sign.length, end });
    // A term, and the title of an alert, end with their line.
    const isTitle = index < firstDefinition || (index === 0 && sign !== '' && alert.test(content));
    goesOn = !stays && sign !== content && !isTitle;
  });
  return parts;
}

function isLeft(content: string): boolean {
  return container.test(content) || forPrograms.test(content);
}

/** What a line begins with and stays. */
function signOf(content: string, { isFirst, isWithin }: { isFirst: boolean; isWithin: boolean }): string {
  const sign =
    definition.exec(content) ??
    (isFirst ? alert.exec(content) : null) ??
    (isWithin ? itemOrHeading.exec(content) : null);
  return sign?.[0] ?? '';
}

function linesOf(text: string, { start, end }: Span): Line[] {
  const raw = text.slice(start, end);
  const lines: Line[] = [];
  for (const { index, 0: whole } of raw.matchAll(/[^\r\n]+/g)) {
    const signs = index === 0 ? '' : /^[ \t]*(?:>[ \t]*)*/.exec(whole)![0];
    lines.push({ start: start + index + signs.length, content: whole.slice(signs.length).trimEnd() });
  }
  return lines;
}

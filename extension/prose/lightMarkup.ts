/**
 * What the paragraphs of reStructuredText and AsciiDoc stand in: blocks that a program reads, which may begin far above
 * the lines that are looked at, and the signs that headings and paragraphs have.
 */
import type { Lines } from './reading/lines';
import { isUnderlined, type Underlining } from './underlined';
import { columns } from './wrap';

/** What a language says of its lines beyond that blank ones part paragraphs. */
export interface LineRules {
  /** Lines that are no text. */
  readonly isLeft: (line: number) => boolean;
  /** Before a heading, which is a line of its own whatever stands below it. */
  readonly heading?: RegExp;
  /** Before the text of an item, a footnote or the like, which begins a paragraph of its own. */
  readonly lead?: RegExp;
  /** Behind the text of a paragraph. */
  readonly tail?: RegExp;
  /** How headings are underlined. */
  readonly underlining?: Underlining;
}

const underliningOfRest: Underlining = {
  pattern: /^([!-/:-@[-`{-~])\1{2,}$/,
  mayStandAbove: true,
  mostDifference: Infinity,
  lengthOf: columns,
};
const underliningOfAsciidoc: Underlining = {
  pattern: /^([-=~^+])\1+$/,
  mayStandAbove: false,
  mostDifference: 1,
  lengthOf: (text) => text.length,
};

/** Lines that stay, from one on to before another. */
interface Block {
  readonly first: number;
  readonly behind: number;
}

/** What stays, if a line begins or announces it. */
type BlockFinder = (lines: Lines, line: number) => Block | undefined;

export function lineRulesOf(languageId: string, lines: Lines): LineRules {
  switch (languageId) {
    case 'restructuredtext':
      return {
        isLeft: leftBy(blockOfRest, lines),
        heading: /^\s*\.\.\s+(?:admonition|centered|rubric|sidebar|table|topic)::\s+/,
        lead: /^\s*\.\.\s+(?!\S+::)(?:\[[^\]]+\]\s+)?/,
        // It announces the code below.
        tail: /\s*::$/,
        underlining: underliningOfRest,
      };
    case 'asciidoc':
      return {
        isLeft: leftBy(blockOfAsciidoc, lines),
        heading: /^(?:={1,6}\s+|\.(?=[^\s.])|\/\/\s+)/,
        lead: /^(?:(?:CAUTION|IMPORTANT|NOTE|TIP|WARNING): |\s*(?:\*{2,5}|\.{1,5}|<[\d.]+>)\s+)/,
        underlining: underliningOfAsciidoc,
      };
    default:
      return { isLeft: () => false };
  }
}

/** Reads from the first line on, since a block may begin far above, and only as far as it is asked. */
function leftBy(blockAt: BlockFinder, lines: Lines): LineRules['isLeft'] {
  const left = new Set<number>();
  let next = 0;
  return (line) => {
    while (next <= line) {
      const { first, behind } = blockAt(lines, next) ?? { first: next, behind: next };
      for (let at = first; at < behind; at++) left.add(at);
      next = Math.max(next + 1, behind);
    }
    return left.has(line);
  };
}

/** `.. name::`, or a substitution that names one. */
const directive = /^\s*\.\.\s+(?:\|[^|]+\|\s+)?([\w:.+-]+)::(?:\s|$)/;
/** Their text is for people. */
const saying =
  /^(?:admonition|attention|caution|centered|danger|deprecated|error|hint|important|note|rubric|seealso|sidebar|table|tip|todo|topic|version(?:added|changed|removed)|warning)$/;
/** All that is indented below them is for a program, or in columns. */
const programs =
  /^(?:autosummary|blockdiag|(?:code|sourcecode|parsed-literal)(?:-\w+)?|command-output|contents|csv-table|default-role|digraph|doctest|graph|graphviz|highlight|include|index|ipython|jupyter-execute|list-table|literalinclude|math|mermaid|meta|plantuml|plot|productionlist|program-output|prompt|raw|role|test(?:cleanup|code|output|setup)|toctree|uml)$/;
/** `:name: value` below a directive. */
const option = /^\s+:[\w-]+:(?:\s|$)/;
const simpleBorder = /^\s*=+(?:[ \t]+=+)+\s*$/;
const gridBorder = /^\s*\+(?:[-=]+\+)+\s*$/;
/** What is part of an item is indented as its text is. */
const itemSigns = /^\s*(?:(?:[-*+•]|\.\.|(?:\d+|[a-zA-Z#])[.)])\s+)*/;

function blockOfRest(lines: Lines, line: number): Block | undefined {
  const text = lines.at(line);
  const [signs, name] = directive.exec(text) ?? [];
  if (name !== undefined && !saying.test(name))
    return { first: line, behind: behindDirective(lines, line, name) };
  if (signs?.trim() === text.trim() || isOption(lines, line)) return { first: line, behind: line + 1 };
  // The address of a link; a doctest.
  if (/^\s*\.\.\s+_|^\s*>>>\s/.test(text)) return { first: line, behind: behindParagraph(lines, line) };
  if (simpleBorder.test(text)) return { first: line, behind: behindSimpleTable(lines, line) };
  if (gridBorder.test(text)) return { first: line, behind: behindLines(lines, line, /^\s*[+|]/) };
  if (!/::\s*$/.test(text)) return undefined;
  return { first: line + 1, behind: behindIndented(lines, line + 1, itemSigns.exec(text)![0].length) };
}

function behindDirective(lines: Lines, line: number, name: string): number {
  if (!programs.test(name)) return behindParagraph(lines, line);
  return behindIndented(lines, line + 1, indentationOf(lines.at(line)));
}

function isOption(lines: Lines, line: number): boolean {
  let above = line;
  while (above >= 0 && option.test(lines.at(above))) above--;
  return above >= 0 && above < line && directive.test(lines.at(above));
}

/** The last border of a simple table has a blank line below it; rows may have some too. */
function behindSimpleTable(lines: Lines, first: number): number {
  for (let line = first + 1; line < lines.count; line++)
    if (simpleBorder.test(lines.at(line)) && isBlank(lines, line + 1)) return line + 1;
  return behindParagraph(lines, first);
}

/** Its content is code, or is drawn. */
const programStyle =
  /^\[(?:,|(?:asciimath|comment|ditaa|graphviz|latexmath|listing|literal|mermaid|pass|plantuml|source|stem)(?=[\],%.#]))/;
const blockAttributes = /^\[.*\]$/;
const codeFence = /^(?:-{4,}|\.{4,}|\+{4,}|\/{4,}|```.*)$/;
const tableFence = /^[|,:!]={3,}$/;
/** An image, a file to include, a condition. */
const blockMacro = /^[a-z][\w-]*::(?:[^\s[][^[]*)?\[.*\]$/;
/** `:name: value`, a setting of the document. */
const attributeEntry = /^:!?\w[\w-]*!?:(?:\s|$)/;
const listItem = /^\s+(?:[-*.]{1,5}|(?:\d+|[a-zA-Z])\.|<[\d.]+>)\s|(?:::|;;)(?:\s|$)/;

function blockOfAsciidoc(lines: Lines, line: number): Block | undefined {
  const text = lines.at(line).trimEnd();
  if (isFence(lines, line)) return { first: line, behind: behindClosing(lines, line) };
  if (blockAttributes.test(text)) return { first: line, behind: behindAttributes(lines, line) };
  if (blockMacro.test(text) || attributeEntry.test(text)) return { first: line, behind: line + 1 };
  // An indented paragraph is literal.
  if (/^\s+\S/.test(text) && isBlank(lines, line - 1) && !listItem.test(text))
    return { first: line, behind: behindParagraph(lines, line) };
  return undefined;
}

/** Whether a line begins code or a table, and is not the line below a heading. */
function isFence(lines: Lines, line: number): boolean {
  const text = lines.at(line).trimEnd();
  if (!tableFence.test(text) && !codeFence.test(text)) return false;
  return !isUnderlined(lines, line - 1, underliningOfAsciidoc);
}

/** Behind a line of attributes, and the paragraph or the open block that they make code. */
function behindAttributes(lines: Lines, line: number): number {
  const next = line + 1;
  if (!programStyle.test(lines.at(line)) || next >= lines.count) return next;
  const text = lines.at(next).trimEnd();
  if (text === '--') return behindClosing(lines, next);
  // What is fenced, or has attributes and a heading more, is read by itself.
  return isFence(lines, next) || blockAttributes.test(text) || /^\.[^\s.]/.test(text)
    ? next
    : behindParagraph(lines, next);
}

/** What is never closed goes on to the end. */
function behindClosing(lines: Lines, first: number): number {
  const sign = lines
    .at(first)
    .trimEnd()
    .replace(/^```.*/, '```');
  let line = first + 1;
  while (line < lines.count && lines.at(line).trimEnd() !== sign) line++;
  return Math.min(line + 1, lines.count);
}

function behindParagraph(lines: Lines, first: number): number {
  return behindLines(lines, first, /\S/);
}

function behindLines(lines: Lines, first: number, pattern: RegExp): number {
  let line = first;
  while (line < lines.count && pattern.test(lines.at(line))) line++;
  return line;
}

/** Behind the lines that are blank or indented further than that. */
function behindIndented(lines: Lines, first: number, indentation: number): number {
  let line = first;
  while (line < lines.count && (isBlank(lines, line) || indentationOf(lines.at(line)) > indentation)) line++;
  return line;
}

function indentationOf(text: string): number {
  return text.length - text.trimStart().length;
}

function isBlank(lines: Lines, line: number): boolean {
  return line < 0 || line >= lines.count || lines.at(line).trim() === '';
}

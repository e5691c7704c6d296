/**
 * The prose of a Markdown or MDX document, by a CommonMark parser: paragraphs, headings, cells of tables and alternative
 * texts of images, each with what in it stays as it is. Front matter, code, HTML, definitions of links and, in MDX,
 * imports, exports and components are no prose.
 */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import type { Span } from '../prose';
import { partsOfParagraph } from './markdownLines';
import type { MarkupBlock } from './regions';
import { isSynopsis } from './synopsis';

export type Root = ReturnType<typeof fromMarkdown>;
export type Nodes = Root | Root['children'][number];
type Parents = Extract<Nodes, { readonly children: unknown }>;
type PhrasingContent = Extract<Nodes, { readonly type: 'paragraph' }>['children'][number];
type Place = NonNullable<Nodes['position']>;
type Flavour = 'markdown' | 'mdx';

const frontMatters: ('yaml' | 'toml')[] = ['yaml', 'toml'];

/** The document as a tree; every node knows its offsets in the text. */
export function parseMarkdown(text: string): Root {
  return fromMarkdown(text, {
    extensions: [gfm(), frontmatter(frontMatters)],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(frontMatters)],
  });
}

/** The blocks of prose, in the text's order. */
export function markdownBlocks(text: string, flavour: Flavour): MarkupBlock[] {
  const blocks: MarkupBlock[] = [];
  collect(parseMarkdown(text), text, flavour, blocks);
  return blocks;
}

function collect(node: Nodes, text: string, flavour: Flavour, blocks: MarkupBlock[]): void {
  if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell') {
    addBlock(node, text, flavour, blocks);
  } else if ('children' in node) {
    for (const child of node.children) collect(child, text, flavour, blocks);
  }
}

function addBlock(node: Parents, text: string, flavour: Flavour, blocks: MarkupBlock[]): void {
  const children = node.children as PhrasingContent[];
  const [first, last] = [children[0], children.at(-1)];
  if (first === undefined || last === undefined) return;
  const whole = { start: startOf(first), end: endOf(last) };
  const raw = text.slice(whole.start, whole.end);
  if ((flavour === 'mdx' && isCodeOfMdx(raw)) || raw.split('\n').every(isSynopsis)) return;
  if (isOnlyImages(children)) {
    // A badge, a picture: its text stands for it.
    for (const child of children) addAlternative(child, text, flavour, blocks);
    return;
  }
  if (isMarker(raw)) return;
  const kind = node.type === 'heading' ? 'heading' : node.type === 'tableCell' ? 'cell' : 'paragraph';
  const parts = kind === 'paragraph' ? partsOfParagraph(text, whole) : [whole];
  // What begins in one text and ends in another belongs to none.
  if (children.some((child) => isCut(child, parts))) return;
  for (const { start, end } of parts) {
    const inline = new Inline(text, flavour, { start, end });
    for (const child of children) inline.read(child);
    const { keep, breaks, hasWords } = inline;
    if (hasWords) blocks.push({ start, end, flavour, kind, keep: [...new Set(keep)], breaks });
  }
}

/** Whether a node lies in one of the parts and reaches out of it. */
function isCut(node: PhrasingContent, parts: readonly Span[]): boolean {
  if (node.type === 'text' || node.type === 'break') return false;
  const [from, to] = [startOf(node), endOf(node)];
  return parts.some(({ start, end }) => from < end && start < to && (from < start || end < to));
}

/** `$$` of mathematics, `:::note` and `[[_TOC_]]` are read by programs. */
function isMarker(raw: string): boolean {
  return /^(?:\$\$|:::|\[\[?_?toc_?\]\]?$|\{%|\{\{<)/i.test(raw);
}

/** Imports, exports, and lines of components and expressions that a Markdown parser takes for paragraphs. */
function isCodeOfMdx(raw: string): boolean {
  return /^(?:import\b.*['"{]|export\b)/.test(raw) || /^(?:<\/?[A-Za-z>]|\{)[^]*(?:>|\})$/.test(raw);
}

function isOnlyImages(children: readonly PhrasingContent[]): boolean {
  return children.every(
    (child) =>
      child.type === 'image' ||
      child.type === 'imageReference' ||
      child.type === 'break' ||
      (child.type === 'text' && child.value.trim() === '') ||
      (child.type === 'html' && /^<\/?(?:a|br|p)\b/i.test(child.value)) ||
      ((child.type === 'link' || child.type === 'linkReference') && isOnlyImages(child.children)),
  );
}

function addAlternative(node: PhrasingContent, text: string, flavour: Flavour, blocks: MarkupBlock[]): void {
  if (node.type === 'link' || node.type === 'linkReference') {
    for (const child of node.children) addAlternative(child, text, flavour, blocks);
  }
  if (node.type !== 'image' || node.alt == null || !/\p{L}/u.test(node.alt)) return;
  const start = startOf(node) + 2;
  const end = start + closingBracket(text.slice(start, endOf(node)));
  const raw = text.slice(start, end);
  const from = start + raw.length - raw.trimStart().length;
  const span = { start: from, end: start + raw.trimEnd().length };
  blocks.push({ ...span, flavour, kind: 'alternative', keep: escapesIn(raw), breaks: [] });
}

/** What a block's inline nodes say of it. */
class Inline {
  readonly keep: string[] = [];
  readonly breaks: number[] = [];
  hasWords = false;

  constructor(
    readonly text: string,
    readonly flavour: Flavour,
    /** What lies outside of it is of other blocks. */
    readonly block: Span,
  ) {}

  read(node: PhrasingContent): void {
    const { start, end } = this.block;
    const [from, to] = [Math.max(start, startOf(node)), Math.min(end, endOf(node))];
    if (from >= to) return;
    if (node.type === 'text') this.#readText(from, to);
    else if (node.type === 'break') this.breaks.push(endOf(node));
    else if (node.type === 'image') this.#readImage(node);
    else if (isAround(node, this.text)) this.#readAround(node);
    else this.#keep(startOf(node), endOf(node));
  }

  /** What stands before and behind a node's children stays. */
  #readAround(node: Around): void {
    const [first, last] = [node.children[0], node.children.at(-1)];
    if (first === undefined || last === undefined) {
      this.#keep(startOf(node), endOf(node));
      return;
    }
    this.#keep(startOf(node), startOf(first));
    for (const child of node.children) this.read(child);
    this.#keep(endOf(last), endOf(node));
  }

  #readImage(node: Extract<PhrasingContent, { type: 'image' }>): void {
    const start = startOf(node) + 2;
    const end = start + closingBracket(this.text.slice(start, endOf(node)));
    if (node.alt === null || node.alt === undefined || !/\p{L}/u.test(node.alt)) {
      this.#keep(startOf(node), endOf(node));
      return;
    }
    this.#keep(startOf(node), start);
    this.#readText(start, end);
    this.#keep(end, endOf(node));
  }

  #readText(start: number, end: number): void {
    const raw = this.text.slice(start, end);
    this.keep.push(...escapesIn(raw), ...(raw.match(/\$\S[^$\n]*[\\^_{}=][^$\n]*\$/g) ?? []));
    // What GitHub reads: `[!NOTE]`, `[^1]`; names and classes: `{#name}`, `{: .class}`.
    this.keep.push(...(raw.match(/\[!\w+\]|\{(?::|[ \t]*[#.])[^{}\n]*\}/g) ?? []));
    if (this.flavour === 'mdx') this.keep.push(...(raw.match(/\{[^{}\n]*\}|<\/?[A-Za-z][^<>\n]*>/g) ?? []));
    this.hasWords ||= this.keep.reduce((said, part) => said.replaceAll(part, ' '), raw).search(/\p{L}/u) >= 0;
  }

  #keep(start: number, end: number): void {
    if (end > start) this.keep.push(this.text.slice(start, end));
  }
}

type Around = Extract<PhrasingContent, Parents>;

/** Whether a node's children are text of the sentence, and what stands around them are signs. */
function isAround(node: PhrasingContent, text: string): node is Around {
  // An address by itself is a link whose text is its target.
  if (node.type === 'link') return text[startOf(node)] === '[';
  // In `[text]` and `[text][]` the text is the name of the target.
  if (node.type === 'linkReference') return node.referenceType === 'full';
  return 'children' in node;
}

function escapesIn(raw: string): string[] {
  return raw.match(/\\[!-/:-@[-`{-~]/g) ?? [];
}

/** Where the `]` stands that ends an image's text. */
function closingBracket(raw: string): number {
  let open = 1;
  for (let place = 0; place < raw.length; place++) {
    if (raw[place] === '\\') place++;
    else if (raw[place] === '[') open++;
    else if (raw[place] === ']' && --open === 0) return place;
  }
  return raw.length;
}

const startOf = ({ position }: { readonly position?: Place | undefined }): number => position!.start.offset!;
const endOf = ({ position }: { readonly position?: Place | undefined }): number => position!.end.offset!;

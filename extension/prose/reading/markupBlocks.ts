/**
 * Text between tags by scopes: HTML, XML, JSX and what is like them. A run of text with the tags of a line of text in it
 * (`<b>`, `<a>`) is a block; tags that part a page (`<p>`, `<div>`) end it.
 */
import type { Flavour, MarkupBlock } from './regions';
import type { Token, TokenisedText } from './tokenisedText';

/** Tags that stand within a sentence, for grammars that do not tell. */
const inlineTags = new Set(
  'a abbr acronym b bdi bdo big br cite code data del dfn em font i img input ins kbd mark q s samp small span strike strong sub sup time tt u var wbr emphasis guilabel literal xref link ulink g x ph'.split(
    ' ',
  ),
);
/** What these hold is no prose, in a sentence or not. */
const codeTags = new Set(
  'code kbd samp tt var pre script style textarea svg math literal screen programlisting'.split(' '),
);

/** Expressions of templates: Vue, Angular, Handlebars, Jinja, ERB. */
const template = /\{\{[^]*?\}\}|\{%[^]*?%\}|<%[^]*?%>/g;

/** Tags that stand in a line, and yet have a text of their own. */
const ownText = new Set(['button', 'label', 'option', 'select', 'legend', 'textarea']);

/** A part of a run, in offsets. */
interface Item {
  readonly kind: 'prose' | 'kept';
  readonly start: number;
  readonly end: number;
}

interface Tag {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly isClosing: boolean;
  readonly isInline: boolean;
  readonly isAlone: boolean;
  readonly isUntranslated: boolean;
}

/**
 * The blocks that end in the first `count` lines.
 *
 * @param offsets where each line begins in the document's text
 */
export function markupBlocks(
  tokenised: TokenisedText,
  count: number,
  offsets: readonly number[],
  { source, flavour }: { readonly source: string; readonly flavour: 'html' | 'jsx' },
): MarkupBlock[] {
  const reader = new RunReader(source, flavour);
  let tag: { start: number; name: string; isInline: boolean } | undefined;
  /** Tags within the attributes of the one that is open: `<Button icon={<Icon />}>`. */
  let nested = 0;
  for (let line = 0; line < count; line++) {
    const text = tokenised.texts[line]!;
    const offset = offsets[line]!;
    const at = ({ start, end }: Token): [number, number] => [offset + start, offset + end];
    for (const token of tokenised.tokensOf(line)) {
      const { part, isTagSign, isTagName, isInline } = token.scopes;
      const [start, end] = at(token);
      const sign = isTagSign ? text.slice(token.start, token.end) : '';
      if (sign.startsWith('<')) {
        if (tag === undefined) tag = { start, name: '', isInline };
        else nested++;
      }
      if (tag !== undefined) {
        if (isTagName && tag.name === '') tag.name = text.slice(token.start, token.end);
        tag.isInline ||= isInline;
        if (!sign.endsWith('>')) continue;
        if (nested > 0) {
          nested--;
          continue;
        }
        reader.addTag({ ...tag, end });
        tag = undefined;
      } else if (part === 'prose') {
        reader.addProse(start, end);
      } else if (part === 'comment') {
        reader.flush();
      } else {
        reader.addCode(start, end, text.slice(token.start, token.end));
      }
    }
    reader.addLineBreak(offset + text.length, offsets[line + 1] ?? offset + text.length);
  }
  reader.flush();
  return reader.blocks;
}

/** Puts runs together. */
class RunReader {
  readonly blocks: MarkupBlock[] = [];
  #items: Item[] = [];
  /** Code within the run: where it begins, and the braces that are open in it. */
  #hole: { start: number; braces: number } | undefined;
  /** The element that is passed over, and how many of its name are open. */
  #skipped: { name: string; depth: number; start: number; isInline: boolean } | undefined;
  readonly #inlineComponents: string[] = [];

  constructor(
    readonly source: string,
    readonly flavour: Flavour,
  ) {}

  addProse(start: number, end: number): void {
    if (this.#skipped !== undefined) return;
    if (this.#hole !== undefined) this.#endHole(start);
    this.#items.push({ kind: 'prose', start, end });
  }

  addCode(start: number, end: number, text: string): void {
    if (this.#skipped !== undefined) return;
    this.#hole ??= { start, braces: 0 };
    for (const character of text) {
      if (character === '{') this.#hole.braces++;
      else if (character === '}') this.#hole.braces--;
    }
    // The end of an expression that the run lies within.
    if (this.#hole.braces < 0) this.flush();
  }

  addLineBreak(start: number, end: number): void {
    if (this.#skipped !== undefined || start === end) return;
    if (this.#hole === undefined) this.#items.push({ kind: 'prose', start, end });
  }

  addTag({
    start,
    end,
    name,
    isInline,
  }: {
    start: number;
    end: number;
    name: string;
    isInline: boolean;
  }): void {
    const tag = this.#describe(start, end, name, isInline);
    const { name: own, isClosing, isAlone } = tag;
    if (this.#skipped !== undefined) {
      if (own !== this.#skipped.name || isAlone) return;
      this.#skipped.depth += isClosing ? -1 : 1;
      if (this.#skipped.depth > 0) return;
      const { start: from, isInline: within } = this.#skipped;
      this.#skipped = undefined;
      if (within) this.#items.push({ kind: 'kept', start: from, end });
      return;
    }
    if (this.#hole !== undefined && this.#hole.braces > 0) {
      // Tags within an expression: what stands between them is text of its own.
      this.#hole = undefined;
      this.flush();
    } else if (this.#hole !== undefined) {
      this.#endHole(start);
    }
    if (!tag.isInline) this.flush();
    if (!isClosing && !isAlone && (codeTags.has(own) || tag.isUntranslated)) {
      this.#skipped = { name: own, depth: 1, start, isInline: tag.isInline };
    } else if (tag.isInline) {
      this.#items.push({ kind: 'kept', start, end });
    }
  }

  /** The run ends here. */
  flush(): void {
    const items = this.#items;
    const hole = this.#hole;
    this.#items = [];
    this.#hole = undefined;
    this.#inlineComponents.length = 0;
    const said = items
      .map(({ kind, start, end }) => (kind === 'prose' ? this.source.slice(start, end) : ' '))
      .join('');
    if (!/\p{L}/u.test(said.replace(/&[#\w]+;/g, ' ').replace(template, ' '))) return;
    const from = items[0]!.start;
    const raw = this.source.slice(from, hole?.start ?? items.at(-1)!.end);
    const start = from + raw.length - raw.trimStart().length;
    const end = from + raw.trimEnd().length;
    const keep = items
      .filter(({ kind, start: first, end: last }) => kind === 'kept' && first >= start && last <= end)
      .map((item) => this.source.slice(item.start, item.end));
    keep.push(...(this.source.slice(start, end).match(template) ?? []));
    const { flavour } = this;
    this.blocks.push({ start, end, flavour, kind: 'paragraph', keep: [...new Set(keep)], breaks: [] });
  }

  #endHole(end: number): void {
    const { start } = this.#hole!;
    // Both of its sides lie within an expression: `a ? <b>One</b> : b ? <b>Two</b> : null`.
    if (this.flavour === 'jsx' && !/^\s*[{&]/.test(this.source.slice(start, end))) {
      this.flush();
      return;
    }
    this.#hole = undefined;
    this.#items.push({ kind: 'kept', start, end });
  }

  #describe(start: number, end: number, tagName: string, isInline: boolean): Tag {
    const text = this.source.slice(start, end);
    const isClosing = text.startsWith('</');
    const name = tagName.toLowerCase();
    const hasWords = this.#items.some(
      (item) => item.kind === 'prose' && /\p{L}/u.test(this.source.slice(item.start, item.end)),
    );
    let within = (isInline || inlineTags.has(name)) && !ownText.has(name);
    // A component within a sentence, as a link of a router.
    if (!within && /^[A-Z]/.test(tagName)) {
      within = isClosing ? this.#inlineComponents.includes(tagName) : hasWords;
      if (within && !isClosing) this.#inlineComponents.push(tagName);
    }
    return {
      start,
      end,
      name,
      isClosing,
      isInline: within,
      isAlone:
        /\/>$/.test(text) ||
        /^<(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b/i.test(text),
      isUntranslated: /\btranslate=["']?no\b|\bclass=["'][^"']*\bnotranslate\b/i.test(text),
    };
  }
}

// Reads manual pages written with the macros of man(7) or mdoc(7): sections of blocks.
import { unknown } from './alignment.mjs';
import { foldSpace } from './messages.mjs';
import { mdocText } from './mdoc.mjs';
import { macroArguments, plainText, withoutComment } from './roff.mjs';

/** @typedef {import('./alignment.mjs').Block} Block */

const largestPage = 4 * 2 ** 20;

/** Macros of man(7) that set their arguments, in one font or in two that take turns. */
const oneFont = new Set(['B', 'I', 'SM', 'SB']);
const twoFonts = new Set(['BR', 'BI', 'IR', 'IB', 'RB', 'RI']);
/** Between these, lines are set as they are: code, tables, synopses. */
const verbatimEnds = new Map([
  ['nf', 'fi'],
  ['EX', 'EE'],
  ['TS', 'TE'],
  ['EQ', 'EN'],
  ['PS', 'PE'],
  ['SY', 'YS'],
  ['de', '.'],
  ['ig', '.'],
]);
/** These end a paragraph and say nothing. */
const breaks = new Set('PP P LP HP sp br RS RE in ti ne bp PD DT ce Pp Lp Bl El Bd Ed'.split(' '));
/** These neither end a paragraph nor say anything. */
const silent = new Set(
  'hy nh ad na ft ps ss ta if ie el nr ds rm am tr cc hw hla hcode mso so ll lf ev nx do while warn als char fchar color pl rs ns lt tm cs bd UC AT Dd Dt Os Sm Bk Ek EN'.split(
    ' ',
  ),
);

/**
 * The sections of a page, each beginning with a block for its heading.
 * @param {string} page
 * @returns {Block[][]}
 */
export function readManualPage(page) {
  if (page.length > largestPage) return [];
  const reader = new PageReader();
  // A backslash at the end of a line joins the next one to it.
  for (const line of page
    .replace(/\r/g, '')
    .replace(/(^|[^\\])\\\n/g, '$1')
    .split('\n'))
    reader.read(line);
  return reader.sections();
}

class PageReader {
  /** @type {Block[][]} */
  #sections = [];
  /** @type {{ kind: string, parts: string[] } | undefined} the block that texts go to */
  #open;
  /** What kind the next text begins; headings and tags may stand on the line after their macro. */
  #next = 'paragraph';
  /** @type {string | undefined} the macro that ends what is set as it is */
  #verbatimEnd;
  /** Braces of conditions that are open: they hold workarounds for formatters. */
  #conditions = 0;

  /** @param {string} line */
  read(line) {
    const request = /^[.'][ \t]*([A-Za-z][A-Za-z0-9]*|\\"|\\}|\.)?(.*)$/s.exec(line);
    if (this.#verbatimEnd !== undefined) {
      if (request?.[1] === this.#verbatimEnd || (this.#verbatimEnd === '.' && line.startsWith('..')))
        this.#verbatimEnd = undefined;
      return;
    }
    if (this.#conditions > 0 || (request !== null && /^(?:if|ie|el)$/.test(request[1] ?? ''))) {
      this.#conditions += count(line, '\\{') - count(line, '\\}');
      return;
    }
    if (request === null) this.#readText(line);
    else if (request[1] !== undefined) this.#readRequest(request[1], request[2] ?? '');
  }

  /** @returns {Block[][]} */
  sections() {
    this.#close();
    return this.#sections;
  }

  /** @param {string} line */
  #readText(line) {
    if (line.trim() === '') this.#close();
    // A line that begins with white space is set on its own.
    else if (/^\s/.test(line) && this.#next === 'paragraph') {
      this.#close();
      this.#add(unknown);
      this.#close();
    } else {
      this.#add(plainText(withoutComment(line)));
      this.#afterLine();
    }
  }

  /** @param {string} name @param {string} rest */
  #readRequest(name, rest) {
    if (name === '\\"' || name === '\\}' || name === '.' || silent.has(name)) return;
    const end = verbatimEnds.get(name);
    if (end !== undefined) {
      this.#close();
      this.#mark(name);
      this.#verbatimEnd = end;
    } else if (/^(?:SH|SS|Sh|Ss)$/.test(name)) this.#heading(name.toUpperCase(), rest);
    else if (name === 'TP' || name === 'TQ') this.#begin('tag');
    else if (name === 'IP') this.#item(macroArguments(rest)[0] ?? '');
    else if (name === 'It') this.#item(mdocText(name, rest));
    else if (breaks.has(name)) this.#begin('paragraph');
    else if (oneFont.has(name)) this.#words(macroArguments(rest).join(' '), rest);
    else if (twoFonts.has(name)) this.#words(macroArguments(rest).join(''), rest);
    else if (name === 'UR' || name === 'MT') this.#mark(name);
    else if (name === 'UE' || name === 'ME') this.#glue(plainText(rest.trim()));
    else if (name === 'TH') return;
    else if (/^[A-Z][a-z]$/.test(name)) {
      this.#add(mdocText(name, rest));
      this.#afterLine();
    } else this.#add(unknown);
  }

  /** @param {string} words @param {string} rest */
  #words(words, rest) {
    // Without arguments a font macro sets the next line.
    if (rest.trim() === '') return;
    this.#add(plainText(words));
    this.#afterLine();
  }

  /** @param {string} kind @param {string} rest */
  #heading(kind, rest) {
    this.#close();
    if (kind === 'SH') this.#sections.push([]);
    this.#next = kind;
    const text = macroArguments(rest).join(' ');
    if (text === '') return;
    this.#add(plainText(text));
    this.#begin('paragraph');
  }

  /** An item with a tag, which may be a bullet. @param {string} tag */
  #item(tag) {
    this.#close();
    const text = plainText(tag);
    if (/[\p{L}\ufffc]/u.test(text)) {
      this.#next = 'tag';
      this.#add(text);
      this.#close();
    }
    this.#next = 'item';
  }

  /** @param {string} kind */
  #begin(kind) {
    this.#close();
    this.#next = kind;
  }

  /** Tags and headings are one line. */
  #afterLine() {
    if (this.#open?.kind === 'tag' || this.#open?.kind === 'SH' || this.#open?.kind === 'SS') {
      const wasTag = this.#open.kind === 'tag';
      this.#close();
      this.#next = wasTag ? 'item' : 'paragraph';
    }
  }

  /** Something without a text that both pages must have. @param {string} kind */
  #mark(kind) {
    if (kind === 'UR' || kind === 'MT') return;
    this.#sections.at(-1)?.push({ kind, text: '' });
  }

  /** @param {string} text */
  #add(text) {
    this.#open ??= { kind: this.#next, parts: [] };
    this.#open.parts.push(text);
  }

  /** Adds without a space before. @param {string} text */
  #glue(text) {
    const last = this.#open?.parts.pop();
    if (last !== undefined) this.#open?.parts.push(last + text);
  }

  #close() {
    if (this.#open !== undefined) {
      const { kind, parts } = this.#open;
      this.#sections.at(-1)?.push({ kind, text: foldSpace(parts.join(' ')) });
      this.#open = undefined;
    }
    this.#next = 'paragraph';
  }
}

/** @param {string} text @param {string} part */
const count = (text, part) => text.split(part).length - 1;

/**
 * The sections of two pages that belong together: in order, where both have as many; a translation may have one more at
 * its end, about itself. Of pages that differ it is the first, which says what the page is about.
 * @param {readonly Block[][]} source
 * @param {readonly Block[][]} target
 * @returns {[Block[], Block[]][]}
 */
export function pairSections(source, target) {
  const alike = target.length === source.length || target.length === source.length + 1;
  const paired = alike ? source : source.slice(0, 1);
  return paired.map((section, index) => [section, target[index] ?? []]);
}

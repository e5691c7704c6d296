/**
 * The names that a file's code gives: the identifiers outside of its comments and strings. Read from the whole text at
 * once and by signs alone, in time linear in its length: what a comment may name stands below it as often as above it,
 * and waiting for a grammar to have read all of a large file would hold up the hover over its first line.
 */
import type { CommentRules } from './commentSigns';

/** Plain data, which goes from thread to thread. */
export interface CodeNames {
  /** Each once: identifiers, and `struct page` where the code says so. */
  readonly names: readonly string[];
  /** The comments are written in German, where a capital letter tells nothing: all nouns have one. */
  readonly inGerman: boolean;
}

export const noNames: CodeNames = { names: [], inGerman: false };

interface Signs {
  readonly lines: readonly string[];
  readonly blocks: readonly (readonly [open: string, close: string])[];
}

const c: Signs = { lines: ['//'], blocks: [['/*', '*/']] };
const hash: Signs = { lines: ['#'], blocks: [] };
/** Beyond what the language's configuration names; for some languages there is none. */
const furtherSigns: Readonly<Partial<Record<string, Signs>>> = {
  ...Object.fromEntries(
    [
      'c',
      'cpp',
      'csharp',
      'dart',
      'go',
      'java',
      'javascript',
      'javascriptreact',
      'kotlin',
      'rust',
      'scala',
      'swift',
    ]
      .concat(['typescript', 'typescriptreact', 'less', 'scss'])
      .map((language) => [language, c]),
  ),
  ...Object.fromEntries(
    ['dockerfile', 'makefile', 'perl', 'powershell', 'r', 'ruby', 'shellscript', 'toml', 'yaml'].map(
      (language) => [language, hash],
    ),
  ),
  python: { lines: ['#'], blocks: [['"""', '"""']] },
  css: { lines: [], blocks: c.blocks },
  html: { lines: c.lines, blocks: [...c.blocks, ['<!--', '-->']] },
  lua: { lines: ['--'], blocks: [['--[[', ']]']] },
  php: { lines: ['//', '#'], blocks: c.blocks },
  sql: { lines: ['--'], blocks: c.blocks },
};
/** Texts over several lines, in the languages that have them. */
const longQuotes = ['"""', "'''"];

const identifier = '[\\p{L}_$][\\p{L}\\p{M}\\p{N}_$]*';
const kinds = /^(?:struct|enum|union)$/;

/** The names in a text of a language with these comment signs. */
export function codeNames(text: string, languageId: string, rules: CommentRules): CodeNames {
  const names = new Set<string>();
  const comments: string[] = [];
  const scan = scannerFor(languageId, rules);
  for (const part of codeOf(text, languageId)) scan(part, names, comments);
  return { names: [...names], inGerman: isGerman(comments) };
}

/** HTML and PHP hold code in parts alone; the rest is prose, whose words are no names. */
function codeOf(text: string, languageId: string): string[] {
  if (languageId === 'xml' || languageId === 'xsl') return [];
  if (languageId === 'php') return between(text, /<\?(?:php|=)?/g, '?>');
  if (languageId === 'html') return between(text, /<script\b[^>]{0,500}>/gi, '</script>');
  return [text];
}

function between(text: string, open: RegExp, close: string): string[] {
  const parts: string[] = [];
  for (let begins = open.exec(text); begins !== null; begins = open.exec(text)) {
    const start = begins.index + begins[0].length;
    const found = text.indexOf(close, start);
    const end = found < 0 ? text.length : found;
    parts.push(text.slice(start, end));
    open.lastIndex = end;
  }
  return parts;
}

type Scan = (text: string, names: Set<string>, comments: string[]) => void;

function scannerFor(languageId: string, rules: CommentRules): Scan {
  const further = furtherSigns[languageId];
  const lines = new Set([...(rules.line === undefined ? [] : [rules.line]), ...(further?.lines ?? [])]);
  const blocks = new Map([...(rules.block === undefined ? [] : [rules.block]), ...(further?.blocks ?? [])]);
  const quotes = new Map(longQuotes.filter((quote) => !blocks.has(quote)).map((quote) => [quote, quote]));
  const long = [...blocks.keys(), ...quotes.keys()].sort((a, b) => b.length - a.length);
  const line = [...lines].map(lineSign).join('|');
  // In Rust 'a is no text that begins.
  const short = languageId === 'rust' ? /"|'(?=[^'\\\n]'|\\)/ : /["'`]/;
  const pattern = new RegExp(
    [
      `(?<long>${long.map(escape).join('|')})`,
      ...(line === '' ? [] : [`(?<line>${line})`]),
      `(?<quote>${short.source})`,
      `(?<name>${identifier})`,
      '\\d[\\w.]*',
    ].join('|'),
    'gu',
  );

  return (text, names, comments) => {
    /** Signs that close nothing from some place on. */
    const unclosed = new Set<string>();
    let before = '';
    const next = new RegExp(pattern);
    for (let found = next.exec(text); found !== null; found = next.exec(text)) {
      const { long: open, line: sign, quote, name } = found.groups as Partial<Record<string, string>>;
      const behind = next.lastIndex;
      if (name !== undefined) {
        names.add(name);
        if (kinds.test(before)) names.add(`${before} ${name}`);
        before = name;
        continue;
      }
      before = '';
      if (sign !== undefined) {
        next.lastIndex = endOfLine(text, behind);
        comments.push(text.slice(behind, next.lastIndex));
      } else if (open !== undefined && !unclosed.has(open)) {
        const close = blocks.get(open) ?? open;
        const end = text.indexOf(close, behind);
        if (end < 0) unclosed.add(open);
        else {
          if (blocks.has(open)) comments.push(text.slice(behind, end));
          next.lastIndex = end + close.length;
        }
      } else if (quote !== undefined) next.lastIndex = behindQuote(text, behind, quote);
    }
  };
}

/** `REM` and `dnl` are words; `#` within a word, as in `${#list}` or `a#b`, and `//` in an address, begin nothing. */
function lineSign(sign: string): string {
  if (/\w$/.test(sign)) return `(?<!\\w)${escape(sign)}(?!\\w)`;
  return sign === '#' ? '(?<![\\w$&{[])#' : `(?<!:)${escape(sign)}`;
}

function escape(sign: string): string {
  return sign.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Behind the text that ends in the line; where none does, behind the mark. */
function behindQuote(text: string, from: number, quote: string): number {
  for (let place = from; place < text.length; place++) {
    const character = text[place];
    if (character === '\n') return from;
    if (character === '\\') place++;
    else if (character === quote) return place + 1;
  }
  return from;
}

const german =
  /\b(?:der|das|und|ist|nicht|wird|ein|eine[nrsm]?|dem|des|für|mit|von|zum?|zur|auf|bei|nach|über|wenn|oder|werden|kann|sind|auch|nur|sich|aus|wie|dann|noch|hier)\b/g;
const english =
  /\b(?:the|of|and|is|to|that|for|with|this|are|be|not|it|as|or|by|on|from|if|when|can|has|we)\b/g;

/**
 * Whether texts are German rather than English; of little text, or none of these words, `otherwise`.
 *
 * @param texts the first 200,000 characters of them tell
 */
export function isGerman(texts: readonly string[], otherwise = false): boolean {
  let left = 200_000;
  let balance = 0;
  for (const text of texts) {
    const part = text.slice(0, left).toLowerCase();
    balance += (part.match(german)?.length ?? 0) - (part.match(english)?.length ?? 0);
    left -= part.length;
    if (left <= 0) break;
  }
  return balance === 0 ? otherwise : balance > 0;
}

/**
 * Where comments begin and end in a line, and where they do not: in texts between quotation marks, in addresses and in
 * patterns.
 */

/** The signs of a language, as VS Code's language configurations give them. */
export interface CommentRules {
  readonly line?: string;
  readonly block?: readonly [open: string, close: string];
}

/** A comment within a line, as UTF-16 columns: [start, end), signs included. */
export interface CommentInLine {
  readonly kind: 'line' | 'block';
  readonly start: number;
  readonly end: number;
  /** Of a block: it goes on in the next line. */
  readonly goesOn: boolean;
}

/** A line of more characters was written by a program; only the end of a comment is looked for in it. */
const longestLine = 20_000;

/**
 * The comments of a line, in order.
 *
 * @param inside whether the line begins within a block comment
 */
export function commentsInLine(text: string, rules: CommentRules, inside: boolean): CommentInLine[] {
  const found: CommentInLine[] = [];
  let place = 0;
  const addBlock = (start: number, from: number, close: string): void => {
    const closed = text.indexOf(close, from);
    place = closed < 0 ? text.length : closed + close.length;
    found.push({ kind: 'block', start, end: place, goesOn: closed < 0 });
  };
  if (inside && rules.block !== undefined) addBlock(0, 0, rules.block[1]);
  const next = anythingOfNote(rules);
  while (next !== undefined && text.length <= longestLine) {
    next.lastIndex = place;
    place = next.exec(text)?.index ?? text.length;
    if (place === text.length) break;
    if (rules.block !== undefined && isBlockOpening(text, place, rules.block, rules.line)) {
      addBlock(place, place + rules.block[0].length, rules.block[1]);
    } else if (rules.line !== undefined && isLineSign(text, place, rules.line)) {
      found.push({ kind: 'line', start: place, end: text.length, goesOn: false });
      break;
    } else if (text[place] === '\\') {
      // What is escaped is no sign: `\%`, `\"`, `\/`.
      place += 2;
    } else {
      place = isQuotation(text, place) ? behindQuotation(text, place) : place + 1;
    }
  }
  return found;
}

const patterns = new WeakMap<CommentRules, RegExp>();

/** The signs, and what may hide one. */
function anythingOfNote(rules: CommentRules): RegExp | undefined {
  const known = patterns.get(rules);
  if (known !== undefined) return known;
  const signs = [rules.line, rules.block?.[0]].filter((sign) => sign !== undefined);
  if (signs.length === 0) return undefined;
  const escaped = signs.map((sign) => sign.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  const pattern = new RegExp(`["'\`\\\\]|${escaped.join('|')}`, 'g');
  patterns.set(rules, pattern);
  return pattern;
}

function isBlockOpening(
  text: string,
  place: number,
  [open, close]: readonly [string, string],
  line: string | undefined,
): boolean {
  if (!text.startsWith(open, place)) return false;
  // `/[/*]/` is a pattern.
  if (text[place - 1] === '[') return false;
  // Where `#` and `###` are both signs, a ruler of them is neither the beginning nor the end of a block.
  const isRuler = line !== undefined && open === close && open.startsWith(line) && open.endsWith(line);
  return !(isRuler && text.startsWith(line, place + open.length));
}

/** `https://`, `a#b` and `${#list}` hold no comment. */
function isLineSign(text: string, place: number, sign: string): boolean {
  if (!text.startsWith(sign, place)) return false;
  // `REM` is a sign, `REMARK` a word.
  if (/\w$/.test(sign) && /\w/.test(text[place + sign.length] ?? '')) return false;
  const before = text[place - 1];
  if (before === undefined || /\s/.test(before)) return true;
  if (sign === '//') return before !== ':';
  return /[;}),\]]/.test(before) || (before === '{' && sign !== '#');
}

/** An apostrophe within a word is none: `don't`, `foldl'`; but `b'…'` and `rb'…'` are texts. */
function isQuotation(text: string, place: number): boolean {
  const mark = text[place];
  if (mark === "'")
    return /(?:^|\W)(?:[bfLnru]|[bfru]{2})?$/i.test(text.slice(Math.max(0, place - 3), place));
  return mark === '"' || mark === '`';
}

/** The place behind the text that begins with a quotation mark; behind the mark where it has no partner. */
function behindQuotation(text: string, start: number): number {
  const mark = text[start]!;
  for (let place = start + 1; place < text.length; place++) {
    if (text[place] === '\\') place++;
    else if (text[place] === mark) return place + 1;
  }
  return start + 1;
}

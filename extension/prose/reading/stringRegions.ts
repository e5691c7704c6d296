/**
 * Strings by scopes: what stands between quotation marks, in parts. Keys, names of files, patterns and what holds no
 * letters is left out here.
 */
import type { StringPart, StringRegion } from './regions';
import type { ScopeClass } from './scopeClasses';
import type { Token, TokenisedText } from './tokenisedText';

interface Open {
  /** Where the quotation mark begins, and where it ends. */
  readonly before: number;
  readonly line: number;
  start: number;
  /** Strings within its interpolations that are open. */
  nested: number;
  isNoProse: boolean;
  /** The opening mark is there as a whole. */
  hasMark: boolean;
  /** The mark, where the grammar does not tell it from text. */
  readonly mark: string;
  readonly parts: StringPart[];
  readonly attribute: string | undefined;
  readonly callee: string | undefined;
}

/** A call whose argument a string is, or an attribute's value: what stands before it in its line. */
const calleePattern = /([\p{L}_$][\p{L}\p{N}_$.]*)\s*\(\s*[A-Za-z@$]{0,2}$/u;
const quotePrefix = /[A-Za-z@$#]{1,3}$/;

/** The strings that end in the first `count` lines. `offsets`: where each line begins in the document's text. */
export function stringRegions(
  tokenised: TokenisedText,
  count: number,
  offsets: readonly number[],
): StringRegion[] {
  const regions: StringRegion[] = [];
  let open: Open | undefined;

  function begin(line: number, token: Token, attribute: string | undefined): Open {
    const text = tokenised.texts[line]!;
    const { part } = token.scopes;
    const mark = text.slice(token.start, token.end);
    const before = text.slice(0, token.start);
    return {
      before: offsets[line]! + token.start - (quotePrefix.exec(before)?.[0].length ?? 0),
      line,
      start: offsets[line]! + token.end,
      nested: 0,
      isNoProse: token.scopes.isNoProse,
      hasMark: part === 'quote' && /["'`]/.test(mark),
      mark,
      parts: [],
      attribute,
      callee: calleePattern.exec(before)?.[1],
    };
  }

  function finish(line: number, end: number, close: string): void {
    const { before, line: from, start, parts, attribute, callee, isNoProse } = open!;
    open = undefined;
    const text = tokenised.texts[line]!;
    const first = tokenised.texts[from]!;
    const opening = first.slice(before - offsets[from]!, start - offsets[from]!);
    if (isNoProse || isKey(text, end - offsets[line]! + close.length, first, before - offsets[from]!)) return;
    // Rust's `r#"` ends in as many `#` as it began with.
    const whole = close + (/#+(?="$)/.exec(opening)?.[0] ?? '');
    regions.push({ start, end, open: opening, close: whole, parts, attribute, callee });
  }

  for (let line = 0; line < count; line++) {
    const text = tokenised.texts[line]!;
    const offset = offsets[line]!;
    const tokens = tokenised.tokensOf(line);
    if (open !== undefined && tokens[0]?.scopes.inString !== true) open = undefined;
    let attribute: string | undefined;
    for (const token of tokens) {
      const { inString, isNoProse } = token.scopes;
      const { part, quote } = markOf(token, text, open);
      if (part === 'attribute') attribute = text.slice(token.start, token.end).toLowerCase();
      else if (part === 'tag' && />/.test(text.slice(token.start, token.end))) attribute = undefined;
      if (open === undefined) {
        if (part === 'quote' && quote !== 'end') {
          const own =
            attribute !== undefined && /=\s*$/.test(text.slice(0, token.start)) ? attribute : undefined;
          open = begin(line, token, own);
        }
        continue;
      }
      if (!inString) {
        open = undefined;
        continue;
      }
      if (part === 'quote' && quote === 'begin' && open.parts.length === 0 && !open.hasMark) {
        // The other half of C++'s `R"delimiter(`.
        open.start = offset + token.end;
        open.hasMark = true;
        continue;
      }
      if (part === 'quote' && quote === 'begin') open.nested++;
      else if (part === 'quote' && (quote === 'end' || (quote === undefined && open.hasMark))) {
        if (open.nested > 0) open.nested--;
        else {
          finish(line, offset + token.start, text.slice(token.start, token.end).trimEnd());
          continue;
        }
      } else if (part === 'quote' && open.parts.length === 0) {
        // A quotation mark in several tokens, as Rust's `r#"`.
        open.start = offset + token.end;
        open.hasMark ||= /["'`]/.test(text.slice(token.start, token.end));
        continue;
      }
      open.isNoProse ||= open.nested === 0 && isNoProse;
      const kind = open.nested > 0 || (part !== 'text' && part !== 'escape') ? 'hole' : part;
      add(open.parts, { kind, start: offset + token.start, end: offset + token.end });
    }
    // The line break is part of a string that goes on.
    const next = offsets[line + 1];
    if (open !== undefined && next !== undefined)
      add(open.parts, { kind: 'text', start: offset + text.length, end: next });
  }
  return regions;
}

/** Some grammars do not tell a string's marks from its text. */
function markOf(token: Token, text: string, open: Open | undefined): Pick<ScopeClass, 'part' | 'quote'> {
  const { part } = token.scopes;
  if (part !== 'text') return token.scopes;
  const own = text.slice(token.start, token.end);
  if (!/^(?:"{1,3}|'{1,3}|`)$/.test(own) || (open !== undefined && open.mark !== own)) return token.scopes;
  return { part: 'quote', quote: open === undefined ? 'begin' : 'end' };
}

/** Parts of a kind that follow each other are one. */
function add(parts: StringPart[], part: StringPart): void {
  if (part.start === part.end) return;
  const last = parts.at(-1);
  if (last?.kind === part.kind && last.kind !== 'escape' && last.end === part.start) {
    parts[parts.length - 1] = { ...last, end: part.end };
  } else {
    parts.push(part);
  }
}

/** `"key": …`, `'key' => …`, `["key"]`, `case "key":`; not `a ? "b" : "c"`. */
function isKey(last: string, behind: number, first: string, before: number): boolean {
  const after = last.slice(behind).trimStart();
  const ahead = first.slice(0, before).trimEnd();
  if (/^(?:=>|:(?!:))/.test(after)) return !ahead.endsWith('?');
  return after.startsWith(']') && ahead.endsWith('[') && /[\w)\]]$/.test(ahead.slice(0, -1));
}

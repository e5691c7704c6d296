/**
 * Comments by scopes. A grammar says which characters are part of a comment; the signs in the text say where one comment
 * ends and the next begins, and what of it is text.
 */
import type { CommentRegion } from './regions';
import type { Token, TokenisedText } from './tokenisedText';

/** Signs of blocks, whatever the language: a pattern for the opening one, and what then closes the block. */
const blockSigns: readonly (readonly [open: RegExp, close: (open: string) => string])[] = [
  [/\/\*/y, () => '*/'],
  [/<!--/y, () => '-->'],
  [/--\[=*\[/y, (open) => open.slice(2).replaceAll('[', ']')],
  [/\{-/y, () => '-}'],
  [/\(\*/y, () => '*)'],
  [/<#/y, () => '#>'],
  [/\/\+/y, () => '+/'],
  [/#=/y, () => '=#'],
  [/#\|/y, () => '|#'],
  [/#\[/y, () => ']#'],
  [/@\*/y, () => '*@'],
  [/<%--/y, () => '--%>'],
  [/\{\{!--/y, () => '--}}'],
  [/\{\{!/y, () => '}}'],
  [/\{#/y, () => '#}'],
  [/=begin\b/y, () => '=end'],
  [/=[a-z]+\d*\b/y, () => '=cut'],
  [/[A-Za-z@]{0,2}("""|'''|"|')/y, (open) => open.replace(/^[^"']*/, '')],
];
/** What Elixir's grammars take into its documentation: `@moduledoc ~S"""`. Without a text behind it, it is code. */
const docAttribute = /@(?:module|type)?doc\s+(?:~[A-Za-z])?/y;
/** A sign of a line comment that no token tells: signs, or a word. */
const lineSign = /[^\s\p{L}\p{N}]+|(?:rem|dnl|comment)\b/iuy;

interface Open {
  readonly first: number;
  readonly start: number;
  readonly open: string;
  readonly close: string;
  readonly depth: number;
}

/** A run of a line's tokens that are part of comments. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly Token[];
}

/**
 * The comments that end in the first `count` lines.
 *
 * @param block the signs that the language's configuration names for blocks, if there are some
 */
export function commentRegions(
  tokenised: TokenisedText,
  count: number,
  block?: readonly [open: string, close: string],
): CommentRegion[] {
  const regions: CommentRegion[] = [];
  let open: Open | undefined;
  for (let line = 0; line < count; line++) {
    const text = tokenised.texts[line]!;
    const runs = runsOf(tokenised.tokensOf(line), text, open);
    // A block that breaks off without its closing sign was none.
    if (open !== undefined && runs[0]?.start !== 0) open = undefined;
    for (const run of runs) open = readRun(line, text, run, { open, block, regions });
  }
  return regions;
}

function runsOf(tokens: readonly Token[], text: string, open: Open | undefined): Run[] {
  // A line that was too long to be read lies within the comment around it.
  const isUnread = open !== undefined && tokens.length === 1 && tokens[0]!.scopes.part === 'code';
  if (isUnread && text.length > 1000) return [{ start: 0, end: text.length, tokens: [] }];
  const runs: (Run & { tokens: Token[] })[] = [];
  let last: Token | undefined;
  for (const token of tokens) {
    if (token.scopes.part === 'comment') {
      if (last?.scopes.part === 'comment') {
        const run = runs.pop()!;
        runs.push({ ...run, end: token.end, tokens: run.tokens });
        run.tokens.push(token);
      } else {
        runs.push({ start: token.start, end: token.end, tokens: [token] });
      }
    }
    last = token;
  }
  return runs;
}

/** Adds the comments that end in a run of a line. @returns the block that goes on behind it */
function readRun(
  line: number,
  text: string,
  run: Run,
  context: {
    open: Open | undefined;
    block: readonly [string, string] | undefined;
    regions: CommentRegion[];
  },
): Open | undefined {
  const { block, regions } = context;
  let { open } = context;
  let place = run.start;
  while (place <= run.end) {
    if (open === undefined) {
      while (place < run.end && /\s/.test(text[place]!)) place++;
      docAttribute.lastIndex = place;
      place += docAttribute.exec(text)?.[0].length ?? 0;
      if (place >= run.end) return undefined;
      const signs = blockAt(text, place, block);
      if (signs === undefined) {
        addLine(line, text, place, run, regions);
        return undefined;
      }
      open = { first: line, start: place, ...signs, depth: depthAt(run, place) };
      place += signs.open.length;
    }
    const closed = closingIn(text, place, run, open, block);
    if (closed === undefined) return run.end >= text.length ? open : undefined;
    const { first, start, close } = open;
    regions.push({
      kind: 'block',
      first,
      start,
      last: line,
      end: closed + close.length,
      open: open.open,
      close,
    });
    place = closed + close.length;
    open = undefined;
  }
  return open;
}

/** Adds a line comment that begins at a place, or goes on there behind what a grammar has taken out of it. */
function addLine(line: number, text: string, place: number, run: Run, regions: CommentRegion[]): void {
  const last = regions.at(-1);
  if (last?.kind === 'line' && last.first === line && !lineStarts(run, place)) {
    regions[regions.length - 1] = { ...last, end: run.end };
    return;
  }
  const open = lineSignAt(text, place, run);
  if (open === undefined) return;
  regions.push({ kind: 'line', first: line, start: place, last: line, end: run.end, open, close: '' });
}

function blockAt(
  text: string,
  place: number,
  block: readonly [open: string, close: string] | undefined,
): { open: string; close: string } | undefined {
  if (block !== undefined && block[0] !== block[1] && text.startsWith(block[0], place)) {
    return { open: block[0], close: block[1] };
  }
  for (const [pattern, closeFor] of blockSigns) {
    pattern.lastIndex = place;
    const open = pattern.exec(text)?.[0];
    if (open !== undefined) return { open, close: closeFor(open) };
  }
  return undefined;
}

function lineSignAt(text: string, place: number, { tokens, end }: Run): string | undefined {
  let behind = place;
  for (const token of tokens) {
    if (token.start === behind && token.scopes.isCommentSign && token.end <= end) behind = token.end;
  }
  if (behind > place) return text.slice(place, behind).trimEnd();
  lineSign.lastIndex = place;
  return lineSign.exec(text)?.[0];
}

/** Where the closing sign stands: the first that ends the comment, and not another one within it. */
function closingIn(
  text: string,
  from: number,
  run: Run,
  { close, depth }: Open,
  block: readonly [open: string, close: string] | undefined,
): number | undefined {
  for (let place = text.indexOf(close, from); place >= 0; place = text.indexOf(close, place + 1)) {
    if (place + close.length > run.end) return undefined;
    // In Python `\"""` closes nothing, and the last three of `""""` do.
    if (/["']/.test(close) && (isEscaped(text, place) || text[place + close.length] === close[0])) continue;
    if (depthAt(run, place) > depth) continue;
    const rest = text.slice(place + close.length, run.end);
    const next = place + close.length + (rest.length - rest.trimStart().length);
    if (rest.trim() === '' || blockAt(text, next, block) !== undefined || lineStarts(run, next)) return place;
  }
  return undefined;
}

function isEscaped(text: string, place: number): boolean {
  let backslashes = 0;
  while (text[place - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** Whether a line comment begins at a place, as far as the grammar tells. */
function lineStarts({ tokens }: Run, place: number): boolean {
  return tokens.some(({ start, scopes }) => start === place && scopes.isCommentSign);
}

function depthAt({ tokens }: Run, place: number): number {
  return tokens.find(({ start, end }) => start <= place && place < end)?.scopes.depth ?? 0;
}

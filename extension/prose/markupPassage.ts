/**
 * A block of Markdown, HTML or JSX as a passage: its lines joined to sentences, and a translation wrapped to the same
 * width behind the same quotation signs and indentation. A translation that would change the block's structure is not
 * put in.
 */
import { bringsNoMore, keepsParts } from './keptParts';
import type { ProsePassage } from './passage';
import { withPlainLineEndings, type Span } from './prose';
import { parseMarkdown, type Nodes } from './reading/markdown';
import type { MarkupBlock } from './reading/regions';
import type { Snapshot } from './snapshot';
import { joint, wrap } from './wrap';

/** A block's lines between two breaks that are meant; they are one line of the passage's text. */
interface Flow {
  readonly text: string;
  readonly rows: number;
  /** What ends it, where a break is meant: two spaces, a backslash. */
  readonly mark: string;
}

/** Narrower than this nothing is wrapped. */
const leastWidth = 40;
/** What would begin a block of its own at the beginning of a line. */
const blockStart =
  /^(?:[-*+](?:\s|$)|\d{1,9}[.)](?:\s|$)|#{1,6}(?:\s|$)|>|```|~~~|\||=+\s*$|(?:[-_*]\s*){3,}$|<\/?[a-z!?])/i;

/** Quotation signs, signs of lists and of headings. What stands behind them is text, of which the block is a part. */
const blockSigns =
  /^[ \t]*(?:(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])|\[[ xX]\](?=[ \t])|:(?=[ \t])|#{1,6}(?=[ \t]))[ \t]*)*/;

/**
 * The part of a block between two offsets; what stays is in it whole or not at all.
 *
 * @returns undefined where there are no words in it
 */
export function partOfBlock(
  source: string,
  block: MarkupBlock,
  { start, end }: Span,
): MarkupBlock | undefined {
  let [from, to] = [Math.max(start, block.start), Math.min(end, block.end)];
  for (const { start: first, end: last } of keptSpans(source, block)) {
    if (first < from && from < last) from = last;
    if (first < to && to < last) to = first;
  }
  const signs = block.flavour === 'markdown' || block.flavour === 'mdx' ? /^[ \t>]*$/ : /^[ \t]*$/;
  // Neither the signs that a line begins with, nor a line that nothing more is selected of.
  const isInSigns = (offset: number): boolean =>
    offset > block.start && signs.test(source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset));
  while (from < to && isInSigns(from + 1)) from++;
  while (from < to && (isInSigns(to) || /\s/.test(source[to - 1]!))) to--;
  while (from < to && /\s/.test(source[from]!)) from++;
  const raw = source.slice(from, to);
  const keep = block.keep.filter((part) => raw.includes(part));
  if (!/\p{L}/u.test(keep.reduce((said, part) => said.replaceAll(part, ' '), raw))) return undefined;
  const breaks = block.breaks.filter((offset) => from < offset && offset < to);
  return { ...block, start: from, end: to, keep, breaks };
}

/** Where the parts stand that stay. */
function keptSpans(source: string, { start, end, keep }: MarkupBlock): Span[] {
  return keep.flatMap((part) => {
    const spans: Span[] = [];
    for (
      let at = source.indexOf(part, start);
      at >= 0 && at < end;
      at = source.indexOf(part, at + part.length)
    )
      spans.push({ start: at, end: at + part.length });
    return spans;
  });
}

export function markupPassage(snapshot: Snapshot, block: MarkupBlock): ProsePassage {
  const { start, end, flavour, keep, kind } = block;
  const isMarkdown = flavour === 'markdown' || flavour === 'mdx';
  const { flows, lead, width } = readFlows(snapshot, block, isMarkdown);
  const text = flows.map((flow) => flow.text).join('\n');
  const source = snapshot.text.slice(start, end);

  /** The translation, put right where only spaces are wrong; undefined where it would break the block. */
  function accepted(translation: string): string[] | undefined {
    const plain = withPlainLineEndings(translation.trim());
    const candidates = isMarkdown ? [plain, tightened(plain, keep)] : [plain];
    const found = candidates.find(
      (candidate) =>
        candidate.split('\n').length === flows.length &&
        candidate.split('\n').every((line) => line.trim() !== '') &&
        keepsParts(text, candidate, keep) &&
        (isMarkdown ? sameStructure(text, candidate, block) : sameSigns(text, candidate, block)),
    );
    return found?.split('\n').map((line) => line.trim());
  }

  function rowsOf(line: string, { rows }: Flow): string[] {
    if (rows === 1 || width - lead.length < leastWidth) return [line];
    const wrapped = wrap(line, width - lead.length);
    return isMarkdown && wrapped.slice(1).some((row) => blockStart.test(row)) ? [line] : wrapped;
  }

  return {
    kind: 'markup',
    span: { start, end },
    text,
    keep,
    fits: (translation) => accepted(translation) !== undefined,
    fit(translation) {
      const lines = accepted(translation);
      if (lines === undefined) return source;
      const next = snapshot.lineEnding + lead;
      return lines
        .map((line, index) => rowsOf(line, flows[index]!).join(next) + flows[index]!.mark)
        .join(next);
    },
    below(translation) {
      const lines = withPlainLineEndings(translation.trim()).split('\n');
      const first = snapshot.lineAt(start);
      const before = snapshot.at(first).slice(0, start - snapshot.offsets[first]!);
      const { lineEnding } = snapshot;
      const rows = lines.flatMap((line, index) =>
        flows[index] === undefined ? [line] : rowsOf(line, flows[index]),
      );
      if (!isMarkdown) {
        const indentation = /^\s*/.exec(snapshot.at(first))![0];
        return {
          line: snapshot.lineAt(end),
          text: rows.map((row) => lineEnding + indentation + row).join(''),
        };
      }
      if (kind === 'cell') {
        let line = snapshot.lineAt(end);
        while (line + 1 < snapshot.count && snapshot.at(line + 1).includes('|')) line++;
        return { line, text: lineEnding + rows.map((row) => lineEnding + row).join('') };
      }
      // A list's sign becomes white space: the translation belongs to the same item.
      const inItem = blockSigns
        .exec(before)![0]
        .replace(/\[[ xX]\][ \t]+/, '')
        .replace(/[-*+](?= )|\d{1,9}[.)](?= )|:(?=\s)/g, (sign) => ' '.repeat(sign.length));
      const quote = inItem.replace(/#+\s*$/, '').trimEnd();
      const heading = /#+\s*$/.exec(inItem)?.[0] ?? '';
      const rest = inItem.slice(0, inItem.length - heading.length);
      const translated = rows.map((row, index) => lineEnding + rest + (index === 0 ? heading : '') + row);
      return { line: snapshot.lineAt(end), text: lineEnding + quote + translated.join('') };
    },
  };
}

function readFlows(
  snapshot: Snapshot,
  { start, end, breaks }: MarkupBlock,
  isMarkdown: boolean,
): { flows: Flow[]; lead: string; width: number } {
  const [first, last] = [snapshot.lineAt(start), snapshot.lineAt(end)];
  const before = snapshot.at(first).slice(0, start - snapshot.offsets[first]!);
  const prefix = isMarkdown && before.includes('>') ? /^(?:[ \t]*>)*[ \t]*/ : /^[ \t]*/;
  const meant = new Set(breaks.map((offset) => snapshot.lineAt(offset)));
  const flows: { text: string; rows: number; mark: string; row: string }[] = [];
  let lead = '';
  let width = 0;
  for (let line = first; line <= last; line++) {
    const whole = snapshot.at(line).slice(0, line === last ? end - snapshot.offsets[line]! : undefined);
    const from = line === first ? before.length : prefix.exec(whole)![0].length;
    if (line === first + 1) lead = whole.slice(0, from);
    const row = whole.slice(from);
    width = Math.max(width, whole.trimEnd().length);
    const flow = flows.at(-1);
    const mark = meant.has(line + 1) && line < last ? (/(?:\\| {2,})$/.exec(row)?.[0] ?? '') : '';
    const content = row.slice(0, row.length - mark.length).trim();
    if (flow === undefined || meant.has(line)) flows.push({ text: content, rows: 1, mark, row });
    else {
      const text = content === '' ? flow.text : flow.text + joint(flow.row, content) + content;
      flows[flows.length - 1] = { text, rows: flow.rows + 1, mark, row: content };
    }
  }
  return { flows, lead, width };
}

/** Without the spaces that keep signs of emphasis and links from being such: `** bold **` is none. */
function tightened(translation: string, keep: readonly string[]): string {
  let result = translation;
  for (const sign of keep) {
    if (/^(?:[*_]{1,3}|~~?)$/.test(sign)) {
      const pieces = result.split(sign);
      result = pieces
        .map((piece, index) => (index % 2 === 1 && index < pieces.length - 1 ? piece.trim() : piece))
        .join(sign);
    } else if (/^!?\[$/.test(sign)) {
      result = result.replaceAll(`${sign} `, sign);
    } else if (sign.startsWith(']')) {
      result = result.replaceAll(` ${sign}`, sign);
    }
  }
  return result;
}

/** HTML and JSX: nothing becomes a tag or an expression, and nothing ends one. */
function sameSigns(text: string, translation: string, { flavour, keep }: MarkupBlock): boolean {
  const signs = flavour === 'jsx' ? ['<', '>', '{', '}'] : ['<', '>', '{{', '}}'];
  return bringsNoMore(text, translation, keep, signs);
}

function sameStructure(text: string, translation: string, { flavour, keep, kind }: MarkupBlock): boolean {
  if (kind === 'cell' && !bringsNoMore(text, translation, keep, ['|'])) return false;
  if (kind === 'alternative' && !bringsNoMore(text, translation, keep, ['[', ']'])) return false;
  if (flavour === 'mdx' && !bringsNoMore(text, translation, keep, ['{', '}', '<'])) return false;
  return structureOf(text) === structureOf(translation);
}

/** The kinds of a text's nodes, and what they refer to, in whatever order. */
function structureOf(markdown: string): string {
  const found: string[] = [];
  const visit = (node: Nodes): void => {
    if (node.type === 'text' || node.type === 'break') return;
    const refersTo =
      'url' in node ? `${node.url} ${node.title ?? ''}` : 'identifier' in node ? node.identifier : '';
    found.push(`${node.type} ${refersTo} ${'value' in node ? node.value : ''}`);
    if ('children' in node) node.children.forEach(visit);
  };
  visit(parseMarkdown(markdown));
  return found.sort().join('\n');
}

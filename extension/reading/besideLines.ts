/**
 * Which part of a translation is shown at which line of its passage, and what of that line it stands for. Knows neither
 * VS Code nor the engine.
 */

/** A line of a passage, and what is shown for it. */
export interface ShownLine {
  /** From the passage's first line. */
  readonly line: number;
  /** UTF-16 offsets within the line: what the translation stands for, signs of comments left out. */
  readonly start: number;
  readonly end: number;
  /** Without the signs of comments; empty where the translation needs fewer lines. */
  readonly text: string;
}

/** What comments, quotations and lists begin their lines with. */
const lead = /^[\t >]*(?:(?:\/\/+!?|#+|--+|;+|%+|\*(?!\/)|"""|''')[\t ]*)?/;

/**
 * @param source the passage as it stands in the document
 * @param startColumn where its first line begins within the document's line
 * @param translated what would take its place: with the same signs, in as many lines as it needs
 */
export function besideLines(source: string, startColumn: number, translated: string): ShownLine[] {
  const sourceLines = source.split(/\r\n|\r|\n/);
  const contents = withoutLeads(translated.split(/\r\n|\r|\n/));
  return sourceLines.map((text, line) => {
    // The first line begins behind its signs.
    const start = line === 0 ? 0 : lead.exec(text)![0].length;
    const shift = line === 0 ? startColumn : 0;
    return {
      line,
      start: shift + Math.min(start, text.trimEnd().length),
      end: shift + text.trimEnd().length,
      text: share(contents, line, sourceLines.length),
    };
  });
}

function withoutLeads(lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? line : line.replace(lead, '')).trim());
}

/** Line by line as long as there are enough lines; else several in one, evenly. */
function share(contents: readonly string[], line: number, lines: number): string {
  if (contents.length <= lines) return contents[line] ?? '';
  const from = Math.floor((line * contents.length) / lines);
  const to = Math.floor(((line + 1) * contents.length) / lines);
  return contents.slice(from, to).join(' ').trim();
}

/**
 * A document's text with translations in the places of its passages, and which line of it stands for which line of the
 * source. Knows neither VS Code nor the engine.
 */
import type { Span } from '../prose/prose';

/** What takes the place of a part of a text. */
export interface Replacement {
  /** UTF-16 offsets into the source. */
  readonly span: Span;
  readonly text: string;
}

export interface TranslatedText {
  readonly text: string;
  /** The line of the translated text that a line of the source has become, both from 0. */
  readonly toTranslated: (line: number) => number;
  /** The reverse. */
  readonly toSource: (line: number) => number;
}

/** A line of the source and the line that it has become; between two such marks lines go along one by one. */
interface Mark {
  readonly source: number;
  readonly translated: number;
}

/**
 * Puts replacements into a text.
 *
 * @param replacements in any order; none overlaps another
 */
export function translatedText(source: string, replacements: readonly Replacement[]): TranslatedText {
  const parts: string[] = [];
  const marks: Mark[] = [{ source: 0, translated: 0 }];
  let place = 0;
  const lines = { source: 0, translated: 0 };
  const take = (text: string): void => {
    parts.push(text);
    const breaks = lineBreaks(text);
    lines.source += breaks;
    lines.translated += breaks;
  };
  for (const { span, text } of replacements.toSorted((one, other) => one.span.start - other.span.start)) {
    take(source.slice(place, span.start));
    marks.push({ ...lines });
    parts.push(text);
    lines.source += lineBreaks(source.slice(span.start, span.end));
    lines.translated += lineBreaks(text);
    marks.push({ ...lines });
    place = span.end;
  }
  take(source.slice(place));
  marks.push({ ...lines });
  return {
    text: parts.join(''),
    toTranslated: (line) => follow(marks, line, 'source', 'translated'),
    toSource: (line) => follow(marks, line, 'translated', 'source'),
  };
}

function lineBreaks(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** From one side's line to the other's: within a replacement in proportion, elsewhere line by line. */
function follow(marks: readonly Mark[], line: number, from: keyof Mark, to: keyof Mark): number {
  const next = marks.findIndex((mark) => mark[from] >= line);
  const [before, after] = [marks[next - 1], marks[next] ?? marks.at(-1)!];
  // Of several lines that one has become, the first; behind the end, the last.
  if (before === undefined || after[from] <= line) return after[to];
  const share = (line - before[from]) / (after[from] - before[from]);
  return before[to] + Math.floor(share * (after[to] - before[to]));
}

/**
 * Headings with a line of signs below them, and in reStructuredText above them too, that is as long as they are.
 */
import type { ProsePassage } from './passage';
import type { Lines } from './reading/lines';
import type { Snapshot } from './snapshot';

export interface Underlining {
  /** A line of one sign. */
  readonly pattern: RegExp;
  readonly mayStandAbove: boolean;
  /** By how much the line may be shorter or longer than the heading. */
  readonly mostDifference: number;
  /** As the language's readers count. */
  readonly lengthOf: (text: string) => number;
}

export function isUnderlined(lines: Lines, line: number, underlining: Underlining): boolean {
  if (line < 0 || line + 1 >= lines.count) return false;
  const [text, below] = [lines.at(line).trimEnd(), lines.at(line + 1).trimEnd()];
  if (!/[\p{L}\p{N}]/u.test(text) || !underlining.pattern.test(below)) return false;
  if (Math.abs(underlining.lengthOf(text) - below.length) > underlining.mostDifference) return false;
  const above = line === 0 ? '' : lines.at(line - 1).trimEnd();
  return above === '' || isOverlined(lines, line, underlining) || /^\[.*\]$/.test(above);
}

function isOverlined(lines: Lines, line: number, { mayStandAbove }: Underlining): boolean {
  return mayStandAbove && line > 0 && lines.at(line - 1).trimEnd() === lines.at(line + 1).trimEnd();
}

/** The passage of a heading, or of a part of one, with its lines of signs, which are made as long as its translation. */
export function withUnderline(
  snapshot: Snapshot,
  passage: ProsePassage,
  underlining: Underlining,
): ProsePassage {
  const { lineEnding } = snapshot;
  const line = snapshot.lineAt(passage.span.start);
  const offset = snapshot.offsets[line]!;
  const [heading, ruler] = [snapshot.at(line).trimEnd(), snapshot.at(line + 1).trimEnd()];
  const before = heading.slice(0, passage.span.start - offset);
  const behind = heading.slice(passage.span.end - offset);
  const isOver = isOverlined(snapshot, line, underlining);
  const span = {
    start: isOver ? snapshot.offsets[line - 1]! : offset,
    end: snapshot.offsetAt(line + 1, ruler.length),
  };
  const gap = ruler.length - underlining.lengthOf(heading);
  const underlined = (text: string): string => {
    const length = underlining.lengthOf(text);
    const own = ruler[0]!.repeat(Math.abs(gap) <= 1 ? length + gap : Math.max(length, ruler.length));
    return [...(isOver ? [own] : []), text, own].join(lineEnding);
  };
  return {
    ...passage,
    span,
    fit: (translation) =>
      passage.fits(translation)
        ? underlined(before + passage.fit(translation) + behind)
        : snapshot.text.slice(span.start, span.end),
    below: (translation) => ({
      line: line + 1,
      text: lineEnding + lineEnding + underlined(/^\s*/.exec(before)![0] + translation.trim()),
    }),
  };
}

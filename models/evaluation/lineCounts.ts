/**
 * The one thing that scoring asks of its input: a line of every reference for each line of the hypothesis.
 */
import { UserError } from '../userError';

/** What the texts are called in a message: files' names where there are files. */
export interface TextNames {
  readonly hypothesis: string;
  /** One for each reference. */
  readonly references: readonly string[];
}

/** Throws a UserError with both numbers where line counts differ, or where there is nothing to score. */
export function checkLineCounts(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  names?: TextNames,
): void {
  const hypothesis = names?.hypothesis ?? 'The hypothesis';
  if (references.length === 0) throw new UserError('No reference was given; a score needs at least one.');
  if (hypotheses.length === 0) throw new UserError(`${hypothesis} is empty: there is nothing to score.`);
  references.forEach((lines, index) => {
    if (lines.length === hypotheses.length) return;
    const reference = names?.references[index] ?? `reference ${index + 1}`;
    throw new UserError(
      `${hypothesis} has ${lineCount(hypotheses)}, but ${reference} has ${lineCount(lines)}: ` +
        'they must be as many, each line a translation of the same sentence.',
    );
  });
}

function lineCount(lines: readonly string[]): string {
  return lines.length === 1 ? '1 line' : `${lines.length} lines`;
}

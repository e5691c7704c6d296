/**
 * Reads what `evaluate` compares: translations and their references, a sentence a line.
 */
import { describeFault, readLines } from '../data/lines';
import { UserError } from '../userError';
import { checkLineCounts } from './lineCounts';

/**
 * All lines of a text file, plain or gzip (`.gz`), empty ones among them.
 *
 * @throws UserError where the file is missing or cannot be read, or a line is not UTF-8 text, naming file and line
 */
export async function readTextLines(file: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of readLines(file)) {
    for (const line of batch) {
      // A line at fault is fatal here: without it every later line would be compared with the wrong one.
      if (typeof line !== 'string')
        throw new UserError(`${describeFault(file, lines.length + 1, line.fault)}.`);
      lines.push(line);
    }
  }
  return lines;
}

/**
 * Translations of one text and one or more references, with as many lines each.
 *
 * @returns lines by file: `[files, lines]`
 * @throws UserError as `readTextLines` does, and where line counts differ (with both files and numbers) or are 0
 */
export async function readTexts(
  hypothesisFiles: readonly string[],
  referenceFiles: readonly string[],
): Promise<{ hypotheses: string[][]; references: string[][] }> {
  const hypotheses = await Promise.all(hypothesisFiles.map(readTextLines));
  const references = await Promise.all(referenceFiles.map(readTextLines));
  hypotheses.forEach((lines, index) => {
    checkLineCounts(lines, references, { hypothesis: hypothesisFiles[index]!, references: referenceFiles });
  });
  return { hypotheses, references };
}

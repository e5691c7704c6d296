/** Two files of as many lines: line by line, one is the translation of the other. */
import { UserError } from '../../userError';
import { readLines, type Line, type Meter } from '../lines';
import type { Candidate, Candidates } from './candidates';

/** @throws UserError where the files have unequal numbers of lines, with both numbers */
export async function* readAligned(sourceFile: string, targetFile: string, meter?: Meter): Candidates {
  const sourceBatches = readLines(sourceFile, meter);
  const targetBatches = readLines(targetFile, meter);
  try {
    let aligned = 0;
    let sources: readonly Line[] = [];
    let targets: readonly Line[] = [];
    for (;;) {
      if (sources.length === 0) sources = await nextBatch(sourceBatches);
      if (targets.length === 0) targets = await nextBatch(targetBatches);
      const both = Math.min(sources.length, targets.length);
      if (both === 0) break;
      const block: Candidate[] = [];
      for (let index = 0; index < both; index++) {
        const [source, target] = [sources[index]!, targets[index]!];
        const line = aligned + index + 1;
        if (typeof source !== 'string') block.push({ file: sourceFile, line, fault: source.fault });
        else if (typeof target !== 'string') block.push({ file: targetFile, line, fault: target.fault });
        else block.push({ source, target });
      }
      yield block;
      aligned += both;
      sources = sources.slice(both);
      targets = targets.slice(both);
    }
    const sourceCount = aligned + sources.length + (await countRest(sourceBatches));
    const targetCount = aligned + targets.length + (await countRest(targetBatches));
    if (sourceCount !== targetCount) {
      throw new UserError(
        `${sourceFile} has ${sourceCount} lines, but ${targetFile} has ${targetCount}: ` +
          'line by line, one must be the translation of the other.',
      );
    }
  } finally {
    // Closes the file that was not read to its end.
    await sourceBatches.return();
    await targetBatches.return();
  }
}

/** The next lines, none at the end. */
async function nextBatch(
  batches: AsyncGenerator<readonly Line[], void, undefined>,
): Promise<readonly Line[]> {
  for (;;) {
    const next = await batches.next();
    if (next.done === true) return [];
    if (next.value.length > 0) return next.value;
  }
}

async function countRest(batches: AsyncIterable<readonly Line[]>): Promise<number> {
  let count = 0;
  for await (const batch of batches) count += batch.length;
  return count;
}

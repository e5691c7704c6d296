/**
 * The first and the last lines of a run's metrics.jsonl: enough to say how the run stands, however long it is.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { RunHistory } from './runHistory';

const headBytes = 4 * 1024;
/** Some 150 updates; a validation with its samples among them. */
const tailBytes = 64 * 1024;

/** The beginning, with what its leg says, and the last updates and validations. Undefined where there is no file. */
export interface MetricsEnds {
  readonly head: RunHistory;
  readonly tail: RunHistory;
}

/** @param run the run's folder */
export async function readMetricsEnds(run: string): Promise<MetricsEnds | undefined> {
  const handle = await open(path.join(run, 'metrics.jsonl'), 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    const read = async (start: number, length: number): Promise<string[]> => {
      const bytes = Buffer.alloc(Math.min(length, size - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      return bytes.toString('utf8', 0, bytesRead).split('\n').slice(0, -1);
    };
    const tailStart = Math.max(0, size - tailBytes);
    const [head, tail] = [new RunHistory(), new RunHistory()];
    for (const line of await read(0, headBytes)) head.add(line);
    // The first line of the end may be the rest of one.
    for (const line of await read(tailStart, tailBytes)) tail.add(line);
    return { head, tail };
  } finally {
    await handle.close();
  }
}

/** Target tokens a second over the last updates; NaN where there are too few. */
export function recentTokensPerSecond({ tail }: MetricsEnds): number {
  const { targetTokens, seconds } = tail.steps;
  const first = Math.max(0, tail.stepCount - 50);
  const [tokensThen] = targetTokens.slice(first, first + 1);
  const [secondsThen] = seconds.slice(first, first + 1);
  const elapsed = seconds.last - (secondsThen ?? NaN);
  // The first updates have no others to be compared with; their own lines say how quick they were.
  return elapsed > 0 ? (targetTokens.last - tokensThen!) / elapsed : tail.steps.targetTokensPerSecond.last;
}

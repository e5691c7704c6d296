/** metrics.jsonl in a run's folder: read by whoever likes, also while it grows; written by the leg that is running. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../userError';
import { AppendedFile } from './appendedFile';
import { formatLine, metricsSchema, parseLine, type MetricsLine } from './lines';

const fileName = 'metrics.jsonl';

export function metricsFileOf(run: string): string {
  return path.join(run, fileName);
}

export interface Metrics {
  readonly lines: readonly MetricsLine[];
  /** Bytes up to the end of the last of them. */
  readonly length: number;
  /** Numbers, from 1, of lines that are none of ours and are passed over; a broken last line is not among them. */
  readonly broken: readonly number[];
}

/**
 * The lines of a run up to a step. The last line may be broken: it may be half-way into the file.
 *
 * @throws UserError where the lines are of a later schema than this Polyhead knows
 */
export async function readMetrics(run: string, lastStep = Infinity): Promise<Metrics> {
  const file = metricsFileOf(run);
  const bytes = await readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const lines: MetricsLine[] = [];
  const broken: number[] = [];
  let suspects: number[] = [];
  let length = 0;
  let number = 0;
  for (let start = 0; ;) {
    const end = bytes.indexOf(0x0a, start) + 1;
    if (end === 0) break;
    number++;
    const line = parseLine(bytes.toString('utf8', start, end));
    start = end;
    if (!line) {
      suspects.push(number);
      continue;
    }
    if (line.kind === 'leg' && line.schema > metricsSchema) {
      throw new UserError(
        `${file} has schema ${line.schema}, where this Polyhead knows ${metricsSchema}: a later one wrote it.`,
      );
    }
    if (line.step > lastStep) break;
    lines.push(line);
    broken.push(...suspects);
    suspects = [];
    length = end;
  }
  return { lines, length, broken };
}

/** The file of the leg that is running. */
export class MetricsWriter {
  private constructor(private readonly file: AppendedFile) {}

  /** Goes on after lines that were read; what follows them is cut off in one step. */
  static async open(run: string, { length }: Metrics): Promise<MetricsWriter> {
    return new MetricsWriter(await AppendedFile.open(metricsFileOf(run), length));
  }

  append(line: MetricsLine): Promise<void> {
    return this.file.append(Buffer.from(formatLine(line)));
  }

  flush(): Promise<void> {
    return this.file.flush();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

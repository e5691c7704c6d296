/**
 * The same metrics for TensorBoard: `tensorboard/events.out.tfevents.*` in a run's folder. A file is a row of records
 * (length and data, each followed by its masked CRC-32C), each record an Event of protocol buffers:
 *
 *   Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
 *   Summary { repeated Value value = 1; }  Value { string tag = 1; float simple_value = 2; }
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Message } from '../../graph/protobuf';
import { writeFileAtomically } from '../../storage/atomic';
import { AppendedFile } from './appendedFile';
import { maskedCrc32c } from './crc32c';
import type { MetricsLine } from './lines';

const folderName = 'tensorboard';
const prefix = 'events.out.tfevents.';

/** What is drawn of each line: the tag's group, and the fields that are its curves. */
const curves = {
  leg: { group: '', fields: [] },
  step: {
    group: 'train',
    fields: [
      'loss',
      'smoothedLoss',
      'perplexity',
      'learningRate',
      'targetTokensPerSecond',
      'paddingShare',
      'gradientNorm',
      'flops',
    ],
  },
  validation: { group: 'validation', fields: ['loss', 'perplexity', 'bleu', 'chrf'] },
} as const satisfies Record<MetricsLine['kind'], { group: string; fields: readonly string[] }>;

export class EventFile {
  private constructor(private readonly file: AppendedFile) {}

  /**
   * Makes the run's event file anew from the lines that it has so far: TensorBoard cannot cut off steps that are taken
   * again after a kill. The one before is removed.
   *
   * @param time seconds since 1970, for its name and its head
   */
  static async create(run: string, lines: readonly MetricsLine[], time: number): Promise<EventFile> {
    const folder = path.join(run, folderName);
    await mkdir(folder, { recursive: true });
    const name = `${prefix}${String(Math.floor(time)).padStart(10, '0')}.polyhead`;
    const head = record(new Message().double(1, time).string(3, 'brain.Event:2'));
    const records = [head, ...lines.flatMap(recordsOf)];
    await writeFileAtomically(path.join(folder, name), [Buffer.concat(records)]);
    for (const other of await readdir(folder)) {
      if (other.includes(prefix) && other !== name) await rm(path.join(folder, other));
    }
    const length = records.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return new EventFile(await AppendedFile.open(path.join(folder, name), length));
  }

  async append(line: MetricsLine): Promise<void> {
    for (const piece of recordsOf(line)) await this.file.append(piece);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** One record, or none where there is nothing to draw. */
function recordsOf(line: MetricsLine): Uint8Array[] {
  const { group, fields } = curves[line.kind];
  const summary = new Message();
  let any = false;
  for (const field of fields) {
    const value = (line as unknown as Record<string, unknown>)[field];
    if (typeof value !== 'number') continue;
    summary.message(1, new Message().string(1, `${group}/${field}`).float(2, value));
    any = true;
  }
  if (!any) return [];
  return [record(new Message().double(1, line.time).integer(2, line.step).message(5, summary))];
}

function record(event: Message): Uint8Array {
  const data = event.finish();
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}

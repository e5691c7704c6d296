/**
 * One part of the bench for a graphics card, in a process of its own: `node part.js NAME JSON`. It prints a line of JSON
 * for each thing measured; of lines with the same `key` the last one counts, so that what a crash of the driver leaves
 * is what was measured before.
 */
import { findAdapter } from './adapter';
import { measureDecoding, type DecodingTask } from './decoding';
import { comparePrecisions, type PrecisionTask } from './precision';
import { measureProducts, type ProductTask } from './products';
import { profileTraining } from './profile';
import { Clock, report } from './report';
import { measureTraining, writeBatches, type TrainingTask } from './training';

const parts: Readonly<Record<string, (task: never, clock: Clock) => Promise<void>>> = {
  adapter: () => findAdapter(),
  gemm: (task: ProductTask, clock) => measureProducts(task, clock),
  batches: (task: Parameters<typeof writeBatches>[0]) => writeBatches(task),
  training: (task: TrainingTask, clock) => measureTraining(task, clock),
  precision: (task: PrecisionTask) => comparePrecisions(task),
  profile: (task: TrainingTask, clock) => profileTraining(task, clock),
  decoding: (task: DecodingTask, clock) => measureDecoding(task, clock),
};

async function main(): Promise<void> {
  const [name = '', json = '{}'] = process.argv.slice(2);
  const task = JSON.parse(json) as { readonly seconds: number };
  try {
    await parts[name]!(task as never, new Clock(task.seconds));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report('error', { reason, outOfMemory: /out.?of.?(device.?|host.?)?memory|alloc/i.test(reason) });
    process.exitCode = 1;
  }
}

void main();

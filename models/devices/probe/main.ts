/**
 * A process that tries a device out: a driver that crashes takes this one along and no other, and one that hangs is ended
 * with it.
 */
import { Worker } from 'node:worker_threads';
import type { ProbeJob } from './door';

/** A driver that hangs blocks this thread, so that another one has to keep the time. */
function endAfter(milliseconds: number): void {
  const program = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${Math.ceil(milliseconds)})`;
  new Worker(program, { eval: true }).unref();
}

process.once('disconnect', () => process.exit(1));
process.once('message', (message) => {
  const job = message as ProbeJob;
  endAfter(job.limitMs);
  void answer(job);
});

async function answer(job: ProbeJob): Promise<void> {
  const { probe } = await import(/* webpackMode: "eager" */ './work');
  const finding = await probe(job);
  process.send?.(finding, undefined, undefined, () => process.exit(0));
}

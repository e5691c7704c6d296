/**
 * The corpus process's entry. It lives as long as its owner wants it: it ends with its work, or when the owner's end of
 * the channel closes. Ctrl+C at a terminal reaches it too; what to do then is for its owner to say.
 */
import { UserError } from '../../userError';
import type { FeedParameters, FromProcess, Job, ParametersOf, ReplyOf, ToProcess } from './door';
import { batchesOf } from './feed';
import { jobs } from './jobs';

const progressEveryMs = 1000;
const ownerCheckMs = 500;
const owner = process.ppid;

if (process.send === undefined) {
  process.stderr.write(
    'This process is started by a training: npm run -s polyhead -- train --help says more.\n',
  );
  process.exitCode = 2;
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  process.once('disconnect', () => process.exit(0));
  setInterval(endWithOwner, ownerCheckMs).unref();
  process.on('message', receive);
}

/** The channel's end is not heard in the middle of a job, nor while another process holds the owner's end of it. */
function endWithOwner(): void {
  if (process.ppid !== owner) process.exit(0);
}

let whenTaken: (() => void) | undefined;

function receive(message: ToProcess): void {
  switch (message.kind) {
    case 'job':
      void doJob(message.job, message.parameters).then(end, fail);
      break;
    case 'feed':
      void feed(message.parameters).catch(fail);
      break;
    case 'taken':
      whenTaken?.();
      break;
  }
}

function send(message: FromProcess): Promise<void> {
  return new Promise((resolve) => {
    // An owner that cannot be reached is gone, and the end of the channel ends this process.
    process.send?.(message, undefined, undefined, () => resolve());
  });
}

async function doJob<J extends Job>(job: J, parameters: ParametersOf<J>): Promise<void> {
  let last = performance.now();
  const onProgress = (done: number, of?: number): void => {
    const now = performance.now();
    if (now - last < progressEveryMs) return;
    last = now;
    endWithOwner();
    void send({ kind: 'progress', done, ...(of !== undefined && { of }) });
  };
  const work = jobs[job] as (parameters: ParametersOf<J>, report: typeof onProgress) => Promise<ReplyOf<J>>;
  await send({ kind: 'reply', value: await work(parameters, onProgress) });
}

async function feed({ ahead, ...parameters }: FeedParameters): Promise<void> {
  let room = ahead;
  let wake: (() => void) | undefined;
  whenTaken = () => {
    room++;
    wake?.();
  };
  for (const fed of batchesOf(parameters)) {
    while (room === 0) await new Promise<void>((resolve) => (wake = resolve));
    room--;
    await send({ kind: 'batch', fed });
  }
}

function end(): void {
  process.exit(0);
}

async function fail(error: unknown): Promise<void> {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof UserError) await send({ kind: 'failed', byInput: true, message });
  else if (error instanceof Error && 'syscall' in error) {
    await send({
      kind: 'failed',
      byInput: true,
      message: `The corpus cannot be stored or read: ${message}.`,
    });
  } else await send({ kind: 'failed', byInput: false, message: stack ?? message });
  process.exit(1);
}

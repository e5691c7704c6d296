/** The owner's side of a probing process: whatever becomes of it, there is a verdict with a sentence. */
import { fork } from 'node:child_process';
import type { Outcome, OtherDevice, Purpose, Verdict } from '../verdict';
import type { Finding, ProbeJob } from './door';

/** Drivers compile dozens of programs at first, on slow machines for a quarter of a minute. */
export const usualLimitMs = 90_000;

export interface ProbeOptions {
  /** The probing process's bundle (probe/main.ts). */
  readonly module: string;
  readonly measure: boolean;
  readonly limitMs?: number;
  /** Ends the process at once; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Tries a device out in a process of its own. */
export async function runProbe(
  device: OtherDevice,
  purpose: Purpose,
  { module, measure, limitMs = usualLimitMs, signal }: ProbeOptions,
): Promise<Verdict> {
  signal?.throwIfAborted();
  const job: ProbeJob = { device, purpose, measure, limitMs };
  const child = fork(module, [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // JSON has no infinity, which a difference may be.
    serialization: 'advanced',
    // Vulkan's loader then says which card is used; onnxruntime does not.
    env: { ...process.env, VK_LOADER_DEBUG: 'driver' },
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-mostSaid)));
  const end = (): void => void child.kill('SIGKILL');
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
    end();
  }, limitMs);
  signal?.addEventListener('abort', end, { once: true });
  try {
    const finding = await new Promise<unknown>((resolve) => {
      child.once('message', resolve);
      child.once('error', ({ message }) => resolve({ outcome: 'broken', reason: message } satisfies Finding));
      // After the channel, in which an answer may still be.
      child.once('close', (code, by) => resolve(deathOf(code, by, late.signal.aborted, limitMs)));
      child.send(job, () => undefined);
    });
    signal?.throwIfAborted();
    const adapter = /Using "([^"\n]{1,200})" with driver/.exec(said)?.[1];
    return verdictOf(finding, job, adapter);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    end();
  }
}

/** Characters of what the process says; the end is the newest. */
const mostSaid = 2 ** 18;

function deathOf(code: number | null, signal: string | null, isLate: boolean, limitMs: number): Finding {
  const reason = isLate
    ? `it had not answered after ${Math.round(limitMs / 1000)} seconds`
    : `its driver ended the process that tried it out (${signal ?? `exit code ${code ?? '?'}`})`;
  return { outcome: 'broken', reason };
}

function verdictOf(answer: unknown, { device, purpose }: ProbeJob, adapter: string | undefined): Verdict {
  const finding = isFinding(answer)
    ? answer
    : ({ outcome: 'broken', reason: 'its answer makes no sense' } as const);
  const { outcome } = finding;
  const of = { ...(adapter !== undefined && { adapter }), when: Date.now() };
  if ('reason' in finding) return { outcome, sentence: sentenceOf(device, outcome, finding.reason), ...of };
  const { difference, paces, keepsBytes } = finding;
  return {
    outcome,
    // Neither has the file that it is kept in.
    difference: Number.isFinite(difference) ? difference : Number.MAX_VALUE,
    ...(outcome === 'wrong' && { sentence: wrong(device, purpose, difference) }),
    ...(paces !== undefined && { paces }),
    ...(keepsBytes !== undefined && { keepsBytes }),
    ...of,
  };
}

function isFinding(answer: unknown): answer is Finding {
  const { outcome, difference, reason } = (answer ?? {}) as Record<string, unknown>;
  if (outcome === 'right' || outcome === 'wrong') return typeof difference === 'number';
  return (outcome === 'absent' || outcome === 'broken') && typeof reason === 'string';
}

function sentenceOf(device: OtherDevice, outcome: Outcome, reason: string): string {
  return outcome === 'absent'
    ? `There is no device for ${device} on this machine: ${reason}.`
    : `The device for ${device} could not be tried out: ${reason}.`;
}

function wrong(device: OtherDevice, purpose: Purpose, difference: number): string {
  const use = purpose === 'translation' ? 'is translated' : 'is trained';
  return `The device for ${device} computes other numbers than the processor (they differ by ${difference.toExponential(1)} of their size), so that nothing ${use} on it: another version of its driver may do better.`;
}

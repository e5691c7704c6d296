/** What processes have computed, which says more than the clock on a machine that does other things too. */
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds that a process has computed on all threads that it has now; 0 where there is no /proc to tell. */
export function computedBy(pid: number): number {
  const folder = `/proc/${pid}/task`;
  try {
    // Nanoseconds on a processor, nanoseconds waiting for one, turns.
    const nanoseconds = readdirSync(folder).map((thread) =>
      Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((sum, of) => sum + of, 0) / 1e6;
  } catch {
    return 0;
  }
}

export function round(value: number): number {
  return Number(value.toFixed(1));
}

/** Waits until a process computes next to nothing for half a second; for twenty seconds at most. */
export async function untilIdle(pid: number): Promise<void> {
  let before = computedBy(pid);
  for (let tries = 0; tries < 40; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = computedBy(pid);
    if (now - before < 20) return;
    before = now;
  }
}

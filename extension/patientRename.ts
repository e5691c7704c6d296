/**
 * Patience where other processes look at the same files. Its renaming is that of models/storage/patientRename.ts, which the
 * extension may not import.
 */
import { rename } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const held: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** Milliseconds before each further attempt: three seconds in all. */
const pauses: readonly number[] = [10, 30, 100, 300, 600, 1000, 1000];

/** Renames a file or a folder. On Windows neither can be while somebody has it, or a file in it, open. */
export function renamePatiently(from: string, to: string): Promise<void> {
  return patiently(() => rename(from, to));
}

/**
 * Does again what Windows refuses while somebody else is at a file: an engine, another window, or whatever looks for
 * viruses. Mostly they are done with it in a moment.
 */
export async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const milliseconds of process.platform === 'win32' ? pauses : []) {
    try {
      return await work();
    } catch (error) {
      if (!held.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await pause(milliseconds);
    }
  }
  return work();
}

// Watches a folder and calls a function for every file that has changed.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The last known time of change of every file, in milliseconds. */
const lastChange = new Map<string, number>();

/**
 * Checks the folder once. The first call only remembers the files; later calls report what is new.
 *
 * @param folder The folder to look into. Subfolders are not searched.
 * @param report Called with the name of each file that was added or changed.
 */
export function checkFolder(folder: string, report: (name: string) => void): void {
  const firstTime = lastChange.size === 0;
  for (const name of readdirSync(folder)) {
    const changed = statSync(join(folder, name)).mtimeMs;
    // A file without an entry is new.
    if (!firstTime && lastChange.get(name) !== changed) report(name);
    lastChange.set(name, changed);
  }
}

/** Asks the person before a file is deleted. */
export function confirmation(name: string): string {
  return `Do you really want to delete the file ${name}? This cannot be undone.`;
}

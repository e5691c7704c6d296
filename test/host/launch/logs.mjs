// Finds what the extension wrote into VS Code's log files.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {string} logsFolder holds a folder for each session, named by its time
 * @param {string} name of the log file
 * @param {number} count
 * @returns {{ file: string, lines: string } | undefined} the last lines of the newest such log; undefined if there is none
 */
export function lastLogLines(logsFolder, name, count) {
  if (!existsSync(logsFolder)) return undefined;
  const newest = readdirSync(logsFolder, { recursive: true })
    .map(String)
    .filter((file) => path.basename(file) === name)
    .sort()
    .at(-1);
  if (newest === undefined) return undefined;
  const file = path.join(logsFolder, newest);
  return { file, lines: readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n') };
}

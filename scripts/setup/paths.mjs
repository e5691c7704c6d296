// Where things lie: the folders that the front doors share. Runs before `npm ci`, so it needs Node alone.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What set-up downloads and what the VS Code hosts write; git and packaging ignore it. */
export const hostsFolder = path.join(root, '.vscode-test');

/** Screenshots, logs and reports of the last test run. */
export const resultsFolder = path.join(root, 'test-results');

/** @param {string[]} parts @returns {string} an absolute path inside the repository */
export const inRoot = (...parts) => path.join(root, ...parts);

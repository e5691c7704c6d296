/** A folder for the tests of one file, removed after them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** @returns makes the path of something in the folder; to be called in tests, when the folder exists */
export function temporaryFolder(purpose: string): (...names: string[]) => string {
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), `polyhead-${purpose}-`));
  });
  afterAll(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  return (...names) => {
    if (folder === undefined) throw new Error('The folder is made before the first test, not before.');
    return path.join(folder, ...names);
  };
}

/**
 * Writing so that a reader sees the old or the new, never half of it: into a temporary neighbour, flushed to the disk,
 * then renamed over the name.
 */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { renamePatiently } from './patientRename';

/** A file that is on the disk when this returns, but that is not there in one step. */
export async function writeFlushed(
  file: string,
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for await (const chunk of chunks) await handle.writeFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename or a new file last: on POSIX the folder has to be flushed too; Windows does it by itself. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const temporaryPrefix = '.unfinished-';

function temporaryName(target: string): string {
  return path.join(
    path.dirname(target),
    `${temporaryPrefix}${path.basename(target)}-${randomBytes(4).toString('hex')}`,
  );
}

/** A file that is replaced whole or stays as it was. */
export async function writeFileAtomically(
  file: string,
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await writeFlushed(temporary, chunks);
    await renamePatiently(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(path.dirname(file));
}

/**
 * A folder that appears whole or not at all: `fill` writes into a temporary one. None of that name may be there yet:
 * no file system replaces a folder in one step, and between two steps neither would be found.
 */
export async function createFolderAtomically(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryName(folder);
  await mkdir(temporary, { recursive: true });
  try {
    await fill(temporary);
    await flushFolder(temporary);
    await renamePatiently(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await flushFolder(path.dirname(folder));
}

/** Lends a folder inside another one for as long as some work takes. `removeUnfinished` finds what a kill leaves of it. */
export async function withTemporaryFolder<Result>(
  parent: string,
  purpose: string,
  work: (temporary: string) => Promise<Result>,
): Promise<Result> {
  const temporary = temporaryName(path.join(parent, purpose));
  await mkdir(temporary, { recursive: true });
  try {
    return await work(temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Removes a folder so that no reader finds half of it under its name. */
export async function removeFolderAtomically(folder: string): Promise<void> {
  const temporary = temporaryName(folder);
  await renamePatiently(folder, temporary);
  // The retries are Windows' too.
  await rm(temporary, { recursive: true, maxRetries: 5 });
}

/**
 * Removes what writes that were cut short have left behind in a folder.
 *
 * @param leastAgeMs leaves alone what somebody else may be writing just now
 */
export async function removeUnfinished(folder: string, leastAgeMs = 0): Promise<void> {
  for (const name of await readdir(folder)) {
    const unfinished = path.join(folder, name);
    if (name.startsWith(temporaryPrefix) && (await ageMs(unfinished)) >= leastAgeMs)
      await rm(unfinished, { recursive: true, force: true });
  }
}

/** How long ago something was last changed; 0 where it has gone meanwhile, or where its time lies ahead. */
async function ageMs(file: string): Promise<number> {
  try {
    return Math.max(0, Date.now() - (await lstat(file)).mtimeMs);
  } catch {
    return 0;
  }
}

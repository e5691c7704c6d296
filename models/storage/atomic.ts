/**
 * Writing so that a reader sees the old or the new, never half of it: into a temporary neighbour, flushed to the disk,
 * then renamed over the name.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

async function writeFlushed(file: string, chunks: Iterable<Uint8Array | string>): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const chunk of chunks) await handle.writeFile(chunk);
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
  chunks: Iterable<Uint8Array | string>,
): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await writeFlushed(temporary, chunks);
    await rename(temporary, file);
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
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await flushFolder(path.dirname(folder));
}

/** Removes a folder so that no reader finds half of it under its name. */
export async function removeFolderAtomically(folder: string): Promise<void> {
  const temporary = temporaryName(folder);
  await rename(folder, temporary);
  await rm(temporary, { recursive: true });
}

/** Removes what writes that were cut short have left behind in a folder. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(temporaryPrefix)) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

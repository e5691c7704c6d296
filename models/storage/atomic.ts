/**
 * Writing so that a reader sees the old or the new, never half of it: into a temporary neighbour, flushed to the disk,
 * then renamed over the name.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Writes a file and flushes it. */
export async function writeFlushed(file: string, chunks: Iterable<Uint8Array | string>): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const chunk of chunks) await handle.writeFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename or a new file last: on POSIX the folder has to be flushed too; Windows does it by itself. */
export async function flushFolder(folder: string): Promise<void> {
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
  return path.join(path.dirname(target), `${temporaryPrefix}${path.basename(target)}-${randomBytes(4).toString('hex')}`);
}

/** True for what a write that was cut short has left behind. */
export function isUnfinished(name: string): boolean {
  return name.startsWith(temporaryPrefix);
}

export async function writeFileAtomically(file: string, chunks: Iterable<Uint8Array | string>): Promise<void> {
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

/** A folder that appears whole: `fill` writes into a temporary one. A folder of that name is replaced. */
export async function writeFolderAtomically(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryName(folder);
  await mkdir(temporary, { recursive: true });
  try {
    await fill(temporary);
    await flushFolder(temporary);
    const old = temporaryName(folder);
    const replaced = await moveAside(folder, old);
    await rename(temporary, folder);
    if (replaced) await rm(old, { recursive: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await flushFolder(path.dirname(folder));
}

async function moveAside(folder: string, aside: string): Promise<boolean> {
  try {
    await rename(folder, aside);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

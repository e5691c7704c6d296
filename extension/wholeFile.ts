/** Files that are there whole or not at all, whenever the window or the machine goes. */
import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { renamePatiently } from './patientRename';

/** Replaces a file, or makes it: beside its place first, so that what stood there stays until all is on the disk. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const beside = path.join(
    path.dirname(file),
    `.unfinished-${path.basename(file)}-${randomBytes(4).toString('hex')}`,
  );
  try {
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renamePatiently(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

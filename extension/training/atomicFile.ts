/** Small files that are there whole or not at all, whenever the window or the machine goes. */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Replaces a file by one with this value as JSON. Its folder must be there. */
export async function writeJson(file: string, value: object): Promise<void> {
  const temporary = path.join(
    path.dirname(file),
    `.unfinished-${path.basename(file)}-${randomBytes(4).toString('hex')}`,
  );
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The object in a JSON file; undefined where there is no such file, or no object in it. */
export async function readJson(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

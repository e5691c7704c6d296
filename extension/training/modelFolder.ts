/** Folders of models, made and taken away so that nobody finds half of one under its name. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { renamePatiently } from '../patientRename';

/**
 * Makes a model's folder, or replaces it: what was there stays until the new one is whole.
 *
 * @param make writes the model into the folder that it is given, which is not there yet
 */
export async function makeModel(
  folder: string,
  make: (unfinished: string) => Promise<unknown>,
): Promise<void> {
  // No engine takes it for a model, and no training for something that it has left half-written itself.
  const unfinished = beside(folder, 'new');
  await rm(unfinished, { recursive: true, force: true });
  try {
    await make(unfinished);
    await removeModel(folder);
    await renamePatiently(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Takes a model's folder away, where there is one. */
export async function removeModel(folder: string): Promise<void> {
  const gone = beside(folder, 'gone');
  await rm(gone, { recursive: true, force: true });
  try {
    await renamePatiently(folder, gone);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // The retries are Windows'.
  await rm(gone, { recursive: true, force: true, maxRetries: 5 });
}

const beside = (folder: string, what: string): string =>
  path.join(path.dirname(folder), `.${what}-${path.basename(folder)}`);

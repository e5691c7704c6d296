/** Small files of runs, as JSON. */
import { readFile } from 'node:fs/promises';
import { patiently } from '../patientRename';
import { writeWhole } from '../wholeFile';

/** Replaces a file by one with this value. Its folder must be there. */
export async function writeJson(file: string, value: object): Promise<void> {
  await writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

/**
 * The object in a JSON file; undefined where there is no such file.
 *
 * @throws Error where it cannot be read, if only for the moment, or holds no object
 */
export async function readJson(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const value = JSON.parse(text) as unknown;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Error('It holds no object');
}

/** The same, for who must have it: waits for others that are at the file. */
export const readJsonPatiently: typeof readJson = (file) => patiently(() => readJson(file));

/** The same, for who does without the file where it cannot be read. */
export const readJsonIfSound: typeof readJson = (file) => readJson(file).catch(() => undefined);

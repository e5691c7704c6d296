/** Small files of runs, as JSON. */
import { readFile } from 'node:fs/promises';
import { writeWhole } from '../wholeFile';

/** Replaces a file by one with this value. Its folder must be there. */
export async function writeJson(file: string, value: object): Promise<void> {
  await writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`);
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

// A small file that says what has been made, for the next command to see. It is there whole, or it is not there.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** @param {string} file @param {unknown} contents */
export function writeStamp(file, contents) {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(contents, null, 2));
  renameSync(unfinished, file);
}

/**
 * @param {string} file
 * @returns {any} what was written, or undefined where nothing was, or something else than a stamp
 */
export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

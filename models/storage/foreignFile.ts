/**
 * Reading files that may come from anywhere: regular ones alone (a named pipe would never end), and nothing of them
 * before their size is known to be sane.
 */
import { constants, type Stats } from 'node:fs';
import { lstat, open, stat, type FileHandle } from 'node:fs/promises';
import { UserError } from '../userError';

export interface OpenFile {
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
}

export interface ForeignFileOptions {
  /** Bytes; a longer file is refused. */
  readonly mostBytes: number;
  /** Whether a symbolic link is refused: what it leads to need not be a part of the folder. */
  readonly refuseLinks?: boolean;
}

/**
 * Opens a file for reading; the caller closes it.
 *
 * @throws UserError that names the file, where it is not there, no regular file, or too long
 */
export async function openForeignFile(
  file: string,
  { mostBytes, refuseLinks = false }: ForeignFileOptions,
): Promise<OpenFile> {
  const handle = await openWithoutWaiting(file, refuseLinks);
  try {
    const stats = await handle.stat();
    checkRegular(file, stats);
    if (stats.size > mostBytes) throw tooLong(file, stats.size, mostBytes);
    return { handle, size: stats.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The sentence for a file with more bytes than are read. */
export function tooLong(file: string, size: number, mostBytes: number): UserError {
  return new UserError(`${file} has ${size} bytes, and at most ${mostBytes} are read.`);
}

/** Node reads no more at once than 2 GiB less a byte. */
const longestRead = 2 ** 30;

/** A whole file. @throws UserError as `openForeignFile` */
export async function readForeignFile(file: string, options: ForeignFileOptions): Promise<Buffer> {
  const opened = await openForeignFile(file, options);
  try {
    return await readPart(opened, 0, opened.size, file);
  } finally {
    await opened.handle.close();
  }
}

/**
 * Bytes of an open file, in a buffer of their own.
 *
 * @param file its name, for errors
 * @throws UserError where it cannot be read, or has become shorter than `start + length`
 */
export async function readPart(
  { handle }: OpenFile,
  start: number,
  length: number,
  file: string,
): Promise<Buffer> {
  try {
    const bytes = Buffer.from(new ArrayBuffer(length));
    let done = 0;
    while (done < length) {
      const wanted = Math.min(length - done, longestRead);
      const { bytesRead } = await handle.read(bytes, done, wanted, start + done);
      if (bytesRead === 0) throw new UserError(`${file} was changed while it was read. Try again.`);
      done += bytesRead;
    }
    return bytes;
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** A whole file of UTF-8. @throws UserError as `openForeignFile`, and where it is not UTF-8 */
export async function readForeignText(file: string, options: ForeignFileOptions): Promise<string> {
  const bytes = await readForeignFile(file, options);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${file} cannot be read: it is not UTF-8.`);
  }
}

async function openWithoutWaiting(file: string, refuseLinks: boolean): Promise<FileHandle> {
  try {
    // Asked before, since to open a device may do something, and after, since it may be another file by then.
    const stats = await (refuseLinks ? lstat : stat)(file);
    if (stats.isSymbolicLink())
      throw new UserError(`${file} is a link. Put the file itself into the folder.`);
    checkRegular(file, stats);
    // Windows has neither flag, which counts as 0, and no pipe in a folder that one could wait for.
    const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
    return await open(file, O_RDONLY | O_NONBLOCK | (refuseLinks ? O_NOFOLLOW : 0));
  } catch (error) {
    throw unreadable(file, error);
  }
}

function checkRegular(file: string, stats: Stats): void {
  if (!stats.isFile()) throw new UserError(`${file} cannot be read: it is no regular file.`);
}

function unreadable(file: string, error: unknown): UserError {
  return error instanceof UserError
    ? error
    : new UserError(`${file} cannot be read: ${(error as Error).message}.`);
}

/**
 * Bytes of a corpus become text here: files plain or gzip, streamed, as lines or as stretches of text.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream, type ReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UserError } from '../userError';

/** Counts what has been read of files, packed or not; up to some 100 kB ahead of what has come out. */
export class Meter {
  private readonly streams: ReadStream[] = [];

  watch(stream: ReadStream): void {
    this.streams.push(stream);
  }

  get bytes(): number {
    return this.streams.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  }
}

/**
 * A line without its end, or what is wrong with it (a predicate: `is not UTF-8`) and, unless it is too long for that, its
 * text with U+FFFD for what cannot be read.
 */
export type Line = string | { readonly fault: string; readonly text?: string };

const newline = 0x0a;
const carriageReturn = 0x0d;
const chunkBytes = 256 * 1024;
/** No sentence is this long: what is, is no text, and would fill the memory. */
const maximumLineBytes = 1024 * 1024;
const tooLong: Line = { fault: 'is longer than 1 MiB' };

/**
 * Reads a file's lines in batches of some thousands, so that a line costs no promise of its own. Lines end with LF or
 * CRLF, the last one with or without (line separators of Unicode are text). A byte order mark is dropped. A name that
 * ends in `.gz` is unpacked. Of a line above a mebibyte nothing is kept.
 *
 * @throws UserError where the file is missing, cannot be read or unpacked to its end, or is no UTF-8 text as a whole
 */
export async function* readLines(
  file: string,
  meter?: Meter,
): AsyncGenerator<readonly Line[], void, undefined> {
  /** Bytes after the last line end so far. */
  let rest: Buffer[] = [];
  let restBytes = 0;
  /** In a line that is too long to keep. */
  let skipping = false;
  let first = true;
  for await (let chunk of readBytes(file, meter)) {
    if (first) chunk = withoutMark(chunk, file);
    first = false;
    if (skipping) {
      const end = chunk.indexOf(newline);
      if (end === -1) continue;
      yield [tooLong];
      skipping = false;
      chunk = chunk.subarray(end + 1);
    }
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) {
      yield linesOf(Buffer.concat([...rest, chunk.subarray(0, end)]));
      rest = [];
      restBytes = 0;
    }
    rest.push(chunk.subarray(end));
    restBytes += chunk.length - end;
    if (restBytes > maximumLineBytes) {
      skipping = true;
      rest = [];
      restBytes = 0;
    }
  }
  if (skipping) yield [tooLong];
  if (restBytes > 0) yield linesOf(Buffer.concat(rest));
}

/**
 * A file's bytes, those of `.gz` unpacked.
 *
 * @throws UserError where the file is missing, or cannot be read or unpacked to its end
 */
export async function* readBytes(file: string, meter?: Meter): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of openBytes(file, meter)) yield chunk as Buffer;
  } catch (error) {
    throw readingError(file, error);
  }
}

/** A whole file of UTF-8. @throws UserError as `readBytes`, and where it is longer, or something else */
export async function readSmallText(file: string, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readBytes(file)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) throw new UserError(`${file} has more than the ${mostBytes} bytes that are read.`);
  }
  const whole = Buffer.concat(chunks);
  if (!isUtf8(whole)) throw new UserError(`${file} is not UTF-8.`);
  return withoutMark(whole, file).toString('utf8');
}

/** How a person is told of a line at fault. Line numbers begin at 1. */
export function describeFault(file: string, line: number, fault: string): string {
  return `${file}:${line}: the line ${fault}`;
}

function openBytes(file: string, meter?: Meter): Readable {
  const bytes = createReadStream(file, { highWaterMark: chunkBytes });
  meter?.watch(bytes);
  if (!file.endsWith('.gz')) return bytes;
  // An error of either stream reaches whoever reads the unpacked one, so the callback has nothing to do.
  return pipeline(bytes, createGunzip({ chunkSize: chunkBytes }), () => undefined);
}

/** Drops UTF-8's byte order mark; other starts tell that the whole file is of another kind. */
function withoutMark(start: Buffer, file: string): Buffer {
  const starts = (...bytes: number[]): boolean => bytes.every((byte, index) => start[index] === byte);
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) {
    throw new UserError(`${file} is UTF-16 text; save it as UTF-8.`);
  }
  if (starts(0x1f, 0x8b)) throw namelessGzip(file);
  return starts(0xef, 0xbb, 0xbf) ? start.subarray(3) : start;
}

/** A file that is packed, by a name that does not say so. */
export function namelessGzip(file: string): UserError {
  return new UserError(`${file} is compressed with gzip, but its name does not end in .gz; rename it.`);
}

/** Splits whole lines. Each becomes a string of its own, so that a line that is dropped holds no memory. */
function linesOf(block: Buffer): Line[] {
  const isText = isUtf8(block) && !block.includes(0);
  const lines: Line[] = [];
  for (let start = 0; start < block.length;) {
    const found = block.indexOf(newline, start);
    const next = found === -1 ? block.length : found;
    const end = next > start && block[next - 1] === carriageReturn ? next - 1 : next;
    const fault = isText ? undefined : faultOf(block.subarray(start, end));
    if (end - start > maximumLineBytes) lines.push(tooLong);
    else {
      const text = block.toString('utf8', start, end);
      lines.push(fault === undefined ? text : { fault, text });
    }
    start = next + 1;
  }
  return lines;
}

function faultOf(line: Buffer): string | undefined {
  if (!isUtf8(line)) return 'is not UTF-8';
  return line.includes(0) ? 'holds a NUL character' : undefined;
}

const explanations: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder; name a file in it',
  EACCES: 'may not be read: its permissions forbid it',
  Z_BUF_ERROR: 'ends in the middle of its gzip data; copy it again',
  Z_DATA_ERROR: 'is no intact gzip file; copy it again, or drop .gz from its name if it is plain text',
};

function readingError(file: string, error: unknown): UserError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UserError(`${file} ${explanations[code] ?? `cannot be read: ${message}`}.`, { cause: error });
}

/** Pairs in a file of their own: what was read and kept waits here for the vocabulary, which needs all of it first. */
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { SentencePair } from './readers/candidates';

const bufferBytes = 1024 * 1024;

/** A file that is written from its beginning to its end, a megabyte at a time. */
export class SequentialFile {
  private readonly descriptor: number;
  private readonly buffer = Buffer.allocUnsafe(bufferBytes);
  private used = 0;

  /** `onBytes` sees all bytes in their order. A system error where the file cannot be made. */
  constructor(
    file: string,
    private readonly onBytes?: (bytes: Uint8Array) => void,
  ) {
    this.descriptor = openSync(file, 'wx');
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > bufferBytes - this.used) this.flush();
    if (bytes.length > bufferBytes) this.writeAll(bytes);
    else {
      this.buffer.set(bytes, this.used);
      this.used += bytes.length;
    }
  }

  /** After this all of it is on the disk. */
  close(): void {
    try {
      this.flush();
      fsyncSync(this.descriptor);
    } finally {
      closeSync(this.descriptor);
    }
  }

  private flush(): void {
    this.writeAll(this.buffer.subarray(0, this.used));
    this.used = 0;
  }

  private writeAll(bytes: Uint8Array): void {
    this.onBytes?.(bytes);
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.descriptor, bytes, written, bytes.length - written);
    }
  }
}

/** Appends pairs. On disk a pair is the lengths of its sides in bytes, two 32-bit words, and the sides as UTF-8. */
export class SpoolWriter {
  private readonly file: SequentialFile;
  pairs = 0;

  constructor(file: string) {
    this.file = new SequentialFile(file);
  }

  append({ source, target }: SentencePair): void {
    const texts = [Buffer.from(source), Buffer.from(target)] as const;
    this.file.write(Uint8Array.of(...word(texts[0].length), ...word(texts[1].length)));
    for (const text of texts) this.file.write(text);
    this.pairs++;
  }

  close(): void {
    this.file.close();
  }
}

function word(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

/** The pairs of a spool, in their order. Blocks while it reads: for a process that has nothing else to do. */
export function* readSpool(file: string): Generator<SentencePair, void, undefined> {
  const descriptor = openSync(file, 'r');
  try {
    let buffer = Buffer.allocUnsafe(bufferBytes);
    let start = 0;
    let end = 0;
    /** Makes `bytes` more bytes stand in the buffer from `start` on; false at the end of the file. */
    const fill = (bytes: number): boolean => {
      if (end - start >= bytes) return true;
      const larger = bytes > buffer.length ? Buffer.allocUnsafe(bytes + bufferBytes) : buffer;
      buffer.copy(larger, 0, start, end);
      buffer = larger;
      end -= start;
      start = 0;
      while (end < bytes) {
        const read = readSync(descriptor, buffer, end, buffer.length - end, null);
        if (read === 0) return false;
        end += read;
      }
      return true;
    };
    while (fill(8)) {
      const sourceBytes = buffer.readUInt32LE(start);
      const targetBytes = buffer.readUInt32LE(start + 4);
      const whole = 8 + sourceBytes + targetBytes;
      if (!fill(whole)) throw new Error(`${file} ends in the middle of a pair.`);
      const border = start + 8 + sourceBytes;
      yield {
        source: buffer.toString('utf8', start + 8, border),
        target: buffer.toString('utf8', border, border + targetBytes),
      };
      start += whole;
    }
  } finally {
    closeSync(descriptor);
  }
}

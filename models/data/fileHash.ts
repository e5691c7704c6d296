/** What tells whether a file is what it was. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The SHA-256 of a file of any length, in hexadecimal. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The same; undefined where the file cannot be read. */
export async function sha256OfReadable(file: string): Promise<string | undefined> {
  return sha256OfFile(file).catch(() => undefined);
}

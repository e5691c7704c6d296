/**
 * An encoded corpus on disk: `<part>.tokens`, the ids of all pairs, source and target in turn, 16 or 32 bits each, and
 * `<part>.lengths`, two 16-bit numbers a pair. The lengths alone are kept in memory, with where each pair begins.
 * Little-endian, as every machine that Node runs on.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { sha256OfReadable } from './fileHash';
import { EncodedCorpus, type EncodedPair } from './encodedCorpus';
import { SequentialFile } from './spool';
import { UserError } from '../userError';

/** What must be known of a part to read it. */
export interface PartHeader {
  readonly pairs: number;
  readonly sourceTokens: number;
  readonly targetTokens: number;
  readonly bytesPerToken: 2 | 4;
  /** SHA-256, hexadecimal. */
  readonly checksums: { readonly tokens: string; readonly lengths: string };
}

/** The most tokens of a side that the lengths can tell. */
export const longestStored = 0xffff;

const tokensFile = (folder: string, part: string): string => path.join(folder, `${part}.tokens`);
const lengthsFile = (folder: string, part: string): string => path.join(folder, `${part}.lengths`);

export class StoreWriter {
  private readonly hashes = { tokens: createHash('sha256'), lengths: createHash('sha256') };
  private readonly tokens: SequentialFile;
  private readonly lengths: SequentialFile;
  private readonly bytesPerToken: 2 | 4;
  private pairs = 0;
  private sourceTokens = 0;
  private targetTokens = 0;

  /** Begins the files of a part. A system error where they are there already or cannot be made. */
  constructor(folder: string, part: string, vocabularySize: number) {
    this.bytesPerToken = vocabularySize <= 0x10000 ? 2 : 4;
    this.tokens = new SequentialFile(tokensFile(folder, part), (bytes) => this.hashes.tokens.update(bytes));
    this.lengths = new SequentialFile(lengthsFile(folder, part), (bytes) =>
      this.hashes.lengths.update(bytes),
    );
  }

  append({ source, target }: EncodedPair): void {
    const ids = [...source, ...target];
    this.tokens.write(bytesOf(this.bytesPerToken === 2 ? Uint16Array.from(ids) : Uint32Array.from(ids)));
    this.lengths.write(bytesOf(Uint16Array.of(source.length, target.length)));
    this.pairs++;
    this.sourceTokens += source.length;
    this.targetTokens += target.length;
  }

  /** Puts all of it on the disk. */
  close(): PartHeader {
    this.tokens.close();
    this.lengths.close();
    const { pairs, sourceTokens, targetTokens, bytesPerToken, hashes } = this;
    const checksums = { tokens: hashes.tokens.digest('hex'), lengths: hashes.lengths.digest('hex') };
    return { pairs, sourceTokens, targetTokens, bytesPerToken, checksums };
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Whether the files of a part are what was written. */
export async function isIntact(folder: string, part: string, header: PartHeader): Promise<boolean> {
  const { tokens, lengths } = header.checksums;
  return (
    (await sha256OfReadable(lengthsFile(folder, part))) === lengths &&
    (await sha256OfReadable(tokensFile(folder, part))) === tokens
  );
}

/** A part, open for reading pairs anywhere in it. 12 bytes of memory a pair. */
export class EncodedStore {
  private constructor(
    private readonly descriptor: number,
    private readonly bytesPerToken: 2 | 4,
    /** Two a pair. */
    private readonly lengths: Uint16Array,
    /** The first token of each pair. */
    private readonly starts: Float64Array,
  ) {}

  /** An Error where the lengths are not those of the header's pairs. */
  static open(folder: string, part: string, { pairs, bytesPerToken }: PartHeader): EncodedStore {
    const bytes = readFileSync(lengthsFile(folder, part));
    if (bytes.length !== 4 * pairs)
      throw new Error(`${lengthsFile(folder, part)} does not hold ${pairs} pairs.`);
    // Files of some sizes come in a buffer that others share, at an odd place.
    const lengths = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const starts = new Float64Array(pairs);
    let start = 0;
    for (let pair = 0; pair < pairs; pair++) {
      starts[pair] = start;
      start += lengths[2 * pair]! + lengths[2 * pair + 1]!;
    }
    return new EncodedStore(openSync(tokensFile(folder, part), 'r'), bytesPerToken, lengths, starts);
  }

  get size(): number {
    return this.starts.length;
  }

  sourceLength(pair: number): number {
    return this.lengths[2 * pair]!;
  }

  targetLength(pair: number): number {
    return this.lengths[2 * pair + 1]!;
  }

  /** Some pairs by number, in memory, in the order asked for. */
  read(pairs: Iterable<number>): EncodedCorpus {
    return EncodedCorpus.from(this.readEach(pairs));
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private *readEach(pairs: Iterable<number>): Generator<EncodedPair, void, undefined> {
    const { bytesPerToken } = this;
    for (const pair of pairs) {
      const sourceLength = this.sourceLength(pair);
      const count = sourceLength + this.targetLength(pair);
      const ids = bytesPerToken === 2 ? new Uint16Array(count) : new Uint32Array(count);
      const place = this.starts[pair]! * bytesPerToken;
      const read = readSync(this.descriptor, ids, 0, ids.byteLength, place);
      if (read < ids.byteLength) throw new UserError(`The encoded corpus ends before its pair ${pair}.`);
      yield { source: ids.subarray(0, sourceLength), target: ids.subarray(sourceLength) };
    }
  }
}

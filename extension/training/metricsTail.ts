/**
 * Follows a run's metrics.jsonl while it grows. A leg that goes on from a checkpoint cuts off the lines after it: the
 * end of what was read is compared with what stands there now, and where they differ the file is read anew.
 */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RunHistory } from './runHistory';

const fileName = 'metrics.jsonl';
/** Read and parsed in one turn of the event loop: about a millisecond's work. */
const pieceBytes = 256 * 1024;
/** Of what was read last, as many bytes are kept to be compared. They hold a time and a loss, which differ from leg to leg. */
const keptBytes = 512;
/** How many pieces are some of a long file: about fifty thousand updates. */
const piecesOfSome = 64;
const lineBreak = 0x0a;

/** What a reading brought: nothing, lines behind those that there were, or a history that begins anew. */
export type Change = 'none' | 'appended' | 'replaced';

export class MetricsTail {
  readonly history = new RunHistory();
  readonly #file: string;
  /** Bytes that were read, up to the end of a line. */
  #offset = 0;
  #generation = 0;
  /** The last of them. */
  #kept = Buffer.alloc(0);
  #turn: Promise<unknown> = Promise.resolve();

  /** @param run the run's folder */
  constructor(run: string) {
    this.#file = path.join(run, fileName);
  }

  /** Another one when the history has begun anew. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Takes in what has been written since the last time. One reading waits for the other.
   *
   * @param onSome a long file takes seconds: this is called now and then, when some of it is there
   */
  read(onSome?: () => void): Promise<Change> {
    const reading = this.#turn.then(() => this.#read(onSome));
    this.#turn = reading.catch(() => undefined);
    return reading;
  }

  async #read(onSome?: () => void): Promise<Change> {
    const handle = await openIfThere(this.#file);
    if (handle === undefined) return this.#restart();
    try {
      const begun = (await this.#isStillThere(handle)) ? 'none' : this.#restart();
      const appended = await this.#append(handle, onSome);
      return begun === 'none' && appended ? 'appended' : begun;
    } finally {
      await handle.close();
    }
  }

  #restart(): Change {
    if (this.#offset === 0) return 'none';
    this.#offset = 0;
    this.#generation++;
    this.#kept = Buffer.alloc(0);
    this.history.clear();
    return 'replaced';
  }

  async #isStillThere(handle: FileHandle): Promise<boolean> {
    if (this.#offset === 0) return true;
    const now = Buffer.alloc(this.#kept.length);
    const { bytesRead } = await handle.read(now, 0, now.length, this.#offset - now.length);
    return bytesRead === now.length && now.equals(this.#kept);
  }

  /** @returns whether there were whole lines */
  async #append(handle: FileHandle, onSome?: () => void): Promise<boolean> {
    const piece = Buffer.alloc(pieceBytes);
    const from = this.#offset;
    /** A line that began in an earlier piece. */
    let begun = Buffer.alloc(0);
    for (let pieces = 1; ; pieces++) {
      const { bytesRead } = await handle.read(piece, 0, pieceBytes, this.#offset + begun.length);
      if (bytesRead === 0) return this.#offset > from;
      const bytes = Buffer.concat([begun, piece.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(lineBreak) + 1;
      for (const line of bytes.toString('utf8', 0, end).split('\n')) if (line !== '') this.history.add(line);
      if (end > 0) this.#keep(bytes.subarray(0, end));
      this.#offset += end;
      begun = Buffer.from(bytes.subarray(end));
      if (pieces % piecesOfSome === 0) onSome?.();
      await nextTurn();
    }
  }

  #keep(read: Buffer): void {
    this.#kept = Buffer.from(Buffer.concat([this.#kept, read.subarray(-keptBytes)]).subarray(-keptBytes));
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Which window trains: one at a time for all windows that share a folder of runs. The engine itself keeps two processes
 * off one run; this keeps two windows from training two runs at once, and lets each of them know what the other does.
 */
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EngineLog } from '../engine/engineLog';

const fileName = '.trainer.json';
const beatMs = 10_000;
/** A window that has not said for so long that it trains has gone: its process may have the number of another one now. */
const silentMs = 60_000;

export interface Holder {
  readonly pid: number;
  /** The run's id. */
  readonly run: string;
}

export class TrainerLock {
  readonly #folder: () => string;
  readonly #log: EngineLog;
  readonly #pid: number;
  #held: { file: string; beat: NodeJS.Timeout } | undefined;

  /** @param folder where the runs are; @param pid for tests */
  constructor(folder: () => string, log: EngineLog, pid = process.pid) {
    this.#folder = folder;
    this.#log = log;
    this.#pid = pid;
  }

  /** @returns whether this window may train the run now; the folder must be there */
  async acquire(run: string): Promise<boolean> {
    if (this.#held !== undefined) return false;
    const file = path.join(this.#folder(), fileName);
    for (let attempt = 1; attempt <= 3; attempt++) {
      if (await create(file, { pid: this.#pid, run })) {
        this.#held = { file, beat: setInterval(() => this.#beat(file), beatMs) };
        this.#held.beat.unref();
        return true;
      }
      if ((await this.holder()) !== undefined) return false;
      await removeStale(file);
    }
    return false;
  }

  async release(): Promise<void> {
    if (this.#held === undefined) return;
    const { file, beat } = this.#held;
    clearInterval(beat);
    this.#held = undefined;
    await rm(file, { force: true });
  }

  /** Who trains now, as far as anybody does. */
  async holder(): Promise<Holder | undefined> {
    const file = path.join(this.#folder(), fileName);
    try {
      const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
      const { pid, run } = JSON.parse(text) as Partial<Holder>;
      if (!Number.isSafeInteger(pid) || typeof run !== 'string') return undefined;
      const isSilent = Date.now() - mtimeMs > silentMs;
      return isSilent || !isAlive(pid!) ? undefined : { pid: pid!, run };
    } catch {
      return undefined;
    }
  }

  /** Whether the holder is this window. */
  get held(): boolean {
    return this.#held !== undefined;
  }

  #beat(file: string): void {
    const now = new Date();
    utimes(file, now, now).catch((error: unknown) => {
      this.#log.debug(`The trainer's lock cannot be touched: ${(error as Error).message}`);
    });
  }
}

async function create(file: string, holder: Holder): Promise<boolean> {
  // Written under another name first: nobody reads half of it and takes it for stale.
  const written = aside(file);
  await writeFile(written, JSON.stringify(holder));
  try {
    await link(written, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
}

const aside = (file: string): string => `${file}-${randomBytes(4).toString('hex')}`;

/** Of two windows that find it stale, one takes it away. */
async function removeStale(file: string): Promise<void> {
  const taken = aside(file);
  await rename(file, taken).catch(() => undefined);
  await rm(taken, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

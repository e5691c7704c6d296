/**
 * Which window trains: one at a time for all windows that share a folder of runs. The engine itself keeps two processes
 * off one run; this keeps two windows from training two runs at once, and lets each of them know what the other does.
 */
import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EngineLog } from '../engine/engineLog';

const fileName = '.trainer.json';
const beatMs = 10_000;
/** A window that has not said for so long that it trains has gone: its process may have the number of another one now. */
const silentMs = 60_000;
/** What cannot be read may be one that a window is writing: where there are no links, that takes two steps. */
const writingMs = 5000;

export interface Holder {
  readonly pid: number;
  /** The run's id. */
  readonly run: string;
}

/** What stands in a lock's file. */
interface Found {
  readonly text: string;
  readonly mtimeMs: number;
  /** Undefined where it cannot be read. */
  readonly holder: Holder | undefined;
}

export class TrainerLock {
  readonly #folder: () => string;
  readonly #log: EngineLog;
  readonly #pid: number;
  /** `text`: what is in the file, and in no other lock that ever was. */
  #held: { file: string; text: string; beat: NodeJS.Timeout } | undefined;

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
    const text = JSON.stringify({ pid: this.#pid, run, token: randomBytes(8).toString('hex') });
    for (let attempt = 1; attempt <= 3; attempt++) {
      if (await create(file, text)) {
        this.#held = { file, text, beat: setInterval(() => void this.#beat(), beatMs) };
        this.#held.beat.unref();
        return true;
      }
      const found = await read(file);
      if (found === undefined) continue;
      if (isHeld(found)) return false;
      await removeStale(file, found);
    }
    return false;
  }

  /** Never fails: a lock that stays is taken for a dead window's before long. */
  async release(): Promise<void> {
    if (this.#held === undefined) return;
    const { file, text, beat } = this.#held;
    clearInterval(beat);
    this.#held = undefined;
    try {
      // After a long sleep it may be another window's.
      if ((await read(file))?.text === text) await rm(file, { force: true });
    } catch (error) {
      this.#log.debug(`The trainer's lock cannot be removed: ${(error as Error).message}`);
    }
  }

  /** Who trains now, as far as anybody does. */
  async holder(): Promise<Holder | undefined> {
    const found = await read(path.join(this.#folder(), fileName));
    return found && isHeld(found) ? found.holder : undefined;
  }

  /** Whether the holder is this window. */
  get held(): boolean {
    return this.#held !== undefined;
  }

  async #beat(): Promise<void> {
    try {
      if (this.#held === undefined) return;
      const { file, text } = this.#held;
      const now = new Date();
      if ((await read(file))?.text === text) await utimes(file, now, now);
    } catch (error) {
      this.#log.debug(`The trainer's lock cannot be touched: ${(error as Error).message}`);
    }
  }
}

/** @returns false where there is one already */
async function create(file: string, text: string): Promise<boolean> {
  // Written under another name first: nobody reads half of it.
  const written = `${file}-${randomBytes(4).toString('hex')}`;
  await writeFile(written, text);
  try {
    return await unlessThere(link(written, file));
  } catch {
    // File systems without links (FAT, some network ones) say so in many ways. What else is wrong is met here again.
    return await unlessThere(writeFile(file, text, { flag: 'wx' }));
  } finally {
    await rm(written, { force: true }).catch(() => undefined);
  }
}

async function unlessThere(making: Promise<void>): Promise<boolean> {
  try {
    await making;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined where there is none, or none that can be read now. */
async function read(file: string): Promise<Found | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    // Behind the text: where another lock has come meanwhile, the old one is taken for a fresh one, and never the other way.
    const { mtimeMs } = await stat(file);
    return { text, mtimeMs, holder: holderIn(text) };
  } catch {
    return undefined;
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, run } = JSON.parse(text) as Partial<Holder>;
    return Number.isSafeInteger(pid) && typeof run === 'string' ? { pid: pid!, run } : undefined;
  } catch {
    return undefined;
  }
}

function isHeld({ holder, mtimeMs }: Found): boolean {
  const silence = Date.now() - mtimeMs;
  return holder === undefined ? silence <= writingMs : silence <= silentMs && isAlive(holder.pid);
}

/**
 * Takes away what a dead window has left. Only one window may remove a certain lock, however late others have read it: the
 * one that has made the guard with that lock's name, and as long as the guard is there, the lock is no fresh one.
 */
async function removeStale(file: string, stale: Found): Promise<void> {
  const name = createHash('sha256').update(`${stale.mtimeMs} ${stale.text}`).digest('hex').slice(0, 16);
  const guard = `${file}-${name}`;
  if (!(await create(guard, ''))) {
    const left = await read(guard);
    // Its window has died, too.
    if (left !== undefined && Date.now() - left.mtimeMs > silentMs) await rm(guard, { force: true });
    return;
  }
  try {
    const there = await read(file);
    if (there?.text === stale.text && there.mtimeMs === stale.mtimeMs) await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
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

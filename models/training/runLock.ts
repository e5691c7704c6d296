/**
 * One training in a folder at a time: `training.lock` names the process that is at it. What a process left behind that
 * was killed is taken over, once it is certain that nobody is at it any more.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { UserError } from '../userError';

const fileName = 'training.lock';
/** The holder touches its lock so often, … */
const beatMs = 20_000;
/** … so that one that was not touched for so long is nobody's, where the process itself cannot be asked after. */
const silenceMs = 10 * 60_000;
/** Several who find a stale lock at once get out of each other's way within so many tries, so far apart. */
const attempts = 20;
const betweenMs = 25;

/** Who trains in a folder. */
export interface Holder {
  readonly pid: number;
  /** The machine; containers have names of their own. */
  readonly host: string;
  /** When the process began, in the system's own words; processes get the ids of ended ones. Empty where it is not told. */
  readonly started: string;
}

interface Found extends Holder {
  /** Different in every lock that ever was. */
  readonly token: string;
}

export class RunLock {
  private readonly beat: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private readonly token: string,
  ) {
    this.beat = setInterval(() => {
      const now = new Date();
      // A lock that is gone is noticed at the next checkpoint.
      utimes(this.file, now, now).catch(() => undefined);
    }, beatMs);
    this.beat.unref();
  }

  /**
   * Takes a folder, which is made if need be.
   *
   * @throws UserError where another process trains in it
   */
  static async take(folder: string): Promise<RunLock> {
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, fileName);
    const mine: Found = { ...(await thisProcess()), token: randomBytes(8).toString('hex') };
    const draft = `${file}-${mine.token}`;
    await writeFile(draft, JSON.stringify(mine));
    try {
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (await linked(draft, file)) {
          await removeLeftovers(folder);
          return new RunLock(file, mine.token);
        }
        const found = await read(file);
        if (found === undefined) continue;
        if (found !== 'unreadable' && (await isAlive(found, file))) throw held(folder, found);
        if (found === 'unreadable' && (await silence(file)) < silenceMs) throw unreadable(file);
        if (!(await removeStale(file, found, draft))) await setTimeout(betweenMs);
      }
    } finally {
      await rm(draft, { force: true });
    }
    throw new UserError(`Several processes want to train in ${folder} at once: start one of them again.`);
  }

  /** @throws UserError where another process has taken the folder over, having thought this one dead */
  async check(): Promise<void> {
    const found = await read(this.file);
    if (found !== undefined && found !== 'unreadable' && found.token === this.token) return;
    throw new UserError(
      `${this.file} is no longer this training’s: another process trains there now, or somebody has removed it. The training stops, so that the two do not mix.`,
    );
  }

  async release(): Promise<void> {
    clearInterval(this.beat);
    const found = await read(this.file).catch(() => undefined);
    if (found !== undefined && found !== 'unreadable' && found.token === this.token)
      await rm(this.file, { force: true });
  }
}

/** Who trains in a folder at this moment; undefined where nobody does. */
export async function holderOf(folder: string): Promise<Holder | undefined> {
  const file = path.join(folder, fileName);
  const found = await read(file).catch(() => undefined);
  if (found === undefined || found === 'unreadable' || !(await isAlive(found, file))) return undefined;
  const { pid, host, started } = found;
  return { pid, host, started };
}

/** @throws UserError where a process trains in the folder */
export async function refuseWhileTrained(folder: string): Promise<void> {
  const holder = await holderOf(folder);
  if (holder) throw held(folder, holder);
}

function held(folder: string, { pid, host }: Holder): UserError {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new UserError(
    `Process ${pid}${where} trains in ${folder} already: wait for it to end, or choose another folder.`,
  );
}

function unreadable(file: string): UserError {
  return new UserError(
    `${file} cannot be read, so that nobody knows who trains there: when nobody does, remove it.`,
  );
}

/** What file systems without links say (FAT, some network ones); EISDIR: Windows', of exFAT. */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR']);

/** Gives a file a second name, in one step; false where that is taken. Without links it is made anew, which is one too. */
async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === undefined || !withoutLinks.has(code)) throw error;
    return writeFile(file, await readFile(draft), { flag: 'wx' }).then(
      () => true,
      (reason: unknown) => {
        if ((reason as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw reason;
      },
    );
  }
}

/** Undefined where there is none. */
async function read(file: string): Promise<Found | 'unreadable' | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { pid, host, started, token } = JSON.parse(text) as Record<string, unknown>;
    const sound =
      Number.isSafeInteger(pid) && [host, started, token].every((value) => typeof value === 'string');
    return sound ? ({ pid, host, started, token } as Found) : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** Drafts of processes that were killed half-way. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (name.startsWith(`${fileName}-`) && (await silence(file)) >= silenceMs)
      await rm(file, { force: true });
  }
}

/**
 * Removes what a dead process has left. Only one process may remove a certain lock, however late others have read it:
 * the one that holds the guard with that lock's name, and as long as it does, the lock is not another's. A guard whose
 * holder has died goes the same way.
 *
 * @returns whether it was this process that removed it
 */
async function removeStale(file: string, found: Found | 'unreadable', draft: string): Promise<boolean> {
  const guard = `${file}-${nameOf(found)}`;
  if (!(await linked(draft, guard))) {
    const guarding = await read(guard);
    if (guarding === undefined) return false;
    const isHeld =
      guarding === 'unreadable' ? (await silence(guard)) < silenceMs : await isAlive(guarding, guard);
    if (isHeld) return false;
    await removeStale(guard, guarding, draft);
    return false;
  }
  try {
    const there = await read(file);
    if (there === undefined || nameOf(there) !== nameOf(found)) return false;
    await rm(file, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

/** No part of a path, whatever stands in the file. */
function nameOf(found: Found | 'unreadable'): string {
  return found === 'unreadable' ? found : Buffer.from(found.token).toString('hex').slice(0, 32);
}

async function isAlive(holder: Holder, file: string): Promise<boolean> {
  const quiet = (await silence(file)) >= silenceMs;
  if (holder.host !== hostname()) return !quiet;
  if (!exists(holder.pid)) return false;
  const started = await startOf(holder.pid);
  return started === '' || holder.started === '' ? !quiet : started === holder.started;
}

/** Milliseconds since a lock was touched. */
async function silence(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Infinity,
  );
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function thisProcess(): Promise<Holder> {
  return { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
}

/** Linux: clock ticks between the start of the system and that of the process, and which start of the system it was. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // What follows the name, which is in brackets and may hold anything; field 22 counts from the id.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${boot.trim()} ${ticks}`;
  } catch {
    return '';
  }
}

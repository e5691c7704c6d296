import { spawn } from 'node:child_process';
import type * as fs from 'node:fs/promises';
import { link, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TrainerLock } from '../../../../extension/training/trainerLock';
import { temporaryFolder } from '../../temporaryFolder';
import { collectLog } from '../collectLog';

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>();
  return { ...actual, link: vi.fn(actual.link), stat: vi.fn(actual.stat) };
});
const actual = await vi.importActual<typeof fs>('node:fs/promises');

const temporary = temporaryFolder('trainer-lock');
let folder = '';
let count = 0;
const locks: TrainerLock[] = [];

function lock(pid?: number): TrainerLock {
  const made = new TrainerLock(() => folder, collectLog().log, pid);
  locks.push(made);
  return made;
}

beforeEach(async () => {
  folder = temporary(`runs-${count++}`);
  await mkdir(folder);
});
afterEach(async () => {
  await Promise.all(locks.splice(0).map((one) => one.release()));
  vi.mocked(link).mockImplementation(actual.link);
});

const file = (): string => path.join(folder, '.trainer.json');

async function untouchedFor(seconds: number): Promise<void> {
  const before = new Date(Date.now() - 1000 * seconds);
  await utimes(file(), before, before);
}

/** The number of a process that is gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid!;
}

describe('the lock of the window that trains', () => {
  it('is held by one, who is known to the other, until it is released', async () => {
    const [one, other] = [lock(), lock()];
    expect(await one.holder()).toBeUndefined();
    expect(await one.acquire('a')).toBe(true);
    expect(one.held).toBe(true);
    expect(await one.acquire('b')).toBe(false);
    expect(await other.acquire('b')).toBe(false);
    expect(other.held).toBe(false);
    expect(await other.holder()).toEqual({ pid: process.pid, run: 'a' });
    await one.release();
    expect(await other.holder()).toBeUndefined();
    expect(await other.acquire('b')).toBe(true);
    expect(await readdir(folder)).toEqual(['.trainer.json']);
  });

  it('is won by one of many at once', async () => {
    const many = Array.from({ length: 20 }, () => lock());
    const won = await Promise.all(many.map((one, index) => one.acquire(`run-${index}`)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('does not outlive its process', async () => {
    const dead = lock(await deadPid());
    expect(await dead.acquire('a')).toBe(true);
    const next = lock();
    expect(await next.holder()).toBeUndefined();
    expect(await next.acquire('b')).toBe(true);
    expect(await next.holder()).toMatchObject({ run: 'b' });
  });

  it('does not outlive a long silence, even if its number belongs to a process', async () => {
    await lock().acquire('a');
    await untouchedFor(61);
    expect(await lock().acquire('b')).toBe(true);
  });

  it.each(['', '{}', '{"pid":"7","run":"a"}', '{"pid":1}', 'null'])(
    'is not held by a broken file: %s',
    async (text) => {
      await writeFile(file(), text);
      const one = lock();
      expect(await one.holder()).toBeUndefined();
      // It may be one that a window is writing.
      expect(await one.acquire('a')).toBe(false);
      await untouchedFor(10);
      expect(await one.acquire('a')).toBe(true);
    },
  );

  it.each(['EPERM', 'ENOTSUP', 'EISDIR'])(
    'is held by one where the file system has no links: %s',
    async (code) => {
      vi.mocked(link).mockRejectedValue(Object.assign(new Error(code), { code }));
      const many = Array.from({ length: 20 }, () => lock());
      const won = await Promise.all(many.map((one, index) => one.acquire(`run-${index}`)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await lock().holder()).toEqual({ pid: process.pid, run: `run-${won.indexOf(true)}` });
      expect(await readdir(folder)).toEqual(['.trainer.json']);
    },
  );

  it('goes to one of many who find that of a dead window at once, again and again', async () => {
    const dead = await deadPid();
    for (let round = 0; round < 40; round++) {
      await writeFile(file(), JSON.stringify({ pid: dead, run: 'a', token: `dead ${round}` }));
      const many = Array.from({ length: 12 }, () => lock());
      const won = await Promise.all(
        many.map(async (one, index) => {
          // Not all in step: some find the old lock, some nothing, some the new one.
          await setTimeout((index * round) % 5);
          return one.acquire(`run-${index}`);
        }),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await lock().holder()).toEqual({ pid: process.pid, run: `run-${won.indexOf(true)}` });
      await Promise.all(many.map((one) => one.release()));
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('is not taken away by who has found an old one in its place', async () => {
    await writeFile(file(), JSON.stringify({ pid: await deadPid(), run: 'a' }));
    const [one, other] = [lock(), lock()];
    vi.mocked(stat).mockImplementationOnce(async (...parameters) => {
      const found = await actual.stat(...parameters);
      expect(await one.acquire('b')).toBe(true);
      return found;
    });
    expect(await other.acquire('c')).toBe(false);
    expect(await other.holder()).toMatchObject({ run: 'b' });
  });

  it('is taken over although a window has died that was taking it over', async () => {
    await writeFile(file(), JSON.stringify({ pid: await deadPid(), run: 'a' }));
    const [dying, next] = [lock(), lock()];
    // Its guard is made, and nothing after that.
    vi.mocked(link).mockImplementationOnce(actual.link);
    vi.mocked(link).mockImplementationOnce(async (...parameters) => {
      await actual.link(...parameters);
      throw Object.assign(new Error('EIO'), { code: 'EEXIST' });
    });
    expect(await dying.acquire('b')).toBe(false);
    const [guard] = (await readdir(folder)).filter((name) => name !== '.trainer.json');
    const before = new Date(Date.now() - 61_000);
    await utimes(path.join(folder, guard!), before, before);
    expect(await next.acquire('c')).toBe(true);
    expect(await readdir(folder)).toEqual(['.trainer.json']);
  });

  it('stays where another window has taken it for a dead one’s', async () => {
    const [one, other] = [lock(), lock()];
    await one.acquire('a');
    await untouchedFor(61);
    expect(await other.acquire('b')).toBe(true);
    await one.release();
    expect(await readFile(file(), 'utf8')).toContain('"b"');
    expect(await lock().holder()).toMatchObject({ run: 'b' });
  });
});

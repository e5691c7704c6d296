import { spawn } from 'node:child_process';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainerLock } from '../../../../extension/training/trainerLock';
import { temporaryFolder } from '../../temporaryFolder';
import { collectLog } from '../collectLog';

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
afterEach(() => Promise.all(locks.splice(0).map((one) => one.release())));

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
    const before = new Date(Date.now() - 61_000);
    await utimes(path.join(folder, '.trainer.json'), before, before);
    expect(await lock().acquire('b')).toBe(true);
  });

  it.each(['', '{}', '{"pid":"7","run":"a"}', '{"pid":1}', 'null'])(
    'is not held by a broken file: %s',
    async (text) => {
      await writeFile(path.join(folder, '.trainer.json'), text);
      const one = lock();
      expect(await one.holder()).toBeUndefined();
      expect(await one.acquire('a')).toBe(true);
    },
  );
});

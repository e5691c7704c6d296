/** One training in a folder: who holds it, what a killed process leaves behind, and who must not take it away. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type * as fs from 'node:fs/promises';
import { link, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holderOf, RunLock } from '../../../models/training/runLock';
import { UserError } from '../../../models/userError';
import { temporaryFolder } from '../temporaryFolder';

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>();
  return { ...actual, link: vi.fn(actual.link) };
});
const actual = await vi.importActual<typeof fs>('node:fs/promises');
afterEach(() => void vi.mocked(link).mockImplementation(actual.link));

const inFolder = temporaryFolder('lock');
let runs = 0;
let run: string;
const file = (): string => path.join(run, 'training.lock');

beforeEach(async () => {
  run = inFolder(`run-${++runs}`);
  await mkdir(run);
});

const lockOf = (more: object): string =>
  JSON.stringify({ pid: process.pid, host: hostname(), started: '', token: 'other', ...more });

/** The id of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

async function untouchedFor(minutes: number): Promise<void> {
  const then = new Date(Date.now() - minutes * 60_000);
  await utimes(file(), then, then);
}

describe('the lock of a run', () => {
  it('is there while it is held, and names its process', async () => {
    const lock = await RunLock.take(run);
    expect(await holderOf(run)).toMatchObject({ pid: process.pid, host: hostname() });
    await lock.check();
    await expect(RunLock.take(run)).rejects.toThrow(
      new UserError(
        `Process ${process.pid} trains in ${run} already: wait for it to end, or choose another folder.`,
      ),
    );
    await lock.release();
    expect(await readdir(run)).toEqual([]);
    expect(await holderOf(run)).toBeUndefined();
  });

  it.each(['EPERM', 'ENOTSUP', 'EISDIR'])('is one’s where the file system has no links: %s', async (code) => {
    vi.mocked(link).mockRejectedValue(Object.assign(new Error(code), { code }));
    const lock = await RunLock.take(run);
    await expect(RunLock.take(run)).rejects.toThrow('already: wait for it to end');
    await lock.release();
    expect(await readdir(run)).toEqual([]);
  });

  it('goes to one of many who want it at once, again and again', async () => {
    const dead = await endedProcess();
    for (let round = 0; round < 40; round++) {
      await writeFile(file(), lockOf({ pid: dead, token: `dead ${round}` }));
      const taken = await Promise.allSettled(
        Array.from({ length: 12 }, async (_, index) => {
          // Not all in step: some find the old lock, some nothing, some the new one.
          await setTimeout((index * round) % 5);
          return RunLock.take(run);
        }),
      );
      const locks = taken.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(locks).toHaveLength(1);
      for (const one of taken) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(UserError);
      await locks[0]!.check();
      await locks[0]!.release();
      expect(await readdir(run)).toEqual([]);
    }
  });

  it('is taken over although one who was taking it over has died', async () => {
    const dead = await endedProcess();
    await writeFile(file(), lockOf({ pid: dead }));
    const guard = `${file()}-${Buffer.from('other').toString('hex')}`;
    await writeFile(guard, lockOf({ pid: dead, token: 'taker' }));
    await (await RunLock.take(run)).release();
    expect(await readdir(run)).toEqual([]);
  });

  it('of a process that was killed is taken over', async () => {
    await writeFile(file(), lockOf({ pid: await endedProcess() }));
    expect(await holderOf(run)).toBeUndefined();
    await (await RunLock.take(run)).release();
  });

  it.skipIf(process.platform !== 'linux')('is not another process’ that has got the same id', async () => {
    await writeFile(file(), lockOf({ started: 'another start' }));
    await (await RunLock.take(run)).release();
  });

  it('of another machine is honoured for as long as it is touched', async () => {
    await writeFile(file(), lockOf({ host: 'elsewhere', pid: 1 }));
    await untouchedFor(5);
    await expect(RunLock.take(run)).rejects.toThrow(`Process 1 on elsewhere trains in ${run} already`);
    await untouchedFor(15);
    await (await RunLock.take(run)).release();
  });

  it('that cannot be read is not taken over at once', async () => {
    await writeFile(file(), '{');
    await expect(RunLock.take(run)).rejects.toThrow(
      'nobody knows who trains there: when nobody does, remove it.',
    );
    expect(await readFile(file(), 'utf8')).toBe('{');
    await untouchedFor(15);
    await (await RunLock.take(run)).release();
  });

  it('that was lost is noticed, and what has come in its place stays', async () => {
    const lock = await RunLock.take(run);
    await writeFile(file(), lockOf({ token: 'taken over' }));
    await expect(lock.check()).rejects.toThrow('is no longer this training’s');
    await lock.release();
    expect(await readFile(file(), 'utf8')).toContain('taken over');
  });
});

/** `polyhead train` as a process that is killed without warning, and resumed. */
import { readdirSync, watch } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomWords } from '../../../models/data/random';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { beginning, endOf, KilledTrainings, lastStep, traceOf } from './killedTrainings';

const inFolder = temporaryFolder('killed');
/** The undisturbed run's steps. */
const total = 100;
let bundle: Bundle;
let trainings: KilledTrainings;

beforeAll(async () => {
  bundle = await buildBundle('cli');
  trainings = new KilledTrainings(bundle, inFolder());
  await trainings.writeCorpus();
});
afterAll(() => bundle.remove());

/** Kills the child as soon as something new in the folder fits. */
function killAt(child: ChildProcess, folder: string, fits: (name: string) => boolean): void {
  const known = new Set(readdirSync(folder));
  const watcher = watch(folder, () => {
    for (const name of readdirSync(folder)) {
      if (known.has(name) || !fits(name)) continue;
      child.kill('SIGKILL');
      watcher.close();
      return;
    }
  });
  child.once('exit', () => watcher.close());
}

const isCheckpoint = (name: string): boolean => name.startsWith('checkpoint-');
const isUnfinished = (name: string): boolean => name.startsWith('.unfinished-checkpoint-');

/** A dozen processes one after the other: on a busy machine that takes its time. */
const limitMs = 300_000;

describe('a training that is killed', { timeout: limitMs }, () => {
  it('goes on where its last checkpoint was, and ends as if nothing had happened', async () => {
    await trainings.finish(inFolder('undisturbed'), total);
    const folder = inFolder('killed');
    await mkdir(folder);
    /** One leg, killed at the instant when something new fits. */
    const killedLeg = async (options: string[], fits: (name: string) => boolean): Promise<void> => {
      const before = await lastStep(folder);
      const { child, lines } = trainings.start(folder, ...options);
      killAt(child, folder, fits);
      expect(await endOf(child), lines.join('\n')).toBe('SIGKILL');
      if (before > 0) expect(lines.join('\n')).toContain(`Going on after step ${before} `);
    };
    // When a checkpoint has appeared.
    await killedLeg(beginning, isCheckpoint);
    // While one is being written. Where this process was too slow to catch it, it tries again.
    for (let attempt = 1; !(await readdir(folder)).some(isUnfinished); attempt++) {
      expect(attempt).toBeLessThan(10);
      await killedLeg(['--resume'], isUnfinished);
    }
    // While it trains: when another one has appeared after the first.
    const seen = new Set<string>();
    await killedLeg(['--resume'], (name) => isCheckpoint(name) && seen.add(name).size > 1);

    const before = await lastStep(folder);
    expect(before).toBeGreaterThanOrEqual(10);
    expect(before).toBeLessThan(total);

    const lines = await trainings.finish(folder, total);
    expect(lines.join('\n')).toContain(`Going on after step ${before} `);
    expect(lines.join('\n')).not.toContain('Warning');
    expect((await readdir(folder)).sort()).toEqual((await readdir(inFolder('undisturbed'))).sort());
    expect(await traceOf(folder)).toEqual(await traceOf(inFolder('undisturbed')));
  });

  it('at three random moments takes the very same steps', async () => {
    const folder = inFolder('random');
    // From the start of the process to well into its steps.
    const words = randomWords(3);
    const moments = Array.from({ length: 3 }, () => 500 + (words() / 2 ** 32) * 4000);
    const saved = await trainings.killAt(folder, moments);
    const end = saved.at(-1)! + 10;
    await trainings.finish(folder, end);
    await trainings.finish(inFolder('never'), end);
    expect(await traceOf(folder)).toEqual(await traceOf(inFolder('never')));
  });

  it.skipIf(process.platform === 'win32')('saves a checkpoint when it is asked to end instead', async () => {
    const folder = inFolder('asked');
    await mkdir(folder);
    const { child, lines } = trainings.start(folder, ...beginning);
    const watcher = watch(folder, () => {
      if (!readdirSync(folder).some(isCheckpoint)) return;
      watcher.close();
      child.kill('SIGINT');
    });
    expect(await endOf(child), lines.join('\n')).toBe(0);
    expect(lines).toContain('Stopping after this step; the checkpoint is being written.');
    expect(await lastStep(folder)).toBeGreaterThanOrEqual(5);
    expect(lines.at(-1)).toContain(
      path.join(folder, `checkpoint-${String(await lastStep(folder)).padStart(8, '0')}`),
    );
  });

  it.skipIf(process.platform === 'win32')(
    'ends at once when it is asked to while it reads its corpus',
    async () => {
      const lines = Array.from({ length: 400_000 }, (_, number) => `${number} a b\t${number} c d\n`);
      await writeFile(inFolder('large.en-de.tsv'), lines.join(''));
      const folder = inFolder('reading');
      await mkdir(folder);
      const { child, lines: said } = trainings.start(folder, '--corpus', 'large.en-de.tsv');
      const watcher = watch(folder, () => {
        if (!readdirSync(folder).some((name) => name.startsWith('.unfinished-corpus-'))) return;
        watcher.close();
        child.kill('SIGINT');
      });
      expect(await endOf(child)).toBe(2);
      expect(said).toEqual([
        '',
        'Stopping.',
        'Stopped while the corpus was being prepared; nothing of that is kept.',
      ]);
      expect(readdirSync(folder)).toEqual(['run.json']);
    },
  );
});

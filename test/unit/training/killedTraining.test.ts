/** `polyhead train` as a process that is killed without warning, and resumed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listCheckpoints } from '../../../models/training/checkpoints';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { digitStrings, writePairs } from './digitStrings';

const inFolder = temporaryFolder('killed');
/** The undisturbed run's steps. */
const total = 100;
let bundle: Bundle;

beforeAll(async () => {
  bundle = await buildBundle('cli');
  await writePairs(inFolder('pairs.en-de.tsv'), digitStrings(400, 1));
});
afterAll(() => bundle.remove());

const beginning = (): string[] => [
  ...['--corpus', 'pairs.en-de.tsv', '--held-out', '10', '--vocabulary-size', '305'],
  ...['--preset', 'tiny', '--batch-tokens', '200', '--warmup-steps', '20'],
];

/** Starts a leg that saves at every fifth step. A run that was begun beside its corpus is resumed from elsewhere. */
function train(folder: string, ...options: string[]): { child: ChildProcess; lines: string[] } {
  const leg = ['--output', folder, '--threads', '1', '--checkpoint-every', '5', '--keep-checkpoints', '3'];
  const child = spawn(process.execPath, [bundle.modulePath, 'train', ...leg, ...options], {
    cwd: options.includes('--resume') ? path.parse(folder).root : inFolder(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  return { child, lines };
}

/** Waits for the end; an exit code, or what killed it. */
async function end(child: ChildProcess): Promise<number | string> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return code ?? signal ?? 'nothing';
}

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

describe('a training that is killed', () => {
  it('goes on where its last checkpoint was, and ends as if nothing had happened', async () => {
    const undisturbed = train(inFolder('undisturbed'), ...beginning(), '--steps', String(total));
    expect([await end(undisturbed.child), undisturbed.lines]).toEqual([0, expect.anything()]);

    const folder = inFolder('killed');
    await mkdir(folder);
    /** One leg, killed at the instant when something new fits. */
    const killedLeg = async (options: string[], fits: (name: string) => boolean): Promise<void> => {
      const before = await lastStep(folder);
      const { child, lines } = train(folder, ...options);
      killAt(child, folder, fits);
      expect(await end(child), lines.join('\n')).toBe('SIGKILL');
      if (before > 0) expect(lines.join('\n')).toContain(`Going on after step ${before} `);
    };
    // When a checkpoint has appeared.
    await killedLeg(beginning(), isCheckpoint);
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

    const { child, lines } = train(folder, '--resume', '--steps', String(total));
    expect(await end(child), lines.join('\n')).toBe(0);
    expect(lines.join('\n')).toContain(`Going on after step ${before} `);
    expect(lines.join('\n')).not.toContain('Warning');
    expect((await readdir(folder)).sort()).toEqual((await readdir(inFolder('undisturbed'))).sort());
    for (const file of ['model.safetensors', 'optimiser.safetensors', 'config.json', 'tokenizer.json']) {
      const [ours, theirs] = await Promise.all(
        [folder, inFolder('undisturbed')].map((run) => readFile(path.join(run, 'checkpoint-00000100', file))),
      );
      expect(ours!.equals(theirs!), file).toBe(true);
    }
  });

  async function lastStep(folder: string): Promise<number> {
    const [newest] = await listCheckpoints(folder);
    return newest === undefined ? 0 : Number(newest.slice(-8));
  }

  it.skipIf(process.platform === 'win32')('saves a checkpoint when it is asked to end instead', async () => {
    const folder = inFolder('asked');
    await mkdir(folder);
    const { child, lines } = train(folder, ...beginning());
    const watcher = watch(folder, () => {
      if (!readdirSync(folder).some(isCheckpoint)) return;
      watcher.close();
      child.kill('SIGINT');
    });
    expect(await end(child), lines.join('\n')).toBe(0);
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
      const { child, lines: said } = train(folder, '--corpus', 'large.en-de.tsv');
      const watcher = watch(folder, () => {
        if (!readdirSync(folder).some((name) => name.startsWith('.unfinished-corpus-'))) return;
        watcher.close();
        child.kill('SIGINT');
      });
      expect(await end(child)).toBe(2);
      expect(said).toEqual([
        '',
        'Stopping.',
        'Stopped while the corpus was being prepared; nothing of that is kept.',
      ]);
      expect(readdirSync(folder)).toEqual(['run.json']);
    },
  );
});

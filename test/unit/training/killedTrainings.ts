/** `polyhead train` as a process that tests kill and resume, and what it left behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { listCheckpoints } from '../../../models/training/checkpoints';
import { readMetrics } from '../../../models/training/metrics/metricsFile';
import type { Bundle } from '../bundle';
import { digitStrings, writePairs } from './digitStrings';

const corpus = 'pairs.en-de.tsv';

/** What begins a run of a toy task, besides its corpus. */
export const beginning = [
  ...['--corpus', corpus, '--held-out', '10', '--vocabulary-size', '305'],
  ...['--preset', 'tiny', '--batch-tokens', '200', '--warmup-steps', '20'],
];

export interface Leg {
  readonly child: ChildProcess;
  /** What it says, line by line. */
  readonly lines: string[];
}

export class KilledTrainings {
  /** @param folder where the corpus is; runs may be anywhere */
  constructor(
    private readonly bundle: Bundle,
    private readonly folder: string,
  ) {}

  async writeCorpus(): Promise<void> {
    await writePairs(path.join(this.folder, corpus), digitStrings(400, 1));
  }

  /** Starts a leg that saves at every fifth step. A run that was begun beside its corpus is resumed from elsewhere. */
  start(run: string, ...options: string[]): Leg {
    const leg = ['--output', run, '--threads', '1', '--checkpoint-every', '5', '--keep-checkpoints', '3'];
    const child = spawn(process.execPath, [this.bundle.modulePath, 'train', ...leg, ...options], {
      cwd: options.includes('--resume') ? path.parse(run).root : this.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
    return { child, lines };
  }

  /** Begins a run, or goes on with it where it has a checkpoint. */
  async startOrResume(run: string, ...options: string[]): Promise<Leg> {
    const first = (await lastStep(run)) === 0 ? beginning : ['--resume'];
    return this.start(run, ...first, ...options);
  }

  /** A leg from its start to its end, which must go well. */
  async finish(run: string, steps: number): Promise<string[]> {
    const { child, lines } = await this.startOrResume(run, '--steps', String(steps));
    const end = await endOf(child);
    if (end !== 0) throw new Error(`The training ended with ${end}:\n${lines.join('\n')}`);
    return lines;
  }

  /**
   * Legs without an end, each killed after a while of its own.
   *
   * @param moments milliseconds from a leg's start
   * @returns steps that were saved after each kill
   */
  async killAt(run: string, moments: readonly number[]): Promise<number[]> {
    const saved: number[] = [];
    for (const moment of moments) {
      const { child, lines } = await this.startOrResume(run);
      await Promise.race([delay(moment), once(child, 'exit')]);
      child.kill('SIGKILL');
      const end = await endOf(child);
      if (end !== 'SIGKILL') throw new Error(`The training ended with ${end}:\n${lines.join('\n')}`);
      saved.push(await lastStep(run));
    }
    return saved;
  }
}

/** Waits for the end; an exit code, or what killed it. */
export async function endOf(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode ?? 0;
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return code ?? signal ?? 'nothing';
}

/** The step of a run's newest checkpoint; 0 where it has none. */
export async function lastStep(run: string): Promise<number> {
  const [newest] = await listCheckpoints(run);
  return newest === undefined ? 0 : Number(newest.slice(-8));
}

/** What must be the same, to the last bit, of two runs to the same step: losses, rates, validations, the last checkpoint. */
export async function traceOf(run: string): Promise<unknown> {
  const { lines, broken } = await readMetrics(run);
  const [newest] = await listCheckpoints(run);
  const contents = ['model.safetensors', 'optimiser.safetensors', 'config.json', 'tokenizer.json'].map(
    async (file) => (await readFile(path.join(newest!, file))).toString('base64'),
  );
  return {
    broken,
    steps: lines.flatMap((line) =>
      line.kind === 'step'
        ? [
            [
              line.step,
              line.epoch,
              line.loss,
              line.perplexity,
              line.learningRate,
              line.gradientNorm,
              line.targetTokens,
            ],
          ]
        : [],
    ),
    validations: lines.flatMap((line) =>
      line.kind === 'validation' ? [[line.step, line.loss, line.perplexity, line.bleu, line.samples]] : [],
    ),
    checkpoint: await Promise.all(contents),
  };
}

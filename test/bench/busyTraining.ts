/** A training as the sidebar runs one, to measure beside: of low priority, with a thread less than there are cores. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants, setPriority, tmpdir } from 'node:os';
import path from 'node:path';

const limitMs = 60_000;

export class BusyTraining {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #ended: Promise<unknown>;
  #output = '';

  private constructor(program: string) {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'polyhead-bench-'));
    const corpus = path.join(this.#folder, 'pairs.tsv');
    writeFileSync(corpus, madeUpPairs(4000));
    const options = ['--from', 'en', '--to', 'de', '--preset', 'small', '--vocabulary-size', '2000'];
    const threads = String(Math.max(1, availableParallelism() - 1));
    this.#child = spawn(
      process.execPath,
      [program, 'train', '--corpus', corpus, ...options, '--threads', threads, '--output', this.#run],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#ended = new Promise((resolve) => this.#child.once('exit', resolve));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    if (this.#child.pid !== undefined) setPriority(this.#child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  }

  /** Settles when it has taken its first steps. @param program dist/cli.js */
  static async begin(program: string): Promise<BusyTraining> {
    const training = new BusyTraining(program);
    const end = Date.now() + limitMs;
    while (!training.#hasSteps()) {
      if (training.#child.exitCode !== null || Date.now() > end) {
        await training.end();
        throw new Error(`The training does not train:\n${training.#output.slice(-2000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return training;
  }

  /** Whether it still trains. */
  get trains(): boolean {
    return this.#child.exitCode === null;
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #run(): string {
    return path.join(this.#folder, 'run');
  }

  #hasSteps(): boolean {
    const metrics = statSync(path.join(this.#run, 'metrics.jsonl'), { throwIfNoEntry: false });
    return metrics !== undefined && metrics.size > 2000;
  }
}

/** Words that mean nothing; what the numbers are does not matter to the time that a step takes. */
function madeUpPairs(count: number): string {
  const lines = Array.from({ length: count }, (_, line) => {
    const words = Array.from({ length: 12 }, (__, word) =>
      ((line * 7919 + word * 104_729) % 1999).toString(36),
    );
    return `${words.join(' ')}\t${words.toReversed().join(' ')}`;
  });
  return `${lines.join('\n')}\n`;
}

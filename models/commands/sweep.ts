/** `polyhead sweep`: variations of a training, one after the other, and a table of what came of each. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { describeReport } from '../data/corpus';
import { writeFileAtomically } from '../storage/atomic';
import { UserError } from '../userError';
import { wholeNumber } from './options';
import { ProgressPrinter } from './progressPrinter';
import { readPlan } from './sweep/plan';
import { tableOf, type Failure, type Row } from './sweep/table';
import { runVariation } from './sweep/variation';
import { stopOnInterrupt } from './train';

interface SweepOptions {
  readonly plan: string;
  readonly output: string;
  readonly checkpointEvery: number;
  readonly threads: number;
  readonly format: 'markdown' | 'json';
}

export function addSweep(program: Command): void {
  program
    .command('sweep')
    .description(
      'Trains the variations of a plan one after the other and prints the columns of the paper’s Table 3; run again, it goes on where it stopped.',
    )
    .requiredOption('--plan <file>', 'JSON: settings, variations of them, and what to translate')
    .requiredOption('--output <folder>', 'where each variation’s run and the tables go')
    .option('--checkpoint-every <n>', 'updates between checkpoints', wholeNumber(1), 500)
    .option('--threads <n>', 'of one operator; 0: one a core', wholeNumber(0, 256), 0)
    .addOption(
      new Option('--format <name>', 'of what is printed').choices(['markdown', 'json']).default('markdown'),
    )
    .action(sweep);
}

async function sweep({ plan: file, output, checkpointEvery, threads, format }: SweepOptions): Promise<void> {
  const plan = await readPlan(file);
  await mkdir(output, { recursive: true });
  const signal = stopOnInterrupt(() => 'Stopping; the same command goes on.');
  const leg = {
    checkpointEvery,
    keepCheckpoints: 1,
    threads,
    corpusProcess: path.join(__dirname, 'corpus.js'),
    signal,
  };
  const rows: Row[] = [];
  const failures: Failure[] = [];
  for (const variation of plan.variations) {
    const { name } = variation;
    process.stderr.write(`${name}: ${variation.steps} steps\n`);
    const printer = new ProgressPrinter(process.stderr, describeReport);
    try {
      rows.push(await runVariation(path.join(output, name), variation, plan, leg, printer.onEvent));
    } catch (error) {
      if (signal.aborted) break;
      // Whatever it is, it is this variation's: the others go on.
      const sentence = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');
      process.stderr.write(`${name} failed: ${sentence}\n`);
      failures.push({ name, error: sentence });
    } finally {
      printer.close();
    }
    await writeTables(output, rows, failures);
  }
  const printed = format === 'json' ? jsonOf(rows, failures) : tableOf(rows, failures);
  process.stdout.write(`${printed}\n`);
  if (failures.length > 0)
    throw new UserError(
      `${failures.length} of ${plan.variations.length} variations failed; the same command tries them again.`,
    );
}

function jsonOf(rows: readonly Row[], failures: readonly Failure[]): string {
  return JSON.stringify({ rows, failures }, undefined, 2);
}

/** After every variation, so that what is there can be seen. */
async function writeTables(
  output: string,
  rows: readonly Row[],
  failures: readonly Failure[],
): Promise<void> {
  await writeFileAtomically(path.join(output, 'sweep.md'), [`${tableOf(rows, failures)}\n`]);
  await writeFileAtomically(path.join(output, 'sweep.json'), [`${jsonOf(rows, failures)}\n`]);
}

/** `polyhead metrics`: what a run has written down of its steps and validations. */
import type { Command } from 'commander';
import { readBest } from '../training/best';
import { csvRows } from '../training/metrics/csv';
import { metricsFileOf, readMetrics } from '../training/metrics/metricsFile';
import { UserError } from '../userError';

interface MetricsOptions {
  readonly run: string;
  readonly csv?: boolean;
}

export function addMetrics(program: Command): void {
  program
    .command('metrics')
    .description('Shows the validations of a run, also while it goes on; with --csv every step, as a table.')
    .requiredOption('--run <folder>', 'what train wrote to --output')
    .option('--csv', 'prints a row a step, with what the validation after it said')
    .action(metrics);
}

async function metrics({ run, csv }: MetricsOptions): Promise<void> {
  const { lines, broken } = await readMetrics(run);
  if (lines.length === 0)
    throw new UserError(`${metricsFileOf(run)} holds no metrics: give the folder that train wrote to.`);
  for (const number of broken)
    process.stderr.write(`Warning: line ${number} of ${metricsFileOf(run)} is broken and passed over.\n`);
  if (csv) {
    for (const row of csvRows(lines)) process.stdout.write(row);
    return;
  }
  const best = await readBest(run);
  for (const line of lines) {
    if (line.kind !== 'validation') continue;
    const { step, loss, perplexity, bleu, chrf } = line;
    const figures = [
      `step ${step}`,
      `loss ${show(loss, 4)}`,
      `perplexity ${show(perplexity, 2)}`,
      ...(bleu === null ? [] : [`BLEU ${show(bleu, 2)}`, `chrF ${show(chrf, 2)}`]),
      ...(best?.step === step ? [`the best by ${best.measure}`] : []),
    ];
    process.stdout.write(`${figures.join(' · ')}\n`);
  }
}

function show(value: number | null, digits: number): string {
  return value === null ? 'no number' : value.toFixed(digits);
}

/** `polyhead export`: the newest checkpoints of a run as one model to keep or to ship. */
import { mkdir } from 'node:fs/promises';
import type { Command } from 'commander';
import { writeModel } from '../storage/modelFolder';
import { averageCheckpoints } from '../training/average';
import { wholeNumber } from './options';

interface ExportOptions {
  readonly run: string;
  readonly output: string;
  readonly average: number;
  readonly name?: string;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('Writes a run’s newest checkpoints, averaged, as a model folder with float16 weights.')
    .requiredOption('--run <folder>', 'what train wrote to --output')
    .requiredOption('--output <folder>', 'where the model goes; other files there stay')
    .option('--average <n>', 'mean of the last n checkpoints’ weights (§6.1)', wholeNumber(1, 1000), 1)
    .option('--name <text>', 'the model’s name (default: the run’s)')
    .action(exportModel);
}

async function exportModel({ run, output, average, name }: ExportOptions): Promise<void> {
  const model = await averageCheckpoints(run, average);
  await mkdir(output, { recursive: true });
  await writeModel(
    output,
    { ...model, config: { ...model.config, ...(name !== undefined && { name }) } },
    'F16',
  );
  process.stderr.write(`${output}: ${average} checkpoint${average === 1 ? '' : 's'} of ${run}, float16.\n`);
}

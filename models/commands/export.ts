/** `polyhead export`: the newest checkpoints of a run as one model to keep or to ship. */
import { mkdir } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { writeOnnx } from '../inference/exportOnnx';
import { writeModel } from '../storage/modelFolder';
import { averageCheckpoints, bestCheckpoint } from '../training/average';
import { UserError } from '../userError';
import { wholeNumber } from './options';

interface ExportOptions {
  readonly run: string;
  readonly output: string;
  readonly average?: number;
  readonly best?: boolean;
  readonly name?: string;
  readonly format: 'folder' | 'onnx';
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description(
      'Writes a run’s newest checkpoints, averaged, as a model folder with float16 weights or as ONNX; also while it trains.',
    )
    .requiredOption('--run <folder>', 'what train wrote to --output')
    .requiredOption('--output <folder>', 'where the model goes; other files there stay')
    .option(
      '--average <n>',
      'mean of the last n checkpoints’ weights (§6.1; default: 1)',
      wholeNumber(1, 1000),
    )
    .option('--best', 'the checkpoint that validated best instead')
    .option('--name <text>', 'the model’s name (default: the run’s)')
    .addOption(
      new Option('--format <name>', 'folder: Polyhead’s own; onnx: encoder and decoder for any onnxruntime')
        .choices(['folder', 'onnx'])
        .default('folder'),
    )
    .action(exportModel);
}

async function exportModel({ run, output, average, best, name, format }: ExportOptions): Promise<void> {
  if (best && average !== undefined)
    throw new UserError('--best is one checkpoint and --average the last ones: leave one out.');
  const count = average ?? 1;
  const model = best ? await bestCheckpoint(run) : await averageCheckpoints(run, count);
  await mkdir(output, { recursive: true });
  const named = { ...model, config: { ...model.config, ...(name !== undefined && { name }) } };
  if (format === 'onnx') await writeOnnx(output, named);
  else await writeModel(output, named, 'F16');
  const which = best ? 'the best checkpoint' : `${count} checkpoint${count === 1 ? '' : 's'}`;
  process.stderr.write(`${output}: ${which} of ${run}, ${format === 'onnx' ? 'ONNX' : 'float16'}.\n`);
}

/** `polyhead export`: the newest checkpoints of a run, or a model, as a model to keep, to ship or to make smaller. */
import { mkdir } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { writeOnnx } from '../inference/exportOnnx';
import { quantisedModel, readModel, writeModel, type Model } from '../storage/modelFolder';
import { averageCheckpoints, bestCheckpoint } from '../training/average';
import { UserError } from '../userError';
import { wholeNumber } from './options';

interface ExportOptions {
  readonly run?: string;
  readonly model?: string;
  readonly output: string;
  readonly weights?: 'float16' | 'int8';
  readonly average?: number;
  readonly best?: boolean;
  readonly name?: string;
  readonly format: 'folder' | 'onnx';
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description(
      'Writes a run’s newest checkpoints, averaged, as a model folder or as ONNX; also while it trains.',
    )
    .option('--run <folder>', 'what train wrote to --output')
    .option('--model <folder>', 'a model that was exported before, with float16 weights, instead of a run')
    .requiredOption('--output <folder>', 'where the model goes; other files there stay')
    .addOption(
      new Option(
        '--weights <type>',
        'int8: a quarter of float32, to translate with or to begin a training with, and not exported again; float16: half, ' +
          'for all of it (default: float16, and float32 in ONNX)',
      ).choices(['float16', 'int8']),
    )
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

async function exportModel(options: ExportOptions): Promise<void> {
  const { output, name, format, weights } = options;
  if (format === 'onnx' && weights === 'float16')
    throw new UserError(
      'ONNX is written with float32 weights, or int8 ones: leave --weights out or give int8.',
    );
  const { model, what } = await read(options);
  const named = { ...model, config: { ...model.config, ...(name !== undefined && { name }) } };
  await mkdir(output, { recursive: true });
  if (format === 'onnx') await writeOnnx(output, weights === 'int8' ? quantisedModel(named) : named);
  else await writeModel(output, named, weights === 'int8' ? weights : 'F16');
  const as = format === 'onnx' ? `ONNX, ${weights ?? 'float32'}` : (weights ?? 'float16');
  process.stderr.write(`${output}: ${what}, ${as}.\n`);
}

async function read({ run, model, average, best }: ExportOptions): Promise<{ model: Model; what: string }> {
  if (model !== undefined) {
    if (run !== undefined || best || average !== undefined) {
      throw new UserError(
        '--model is one model: --run, --average and --best, which choose among checkpoints, do not go with it.',
      );
    }
    return { model: await readModel(model), what: model };
  }
  if (run === undefined)
    throw new UserError('Give --run, the folder of a training, or --model, that of a model.');
  if (best && average !== undefined)
    throw new UserError('--best is one checkpoint and --average the last ones: leave one out.');
  if (best) return { model: await bestCheckpoint(run), what: `the best checkpoint of ${run}` };
  const count = average ?? 1;
  const which = `${count} checkpoint${count === 1 ? '' : 's'} of ${run}`;
  return { model: await averageCheckpoints(run, count), what: which };
}

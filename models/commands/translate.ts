/** `polyhead translate`: a line in, a line out. */
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { findPair, readModelCatalogue } from '../engine/modelCatalogue';
import { Translator, type Translated } from '../inference/translator';
import { resolveModelFolder } from '../training/checkpoints';
import { UserError } from '../userError';
import { wholeNumber } from './options';

interface TranslateCommandOptions {
  readonly from?: string;
  readonly to?: string;
  readonly model?: string;
  readonly threads: number;
  readonly statistics?: boolean;
}

/** Lines translated together when they come from a file: enough to fill batches, few enough to stream. */
const linesAtOnce = 256;

export function addTranslate(program: Command): void {
  program
    .command('translate')
    .description('Translates standard input, a line for each line; spans such as %s, {0} and URLs come back as they were.')
    .option('--from <language>', 'source language, such as en')
    .option('--to <language>', 'target language, such as de')
    .option('--model <folder>', 'a model of your own, or the folder of a training run (its newest checkpoint)')
    .option('--threads <n>', 'of one operator; 0: one a core', wholeNumber(0, 256), 0)
    .option('--statistics', 'prints lines, seconds, and how often a mask had to act, as JSON on standard error')
    .action(translate);
}

async function translate(options: TranslateCommandOptions): Promise<void> {
  const translator = await Translator.load(await findModel(options), options.threads);
  const started = performance.now();
  const all: Pick<Translated, 'masked' | 'truncated'>[] = [];
  const flush = async (lines: readonly string[]): Promise<void> => {
    const results = await translator.translate(lines);
    all.push(...results);
    process.stdout.write(results.map(({ text }) => `${text}\n`).join(''));
  };
  // A person who types wants each line at once; a file's lines are translated together.
  const atOnce = process.stdin.isTTY ? 1 : linesAtOnce;
  let waiting: string[] = [];
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    waiting.push(line);
    if (waiting.length < atOnce) continue;
    await flush(waiting);
    waiting = [];
  }
  if (waiting.length > 0) await flush(waiting);
  await translator.dispose();
  if (options.statistics) {
    const share = (key: 'masked' | 'truncated'): number => all.filter((result) => result[key]).length / Math.max(1, all.length);
    const seconds = (performance.now() - started) / 1000;
    process.stderr.write(
      `${JSON.stringify({ lines: all.length, seconds: Number(seconds.toFixed(2)), maskedShare: share('masked'), truncatedShare: share('truncated') })}\n`,
    );
  }
}

async function findModel({ from, to, model }: TranslateCommandOptions): Promise<string> {
  if (model !== undefined) return resolveModelFolder(model);
  const shipped = await readModelCatalogue([pretrainedFolder], warn);
  if (from === undefined || to === undefined) {
    const pairs = shipped.map((pair) => `--from ${pair.from} --to ${pair.to}`).join(', ') || 'none yet';
    throw new UserError(`translate needs --from and --to (shipped: ${pairs}), or --model with a folder.`);
  }
  return findPair(shipped, from, to, [pretrainedFolder]).folder;
}

/** The bundle lies in dist/, beside models/. */
const pretrainedFolder = path.resolve(__dirname, '..', 'models', 'pretrained');

function warn(_level: string, message: string): void {
  process.stderr.write(`${message}\n`);
}

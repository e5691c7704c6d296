/** `polyhead translate`: a line in, a line out. */
import path from 'node:path';
import type { Command } from 'commander';
import { findPair, readModelCatalogue } from '../engine/modelCatalogue';
import { Translator, type Translated } from '../inference/translator';
import { readModelConfig } from '../storage/modelFolder';
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

/** Lines translated together, at most: enough to fill batches, few enough to stream. */
const linesAtOnce = 256;

export function addTranslate(program: Command): void {
  program
    .command('translate')
    .description(
      'Translates standard input, a line for each line; spans such as %s, {0} and URLs come back as they were. ' +
        'The text is UTF-8; bytes that are not become U+FFFD.',
    )
    .option('--from <language>', 'source language, such as en')
    .option('--to <language>', 'target language, such as de')
    .option(
      '--model <folder>',
      'a model of your own, or the folder of a training run (its newest checkpoint)',
    )
    .option('--threads <n>', 'of one operator; 0: one a core', wholeNumber(0, 256), 0)
    .option(
      '--statistics',
      'prints lines, seconds, and how often a mask had to act, as JSON on standard error',
    )
    .action(translate);
}

async function translate(options: TranslateCommandOptions): Promise<void> {
  const translator = await Translator.load(await findModel(options), options.threads);
  const started = performance.now();
  const all: Pick<Translated, 'masked' | 'truncated'>[] = [];
  for await (const lines of arrivingLines(process.stdin)) {
    for (let start = 0; start < lines.length; start += linesAtOnce) {
      const results = await translator.translate(lines.slice(start, start + linesAtOnce));
      process.stdout.write(results.map(({ text }) => `${text}\n`).join(''));
      all.push(...results.map(({ masked, truncated }) => ({ masked, truncated })));
    }
  }
  await translator.dispose();
  if (options.statistics) {
    const share = (key: 'masked' | 'truncated'): number =>
      all.filter((result) => result[key]).length / Math.max(1, all.length);
    const seconds = Number(((performance.now() - started) / 1000).toFixed(2));
    const statistics = {
      lines: all.length,
      seconds,
      maskedShare: share('masked'),
      truncatedShare: share('truncated'),
    };
    process.stderr.write(`${JSON.stringify(statistics)}\n`);
  }
}

/**
 * The lines of a stream as soon as they are whole: a person who types sees each translated at once, a file's come by
 * the hundred. They end with LF; the CR of a CRLF stays, as white space does, and comes back in the translation. A
 * byte order mark is dropped.
 */
async function* arrivingLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string[], void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const text = decoder.decode(chunk, { stream: true });
    const [first, ...others] = text.split('\n');
    rest += first!;
    if (others.length === 0) continue;
    const lines = [rest, ...others];
    rest = lines.pop()!;
    yield lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}

async function findModel({ from, to, model }: TranslateCommandOptions): Promise<string> {
  if (model !== undefined) {
    const folder = await resolveModelFolder(model);
    const pair = await readModelConfig(folder);
    if ((from ?? pair.from) !== pair.from || (to ?? pair.to) !== pair.to) {
      throw new UserError(`${folder} translates ${pair.from} → ${pair.to}: --from and --to can be left out.`);
    }
    return folder;
  }
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

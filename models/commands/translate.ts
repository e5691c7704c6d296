/** `polyhead translate`: a line in, a line out. */
import path from 'node:path';
import { Option, type Command } from 'commander';
import { findPair, readModelCatalogue } from '../engine/modelCatalogue';
import type { Translated } from '../inference/joinSegments';
import {
  defaultSearch,
  onProcessor,
  Translator,
  type DecodedOn,
  type RankedTranslation,
} from '../inference/translator';
import { inferenceDevices, type InferenceDevice } from '../runtime/session';
import { readModelConfig } from '../storage/modelFolder';
import { resolveModelFolder } from '../training/checkpoints';
import { UserError } from '../userError';
import { numberBetween, wholeNumber } from './options';
import { withTriedDevices } from './triedDevices';

interface TranslateCommandOptions {
  readonly from?: string;
  readonly to?: string;
  readonly model?: string;
  readonly threads: number;
  readonly device: InferenceDevice;
  readonly minimumConfidence: number;
  readonly beamSize: number;
  readonly lengthPenalty: number;
  readonly nBest?: number;
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
    .addOption(
      new Option(
        '--device <name>',
        'what computes: the processor, or a device that is tried out first (experimental; polyhead devices shows them)',
      )
        .choices(inferenceDevices)
        .default('cpu'),
    )
    .option(
      '--minimum-confidence <c>',
      'sentences below it, from 0 to 1, are left as they are',
      numberBetween(0, 1),
      0,
    )
    .option(
      '--beam-size <n>',
      'hypotheses kept side by side, from 1, which is greedy, to 64; confidence is calibrated for the default',
      wholeNumber(1, 64),
      defaultSearch.beamSize,
    )
    .option(
      '--length-penalty <alpha>',
      'how much a wider beam favours long translations: 0 compares probabilities',
      numberBetween(0, 10),
      defaultSearch.lengthPenalty,
    )
    .option(
      '--n-best <n>',
      'prints up to n translations of each line, best first, each as a line of three columns parted by tabs: the ' +
        'number of the line, from 1; the score, higher being better; the translation',
      wholeNumber(1, 64),
    )
    .option(
      '--statistics',
      'prints lines, seconds, confidence, and how often a mask had to act, as JSON on standard error',
    )
    .action(translate);
}

async function translate(options: TranslateCommandOptions): Promise<void> {
  const { minimumConfidence, beamSize, lengthPenalty, nBest } = options;
  if (nBest !== undefined) checkNBest(nBest, options);
  const folder = await findModel(options);
  const translator = await Translator.load(
    folder,
    options.threads,
    (sentence) => warn('warn', sentence),
    { beamSize, lengthPenalty },
    await deviceFor(options.device),
  );
  if (minimumConfidence > 0 && !translator.isCalibrated) {
    throw new UserError(
      `The model in ${folder} gives no confidence, so that --minimum-confidence means nothing: polyhead calibrate can change that.`,
    );
  }
  const started = performance.now();
  const statistics = new Statistics();
  let lineNumber = 1;
  for await (const lines of arrivingLines(process.stdin)) {
    for (let start = 0; start < lines.length; start += linesAtOnce) {
      const some = lines.slice(start, start + linesAtOnce);
      if (nBest === undefined) {
        const results = await translator.translate(some, { minimumConfidence });
        process.stdout.write(results.map(({ text }) => `${text}\n`).join(''));
        results.forEach((result) => statistics.add(result));
      } else {
        const lists = await translator.translateNBest(some, nBest);
        process.stdout.write(lists.map((list, index) => inColumns(list, lineNumber + index)).join(''));
        lists.forEach(([first]) => statistics.add(first!));
      }
      lineNumber += some.length;
    }
  }
  await translator.dispose();
  if (options.statistics) {
    const seconds = Number(((performance.now() - started) / 1000).toFixed(2));
    process.stderr.write(`${JSON.stringify({ seconds, ...statistics.summary() })}\n`);
  }
}

/** The device, if it computes what the processor does; else the processor, and a sentence. */
async function deviceFor(wanted: InferenceDevice): Promise<DecodedOn> {
  if (wanted === 'cpu') return onProcessor;
  const choice = await withTriedDevices((devices) => devices.chooseTried(wanted, 'translation'));
  if (choice.sentence !== undefined) warn('warn', choice.sentence);
  return { device: choice.device, weights: choice.keepsBytes ? 'asStored' : 'float32' };
}

function checkNBest(nBest: number, { beamSize, minimumConfidence }: TranslateCommandOptions): void {
  if (nBest > beamSize) {
    throw new UserError(
      `A beam of ${beamSize} has no ${nBest} translations to choose from: --n-best ${nBest} needs --beam-size ${nBest} or more.`,
    );
  }
  if (minimumConfidence > 0) {
    throw new UserError(
      '--n-best lists what the model says, and --minimum-confidence would put the source in its place: leave one out.',
    );
  }
}

/** The text comes last, so that it may hold tabs of its own. */
function inColumns(list: readonly RankedTranslation[], lineNumber: number): string {
  return list
    .map(({ penalisedScore, text }) => `${lineNumber}\t${penalisedScore.toFixed(4)}\t${text}\n`)
    .join('');
}

/** Sums over all lines, of several translations the best; no text is kept. */
class Statistics {
  private lines = 0;
  private masked = 0;
  private truncated = 0;
  private segments = 0;
  private left = 0;
  private confidence: number | undefined;

  add({ segments, masked, truncated }: Translated): void {
    this.lines++;
    if (masked) this.masked++;
    if (truncated) this.truncated++;
    for (const { confidence, left } of segments) {
      this.segments++;
      if (left) this.left++;
      if (confidence !== undefined) this.confidence = (this.confidence ?? 0) + confidence;
    }
  }

  summary(): Record<string, number> {
    const ofLines = (count: number): number => count / Math.max(1, this.lines);
    const ofSegments = (sum: number): number => sum / Math.max(1, this.segments);
    return {
      lines: this.lines,
      segments: this.segments,
      maskedShare: ofLines(this.masked),
      truncatedShare: ofLines(this.truncated),
      leftShare: ofSegments(this.left),
      // Missing where the model is not calibrated.
      ...(this.confidence !== undefined && { meanConfidence: ofSegments(this.confidence) }),
    };
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

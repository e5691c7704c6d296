/** `polyhead train`: a corpus in, a model out. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { describeReport } from '../data/corpus';
import { formatOf } from '../data/readers/formats';
import { paperPeakLearningRate } from '../training/optimiser';
import { defaultSettings, runFormat, type RunSettings } from '../training/runSettings';
import { resumeRun, startRun, type LegOptions, type OnRunEvent } from '../training/trainingRun';
import { presets } from '../transformer/config';
import { UserError } from '../userError';
import { language, numberBetween, wholeNumber } from './options';
import { ProgressPrinter } from './progressPrinter';

/** What commander hands over: a run's settings as far as a person gave them, the rest by default. */
interface TrainOptions
  extends
    Omit<LegOptions, 'corpusProcess' | 'signal'>,
    Omit<RunSettings, 'corpora' | 'weights' | 'validation' | 'from' | 'to' | 'peakLearningRate' | 'format'> {
  readonly corpus?: string[];
  readonly weights?: number[];
  readonly validation?: string[];
  readonly output: string;
  readonly resume?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly peakLearningRate?: number;
}

export function addTrain(program: Command): void {
  const defaults = defaultSettings;
  const rate = numberBetween(0, 0.9);
  program
    .command('train')
    .description('Trains a model on sentence pairs; Ctrl+C saves a checkpoint and ends.')
    .option(
      '--corpus <files...>',
      '.tsv (source TAB target), .tmx or .po files, or pairs of files as a.en,a.de; plain or .gz',
    )
    .option(
      '--weights <numbers...>',
      'one a corpus: how often its pairs are seen in an epoch (default: 1)',
      (text, before: number[] | undefined) => [...(before ?? []), numberBetween(0.001, 1000)(text)],
    )
    .option('--validation <files...>', 'the same, to validate on (default: some of the corpus is held out)')
    .requiredOption('--output <folder>', 'where settings and checkpoints go')
    .option('--resume', 'go on with the run in --output where it stopped, with its settings')
    .option(
      '--from <language>',
      'source language, such as en (default: read off the first file’s name)',
      language,
    )
    .option('--to <language>', 'target language', language)
    .addOption(
      new Option('--preset <name>', 'size of the model')
        .choices(Object.keys(presets))
        .default(defaults.preset),
    )
    .option(
      '--vocabulary-size <n>',
      'subword tokens, joint',
      wholeNumber(300, 1_000_000),
      defaults.vocabularySize,
    )
    .option(
      '--held-out <n>',
      'pairs held out where there is no --validation',
      wholeNumber(1),
      defaults.heldOut,
    )
    .option(
      '--maximum-words <n>',
      'of a sentence; longer ones are left out',
      wholeNumber(1),
      defaults.maximumWords,
    )
    .option(
      '--maximum-length-ratio <n>',
      'how many times as long as the other a side may be, in characters',
      numberBetween(1, 1e6),
      defaults.maximumLengthRatio,
    )
    .option(
      '--batch-tokens <n>',
      'padded tokens a batch on either side',
      wholeNumber(16),
      defaults.batchTokens,
    )
    .option(
      '--longest <n>',
      'tokens of a pair’s longer side, at most',
      wholeNumber(8, 4000),
      defaults.longest,
    )
    .option(
      '--peak-learning-rate <n>',
      'at the end of the warm-up (default: the paper’s for this size)',
      numberBetween(1e-7, 1),
    )
    .option(
      '--warmup-steps <n>',
      'updates over which the learning rate rises',
      wholeNumber(1),
      defaults.warmupSteps,
    )
    .option('--dropout <rate>', 'on sub-layers and embeddings', rate, defaults.dropout)
    .option('--attention-dropout <rate>', 'on attention weights', rate, defaults.attentionDropout)
    .option(
      '--feed-forward-dropout <rate>',
      'inside feed-forward networks',
      rate,
      defaults.feedForwardDropout,
    )
    .option('--label-smoothing <rate>', 'of the targets', rate, defaults.labelSmoothing)
    .option('--clip-norm <n>', 'longest gradient; 0 for any', numberBetween(0, 1e6), defaults.clipNorm)
    .option('--seed <n>', 'of everything random', wholeNumber(0, 2 ** 32 - 1), defaults.seed)
    .option('--steps <n>', 'updates in all at which the run ends', wholeNumber(1))
    .option('--minutes <n>', 'ends this leg after so many minutes', numberBetween(0, 1e6))
    .option(
      '--cooldown-steps <n>',
      'of --steps, the last ones, in which the learning rate goes to nothing',
      wholeNumber(1),
    )
    .option('--checkpoint-every <n>', 'updates between checkpoints', wholeNumber(1), 500)
    .option('--keep-checkpoints <n>', 'how many stay', wholeNumber(1), 5)
    .option('--threads <n>', 'of one operator; 0: one a core', wholeNumber(0, 256), 0)
    .action(train);
}

async function train(options: TrainOptions, command: Command): Promise<void> {
  if (options.cooldownSteps !== undefined && options.steps === undefined) {
    throw new UserError('--cooldown-steps counts back from the end: give --steps too.');
  }
  const printer = new ProgressPrinter(process.stderr, describeReport);
  let training = false;
  const onEvent: OnRunEvent = (event) => {
    training ||= event.kind === 'prepared';
    printer.onEvent(event);
  };
  const signal = stopOnInterrupt(() =>
    training ? 'Stopping after this step; the checkpoint is being written.' : 'Stopping.',
  );
  const leg = { ...options, signal, corpusProcess: path.join(__dirname, 'corpus.js') };
  try {
    if (options.resume) {
      refuseSettings(command);
      await resumeRun(options.output, leg, onEvent);
    } else {
      await startRun(options.output, await settingsFrom(options), leg, onEvent);
    }
  } finally {
    printer.close();
  }
}

/** Options that a leg may change; the others belong to the run and were fixed when it began. */
const legOptions = [
  'output',
  'resume',
  'steps',
  'minutes',
  'cooldownSteps',
  'checkpointEvery',
  'keepCheckpoints',
  'threads',
];

function refuseSettings(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) === 'cli' && !legOptions.includes(name)) {
      throw new UserError(
        `${option.long ?? name} belongs to the run and cannot change with --resume: leave it out, or start a new run.`,
      );
    }
  }
}

async function settingsFrom(options: TrainOptions): Promise<RunSettings> {
  const corpora = options.corpus ?? [];
  const validation = options.validation ?? [];
  if (corpora.length === 0) throw new UserError('train needs --corpus: one or more files of sentence pairs.');
  for (const file of [...corpora, ...validation].flatMap((corpus) => corpus.split(','))) {
    await stat(file).catch(() => {
      throw new UserError(`The corpus ${file} does not exist.`);
    });
  }
  const weights = options.weights ?? [];
  if (weights.length > 0 && weights.length !== corpora.length) {
    throw new UserError(
      `--weights gives ${weights.length} numbers for ${corpora.length} corpora: give one for each.`,
    );
  }
  const [from, to] = languagesOf(corpora[0]!);
  checkLanguages([...corpora, ...validation], options.from ?? from, options.to ?? to);
  const { preset, warmupSteps } = options;
  return {
    corpora,
    weights,
    validation,
    heldOut: options.heldOut,
    maximumWords: options.maximumWords,
    maximumLengthRatio: options.maximumLengthRatio,
    from: options.from ?? from ?? 'source',
    to: options.to ?? to ?? 'target',
    preset,
    vocabularySize: options.vocabularySize,
    batchTokens: options.batchTokens,
    longest: options.longest,
    peakLearningRate: options.peakLearningRate ?? paperPeakLearningRate(presets[preset].dModel, warmupSteps),
    warmupSteps,
    dropout: options.dropout,
    attentionDropout: options.attentionDropout,
    feedForwardDropout: options.feedForwardDropout,
    labelSmoothing: options.labelSmoothing,
    clipNorm: options.clipNorm,
    seed: options.seed,
    format: runFormat,
  };
}

/** What the names of a corpus say: `news.en-de.tsv`, or the endings of `news.en,news.de`. */
function languagesOf(corpus: string): [from: string | undefined, to: string | undefined] {
  const names = corpus.split(',').map((file) => path.basename(file).replace(/\.gz$/, ''));
  const [from, to] =
    names.length === 2
      ? names.map((name) => /\.([a-z]{2})$/.exec(name)?.[1])
      : (/(?:^|[._-])([a-z]{2})-([a-z]{2})[._-]/.exec(names[0]!)?.slice(1) ?? []);
  return [from, to];
}

/** Refuses what cannot be read, and files that hold several languages where it is not known which to take. */
function checkLanguages(corpora: readonly string[], from: string | undefined, to: string | undefined): void {
  for (const corpus of corpora) {
    if (formatOf(corpus).entries !== 'lines' && (from === undefined || to === undefined))
      throw new UserError(`Which languages of ${corpus} to take is not known: give --from and --to.`);
  }
}

/** The first Ctrl+C ends at once, or after the step in hand with a checkpoint; a second one ends at once. */
function stopOnInterrupt(sentence: () => string): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    process.stderr.write(`\n${sentence()}\n`);
    controller.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
}

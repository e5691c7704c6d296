/** `polyhead train`: a corpus in, a model out. */
import path from 'node:path';
import { Option, type Command } from 'commander';
import { describeReport } from '../data/corpus';
import { usualLeastFree } from '../training/ending';
import { isOnBattery } from '../training/machine';
import { newSettings, readModelChanges } from '../training/newSettings';
import { precisions } from '../training/precision';
import { defaultSettings, fineTuningWarmupSteps, type RunSettings } from '../training/runSettings';
import { stopMeasures } from '../training/selection';
import { resumeRun, startRun, type LegOptions, type OnRunEvent } from '../training/trainingRun';
import { presets } from '../transformer/config';
import { UserError } from '../userError';
import { language, numberBetween, wholeNumber } from './options';
import { ProgressPrinter } from './progressPrinter';

/** What commander hands over: a run's settings as far as a person gave them, the rest by default. */
interface TrainOptions
  extends
    Omit<LegOptions, 'corpusProcess' | 'signal' | 'leastFree' | 'isOnBattery'>,
    Omit<
      RunSettings,
      | 'corpora'
      | 'weights'
      | 'validation'
      | 'from'
      | 'to'
      | 'initialModel'
      | 'ownVocabulary'
      | 'modelConfig'
      | 'vocabularySize'
      | 'peakLearningRate'
      | 'warmupSteps'
      | 'format'
    > {
  readonly corpus?: string[];
  readonly weights?: number[];
  readonly validation?: string[];
  readonly output: string;
  readonly resume?: boolean;
  readonly pauseOnBattery?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly initialModel?: string;
  /** A file's name. */
  readonly modelConfig?: string;
  readonly vocabularySize?: number;
  readonly peakLearningRate?: number;
  readonly warmupSteps?: number;
}

export function addTrain(program: Command): void {
  const defaults = defaultSettings;
  const rate = numberBetween(0, 0.9);
  program
    .command('train')
    .description('Trains a model on sentence pairs; Ctrl+C saves a checkpoint and ends.')
    .option(
      '--corpus <files...>',
      '.tsv or .txt (source TAB target), .tmx, .xlf or .po files, or pairs of files as a.en,a.de; plain or .gz',
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
    .option(
      '--initial-model <folder>',
      'begin with the weights and the vocabulary of a model or a run, such as models/parents/en-de',
    )
    .addOption(
      new Option('--preset <name>', 'size of the model')
        .choices(Object.keys(presets))
        .default(defaults.preset),
    )
    .option(
      '--model-config <file>',
      'JSON of what the model has otherwise than its preset, such as {"heads": 1, "positions": "learned"}',
    )
    .option(
      '--vocabulary-size <n>',
      `subword tokens, joint (default: ${defaults.vocabularySize}; with --initial-model, a new vocabulary is learned for its weights: needed for other languages)`,
      wholeNumber(300, 1_000_000),
    )
    .option(
      '--held-out <n>',
      'pairs held out where there is no --validation; of a small corpus a fifth at most',
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
      '--accumulate <n>',
      'batches of an update: their gradients are added up',
      wholeNumber(1, 100_000),
      defaults.accumulate,
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
      `updates over which the learning rate rises (default: ${defaults.warmupSteps}; ${fineTuningWarmupSteps} with --initial-model)`,
      wholeNumber(1),
    )
    .option('--dropout <rate>', 'on sub-layers and embeddings', rate, defaults.dropout)
    .option('--attention-dropout <rate>', 'on attention weights', rate, defaults.attentionDropout)
    .option(
      '--feed-forward-dropout <rate>',
      'inside feed-forward networks',
      rate,
      defaults.feedForwardDropout,
    )
    .option(
      '--subword-dropout <rate>',
      'on merges of subwords: words come in other pieces every time',
      rate,
      defaults.subwordDropout,
    )
    .option('--label-smoothing <rate>', 'of the targets', rate, defaults.labelSmoothing)
    .option(
      '--r-drop <weight>',
      'of R-Drop: each step makes two passes with other units dropped, which are drawn together; takes over twice the time',
      numberBetween(0, 1000),
      defaults.rDrop,
    )
    .option('--clip-norm <n>', 'longest gradient; 0 for any', numberBetween(0, 1e6), defaults.clipNorm)
    .addOption(
      new Option(
        '--precision <kind>',
        'what steps compute in; mixed (experimental): matrix products in float16, weights in float32',
      )
        .choices(precisions)
        .default(defaults.precision),
    )
    .option('--seed <n>', 'of everything random', wholeNumber(0, 2 ** 32 - 1), defaults.seed)
    .option('--steps <n>', 'updates in all at which the run ends', wholeNumber(1))
    .option('--minutes <n>', 'ends this leg after so many minutes', numberBetween(0, 1e6))
    .option(
      '--cooldown-steps <n>',
      'of --steps, the last ones, in which the learning rate goes to nothing',
      wholeNumber(1),
    )
    .option('--checkpoint-every <n>', 'updates between checkpoints', wholeNumber(1), 500)
    .option('--keep-checkpoints <n>', 'how many stay, besides the best', wholeNumber(1), 5)
    .option(
      '--validate-every <n>',
      'updates between validations (default: as --checkpoint-every)',
      wholeNumber(1),
    )
    .option(
      '--translate-pairs <n>',
      'held-out pairs that a validation translates, for BLEU and chrF; 0 for none',
      wholeNumber(0, 100_000),
      200,
    )
    .addOption(
      new Option('--stop-on <measure>', 'what makes a checkpoint the best')
        .choices(stopMeasures)
        .default('loss'),
    )
    .option(
      '--patience <n>',
      'ends the run after so many validations in a row without a better one (default: never)',
      wholeNumber(1),
    )
    .option('--pause-on-battery', 'end, saved, while the machine runs on its battery, where the system tells')
    .option('--threads <n>', 'of one operator; 0: one a core', wholeNumber(0, 256), 0)
    .addOption(
      new Option('--device <name>', 'what computes: the processor, or a graphics card (experimental)')
        .choices(['cpu', 'webgpu'])
        .default('cpu'),
    )
    .action(train);
}

async function train(options: TrainOptions, command: Command): Promise<void> {
  if (options.cooldownSteps !== undefined && options.steps === undefined) {
    throw new UserError('--cooldown-steps counts back from the end: give --steps too.');
  }
  if (options.stopOn === 'bleu' && options.translatePairs === 0) {
    throw new UserError('--stop-on bleu compares translations: --translate-pairs cannot be 0.');
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
  const leg: LegOptions = {
    ...options,
    signal,
    corpusProcess: path.join(__dirname, 'corpus.js'),
    leastFree: usualLeastFree,
    ...(options.pauseOnBattery && { isOnBattery: async () => (await isOnBattery()) === true }),
  };
  try {
    if (options.resume) {
      refuseSettings(command);
      await resumeRun(options.output, leg, onEvent);
    } else {
      refuseModel(command);
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
  'validateEvery',
  'translatePairs',
  'stopOn',
  'patience',
  'pauseOnBattery',
  'threads',
  'device',
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

/** What the initial model decides. */
function refuseModel(command: Command): void {
  if (command.getOptionValue('initialModel') === undefined) return;
  for (const name of ['preset', 'modelConfig']) {
    if (command.getOptionValueSource(name) !== 'cli') continue;
    const flag = command.options.find((option) => option.attributeName() === name)?.long ?? name;
    throw new UserError(
      `${flag} belongs to a model from nothing: with --initial-model, leave it out, since sizes are that model’s.`,
    );
  }
}

async function settingsFrom(options: TrainOptions): Promise<RunSettings> {
  const { corpus: corpora = [], weights = [], validation = [], modelConfig } = options;
  if (corpora.length === 0) throw new UserError('train needs --corpus: one or more files of sentence pairs.');
  return newSettings({
    corpora,
    weights,
    validation,
    heldOut: options.heldOut,
    maximumWords: options.maximumWords,
    maximumLengthRatio: options.maximumLengthRatio,
    from: options.from,
    to: options.to,
    initialModel: options.initialModel ?? '',
    preset: options.preset,
    modelConfig: modelConfig === undefined ? {} : await readModelChanges(modelConfig, options.preset),
    vocabularySize: options.vocabularySize,
    batchTokens: options.batchTokens,
    accumulate: options.accumulate,
    longest: options.longest,
    peakLearningRate: options.peakLearningRate,
    warmupSteps: options.warmupSteps,
    dropout: options.dropout,
    attentionDropout: options.attentionDropout,
    feedForwardDropout: options.feedForwardDropout,
    subwordDropout: options.subwordDropout,
    labelSmoothing: options.labelSmoothing,
    rDrop: options.rDrop,
    clipNorm: options.clipNorm,
    precision: options.precision,
    seed: options.seed,
  });
}

/** The first Ctrl+C ends at once, or after the step in hand with a checkpoint; a second one ends at once. */
export function stopOnInterrupt(sentence: () => string): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    process.stderr.write(`\n${sentence()}\n`);
    controller.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
}

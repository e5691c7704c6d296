/** `polyhead evaluate`: BLEU and chrF of translations, and whether one is better than another beyond chance. */
import path from 'node:path';
import { Option, type Command } from 'commander';
import type { BleuOptions, BleuSmoothing } from '../evaluation/bleu';
import type { BootstrapOptions } from '../evaluation/bootstrap';
import type { ChrfOptions } from '../evaluation/chrf';
import { compareSystems } from '../evaluation/compareSystems';
import { mosesLanguages, type MosesLanguage } from '../evaluation/moses/abbreviations';
import { readTexts } from '../evaluation/readTexts';
import { reportAsJson, reportAsText } from '../evaluation/report';
import {
  sacrebleuTokenizerNames,
  type SacrebleuTokenizerName,
  type TokenizerName,
} from '../evaluation/tokenizers';
import { UserError } from '../userError';
import { numberBetween, wholeNumber } from './options';

interface EvaluateOptions {
  readonly hypothesis: string[];
  readonly reference: string[];
  readonly baseline?: string;
  readonly tokenize: SacrebleuTokenizerName | 'moses';
  readonly language?: MosesLanguage;
  readonly referenceTokenized?: boolean;
  readonly lowercase?: boolean;
  readonly smooth: BleuSmoothing['method'];
  readonly smoothValue?: number;
  readonly effectiveOrder?: boolean;
  readonly chrfCharacterOrder: number;
  readonly chrfWordOrder: number;
  readonly chrfBeta: number;
  readonly chrfWhiteSpace?: boolean;
  readonly bootstrap?: number;
  readonly seed?: number;
  readonly format?: 'json' | 'text';
}

const defaultResamples = 1000;
const defaultSeed = 12345;

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('Prints BLEU and chrF of translations, as sacreBLEU computes them, with signatures.')
    .requiredOption('--hypothesis <files...>', 'one or more translations, a sentence a line; plain or .gz')
    .requiredOption('--reference <files...>', 'one or more reference translations, line for line')
    .option('--baseline <file>', 'a translation that the others are compared with, on the same resamples')
    .addOption(
      new Option('--tokenize <name>', 'BLEU’s tokenisation')
        .choices([...sacrebleuTokenizerNames, 'moses'])
        .default('13a'),
    )
    .addOption(
      new Option(
        '--language <tag>',
        'for moses (default: read off the first reference’s name, as in test.de)',
      ).choices(mosesLanguages),
    )
    .option('--reference-tokenized', 'the references are tokenised already: tokenises the hypothesis alone')
    .option('--lowercase', 'compares without case')
    .addOption(
      new Option('--smooth <method>', 'what BLEU does where no n-gram matches')
        .choices(['exp', 'floor', 'add-k', 'none'])
        .default('exp'),
    )
    .option('--smooth-value <n>', 'for floor (default: 0.1) and add-k (default: 1)', numberBetween(0, 1e6))
    .option('--effective-order', 'BLEU over the orders that the hypothesis is long enough for')
    .option('--chrf-character-order <n>', 'longest character n-gram of chrF', wholeNumber(1, 100), 6)
    .option('--chrf-word-order <n>', 'longest word n-gram of chrF; 2 makes chrF++', wholeNumber(0, 100), 0)
    .option('--chrf-beta <n>', 'how much more recall weighs than precision in chrF', wholeNumber(1, 100), 2)
    .option('--chrf-white-space', 'counts white space in chrF')
    .option(
      '--bootstrap <n>',
      `resamples for 95 % intervals (default with --baseline: ${defaultResamples}, otherwise none)`,
      wholeNumber(100, 1_000_000),
    )
    .option('--seed <n>', `of the resamples (default: ${defaultSeed})`, wholeNumber(0, 2 ** 32 - 1))
    .addOption(
      new Option('--format <name>', 'default: text on a terminal, otherwise json').choices(['json', 'text']),
    )
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const { baseline, hypothesis, reference } = options;
  const bootstrap = bootstrapFrom(options);
  const tokenizer = tokenizerFrom(options);
  const bleu = bleuFrom(options, tokenizer);
  const chrf = chrfFrom(options, tokenizer);
  const files = [...(baseline === undefined ? [] : [baseline]), ...hypothesis];
  const { hypotheses, references } = await readTexts(files, reference);
  const scores = compareSystems(hypotheses, references, {
    bleu,
    chrf,
    ...(bootstrap && { bootstrap }),
    baselineFirst: baseline !== undefined,
  });
  const named = scores.map((system, index) => ({ file: files[index]!, ...system }));
  const evaluation = {
    lines: references[0]!.length,
    ...(bootstrap && { bootstrap }),
    ...(baseline === undefined ? { systems: named } : { baseline: named[0]!, systems: named.slice(1) }),
  };
  const format = options.format ?? (process.stdout.isTTY ? 'text' : 'json');
  const report = format === 'json' ? reportAsJson(evaluation) : reportAsText(evaluation);
  process.stdout.write(`${report}\n`);
}

function bootstrapFrom({ baseline, bootstrap, seed }: EvaluateOptions): BootstrapOptions | undefined {
  const resamples = bootstrap ?? (baseline === undefined ? undefined : defaultResamples);
  if (resamples === undefined) {
    if (seed !== undefined)
      throw new UserError('--seed is for resamples: give --bootstrap or --baseline too.');
    return undefined;
  }
  return { resamples, seed: seed ?? defaultSeed };
}

function tokenizerFrom({
  tokenize,
  language,
  reference,
  referenceTokenized,
}: EvaluateOptions): TokenizerName {
  if (tokenize === 'none' && referenceTokenized) {
    throw new UserError(
      '--tokenize none leaves both sides as they are: --reference-tokenized can be left out.',
    );
  }
  if (tokenize !== 'moses') {
    if (language !== undefined) {
      throw new UserError(`--language is for --tokenize moses: ${tokenize} has no languages.`);
    }
    return tokenize;
  }
  const found = language ?? mosesLanguages.find((known) => isIn(reference[0]!, known));
  if (found === undefined) {
    throw new UserError(
      `--tokenize moses needs --language (${mosesLanguages.join(', ')}): the name ${reference[0]!} does not say it.`,
    );
  }
  return `moses-${found}`;
}

/** Whether a file's name ends in a language: `test.de`, `test.de.gz`. */
function isIn(file: string, language: string): boolean {
  return path.basename(file).replace(/\.gz$/, '').endsWith(`.${language}`);
}

function bleuFrom(options: EvaluateOptions, tokenizer: TokenizerName): BleuOptions {
  const { smooth: method, smoothValue: value, lowercase, referenceTokenized, effectiveOrder } = options;
  return {
    tokenizer,
    smoothing: smoothingFrom(method, value),
    lowercase: lowercase ?? false,
    referenceTokenized: referenceTokenized ?? false,
    effectiveOrder: effectiveOrder ?? false,
  };
}

function smoothingFrom(method: BleuSmoothing['method'], value: number | undefined): BleuSmoothing {
  if (method === 'floor' || method === 'add-k') return { method, ...(value !== undefined && { value }) };
  if (value !== undefined)
    throw new UserError(`--smooth-value is for floor and add-k: ${method} has no value.`);
  return { method };
}

function chrfFrom(options: EvaluateOptions, tokenizer: TokenizerName): ChrfOptions {
  return {
    characterOrder: options.chrfCharacterOrder,
    wordOrder: options.chrfWordOrder,
    beta: options.chrfBeta,
    whiteSpace: options.chrfWhiteSpace ?? false,
    lowercase: options.lowercase ?? false,
    ...(options.referenceTokenized && { hypothesisTokenizer: tokenizer }),
  };
}

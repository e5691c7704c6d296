/** `polyhead calibrate`: how far a model's confidence can be trusted, and the file that it comes from. */
import type { Command } from 'commander';
import { describeReport, readCorpora } from '../data/corpus';
import { randomWords } from '../data/random';
import type { SentencePair } from '../data/readers/candidates';
import { shuffleLetters } from '../data/shuffledLetters';
import { sentenceChrf } from '../evaluation/chrf';
import { fitCalibration, type Example } from '../inference/fitCalibration';
import { segmentConfidence } from '../inference/joinSegments';
import { Translator, type DecodedText } from '../inference/translator';
import {
  calibrationFileName,
  readCalibration,
  writeCalibration,
  type Calibration,
} from '../storage/calibration';
import { resolveModelFolder } from '../training/checkpoints';
import { UserError } from '../userError';
import { wholeNumber } from './options';
import { reliabilityAsJson, reliabilityAsText, type RatedCorpus } from './reliabilityReport';

interface CalibrateOptions {
  readonly model: string;
  readonly corpus: string[];
  readonly threads: number;
  readonly report?: boolean;
  readonly json?: boolean;
}

/** A line of a corpus, translated. */
interface Line extends DecodedText {
  readonly pair: SentencePair;
  /** Its chrF2, 0 … 1. */
  readonly quality: number;
}

interface Corpus {
  readonly file: string;
  readonly lines: readonly Line[];
}

/** Fewer segments say little of a model. */
const fewestExamples = 100;
/** One line in so many is calibrated on in a damaged form too: an editor holds text that is not the model's. */
const damagedEvery = 10;
/** The share of words that are damaged goes around in so many steps, up to all. */
const damageSteps = 4;

export function addCalibrate(program: Command): void {
  program
    .command('calibrate')
    .description(
      `Writes ${calibrationFileName} into a model’s folder, from which its translations carry a confidence: the chrF2 ` +
        'to expect, from 0 to 1. Prints how well it agrees with the chrF2 of each line.',
    )
    .requiredOption('--model <folder>', 'the model, or the folder of a training run (its newest checkpoint)')
    .requiredOption(
      '--corpus <files...>',
      'sentence pairs that the model has not been trained on, as train takes them',
    )
    .option('--report', 'writes nothing: judges the calibration that is there')
    .option('--json', 'prints JSON')
    .option('--threads <n>', 'of one operator; 0: one a core', wholeNumber(0, 256), 0)
    .action(calibrate);
}

async function calibrate({ model, corpus, threads, report, json }: CalibrateOptions): Promise<void> {
  const folder = await resolveModelFolder(model);
  const known = report ? await readCalibration(folder) : undefined;
  if (report && !known)
    throw new UserError(
      `${folder} holds no ${calibrationFileName} to report on; leave out --report to make one.`,
    );
  const translator = await Translator.load(folder, threads);
  const corpora: Corpus[] = [];
  for (const file of corpus) corpora.push(await judge(translator, file, await readPairs(translator, file)));
  const calibration = known ?? fitCalibration(await examplesFrom(translator, corpora));
  await translator.dispose();
  if (!known) await writeCalibration(folder, calibration);
  const rated = corpora.map((one) => rate(one, calibration));
  process.stdout.write(json ? reliabilityAsJson(rated) : reliabilityAsText(rated));
}

async function readPairs({ from, to }: Translator, file: string): Promise<SentencePair[]> {
  const kept: SentencePair[] = [];
  const batches = readCorpora([file], { languages: { from, to } }, (report) => {
    process.stderr.write(`${describeReport(report)}\n`);
  });
  for await (const { pairs } of batches) kept.push(...pairs);
  return kept;
}

async function judge(translator: Translator, file: string, pairs: readonly SentencePair[]): Promise<Corpus> {
  const observed = await translator.translateDecoded(pairs.map(({ source }) => source));
  const lines = observed.map((one, line) => {
    const pair = pairs[line]!;
    return { ...one, pair, quality: sentenceChrf(one.translated.text, [pair.target]).score / 100 };
  });
  return { file, lines };
}

/** Lines of one segment, since a reference cannot be cut like its source; and every tenth line damaged. */
async function examplesFrom(translator: Translator, corpora: readonly Corpus[]): Promise<Example[]> {
  const words = randomWords(1);
  const lines = corpora.flatMap((corpus) => corpus.lines);
  const damaged = lines
    .filter((_, line) => line % damagedEvery === 0)
    .map(({ pair: { source, target } }, index) => {
      const share = (1 + (index % damageSteps)) / damageSteps;
      return { source: shuffleLetters(source, share, words), target };
    });
  lines.push(...(await judge(translator, 'damaged', damaged)).lines);
  const examples = lines
    .filter(({ decoded }) => decoded.length === 1)
    .map(({ decoded, quality }) => ({ features: decoded[0]!.features, quality }));
  if (examples.length < fewestExamples) {
    throw new UserError(
      `The corpora have ${examples.length} lines of one sentence; a calibration needs ${fewestExamples} or more.`,
    );
  }
  return examples;
}

/** A line's confidence is the mean of its segments', by their lengths. Lines without words have none. */
function rate({ file, lines }: Corpus, calibration: Calibration): RatedCorpus {
  const withWords = lines.filter(({ decoded }) => decoded.length > 0);
  return {
    file,
    segments: withWords.reduce((sum, { decoded }) => sum + decoded.length, 0),
    lines: withWords.map(({ translated: { segments }, decoded, quality }) => {
      const lengths = segments.map(({ start, end }) => end - start);
      const weighted = decoded.map((one, index) => segmentConfidence(one, calibration) * lengths[index]!);
      const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
      return { confidence: sum(weighted) / sum(lengths), quality };
    }),
  };
}

/** The settings of a run that begins: what a person chose, what the corpora's names say, and the paper for the rest. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { formatOf } from '../data/readers/formats';
import { readForeignText } from '../storage/foreignFile';
import { readModelConfig } from '../storage/modelFolder';
import { parseStrictJson } from '../text/strictJson';
import { presets, validateChanges, type ModelChanges, type PresetName } from '../transformer/config';
import { UserError } from '../userError';
import { resolveModelFolder } from './checkpoints';
import { paperPeakLearningRate } from './optimiser';
import { defaultSettings, fineTuningWarmupSteps, runFormat, type RunSettings } from './runSettings';

/** Settings of which some may be left to find out. */
export type ChosenSettings = Omit<RunSettings, FoundOut | 'ownVocabulary' | 'format'> & {
  readonly [Key in FoundOut]?: RunSettings[Key] | undefined;
};

type FoundOut = 'from' | 'to' | 'vocabularySize' | 'peakLearningRate' | 'warmupSteps';

/** @throws UserError where a corpus is missing, or its languages are not known or not those of the initial model */
export async function newSettings(chosen: ChosenSettings): Promise<RunSettings> {
  const { corpora, weights, validation, initialModel } = chosen;
  checkRDrop(chosen);
  for (const file of [...corpora, ...validation].flatMap((corpus) => corpus.split(','))) {
    await stat(file).catch(() => {
      throw new UserError(`The corpus ${file} does not exist.`);
    });
  }
  if (weights.length > 0 && weights.length !== corpora.length) {
    throw new UserError(
      `--weights gives ${weights.length} numbers for ${corpora.length} corpora: give one for each.`,
    );
  }
  const settings = initialModel === '' ? fromNothing(chosen) : await fromModel(initialModel, chosen);
  const { from, to } = settings;
  checkLanguages([...corpora, ...validation], from, to);
  return { ...chosen, ...settings, from: from ?? 'source', to: to ?? 'target', format: runFormat };
}

type Found = Pick<RunSettings, 'peakLearningRate' | 'warmupSteps' | 'vocabularySize' | 'ownVocabulary'> &
  Partial<Omit<RunSettings, 'from' | 'to'>> & {
    readonly from: string | undefined;
    readonly to: string | undefined;
  };

function fromNothing(chosen: ChosenSettings): Found {
  const { corpora, preset, modelConfig, warmupSteps = defaultSettings.warmupSteps } = chosen;
  const [from, to] = languagesOf(corpora[0]!);
  const dModel = modelConfig.dModel ?? presets[preset].dModel;
  return {
    from: chosen.from ?? from,
    to: chosen.to ?? to,
    ownVocabulary: false,
    vocabularySize: chosen.vocabularySize ?? defaultSettings.vocabularySize,
    warmupSteps,
    peakLearningRate: chosen.peakLearningRate ?? paperPeakLearningRate(dModel, warmupSteps),
  };
}

/** As if so many updates of the paper’s schedule had been made: the weights should be moved, not thrown about. */
const updatesBefore = 20_000;

async function fromModel(folder: string, chosen: ChosenSettings): Promise<Found> {
  const model = await readModelConfig(await resolveModelFolder(folder));
  const [from, to] = languagesOf(chosen.corpora[0]!);
  const languages = { from: chosen.from ?? from ?? model.from, to: chosen.to ?? to ?? model.to };
  const { dModel, vocabularySize } = model.transformer;
  const common = { initialModel: path.resolve(folder), ...languages, modelConfig: {} };
  if (chosen.vocabularySize !== undefined) {
    // New embeddings have all to learn: the schedule is that of a model from nothing.
    const { warmupSteps = defaultSettings.warmupSteps } = chosen;
    const peakLearningRate = chosen.peakLearningRate ?? paperPeakLearningRate(dModel, warmupSteps);
    const own = { ownVocabulary: true, vocabularySize: chosen.vocabularySize };
    return { ...common, ...own, warmupSteps, peakLearningRate };
  }
  const known = [model.from, model.to];
  if (!known.includes(languages.from) || !known.includes(languages.to)) {
    throw new UserError(
      `The model in ${folder} knows the languages ${known.join(' and ')}, not ${languages.from} → ${languages.to}: give --vocabulary-size, so that a vocabulary is learned for those, or choose another model, or none.`,
    );
  }
  return {
    ...common,
    ownVocabulary: false,
    vocabularySize,
    warmupSteps: chosen.warmupSteps ?? fineTuningWarmupSteps,
    peakLearningRate: chosen.peakLearningRate ?? paperPeakLearningRate(dModel, updatesBefore),
  };
}

/** @throws UserError where two passes would be the same */
function checkRDrop({ rDrop, dropout, attentionDropout, feedForwardDropout }: ChosenSettings): void {
  if (rDrop === 0 || dropout + attentionDropout + feedForwardDropout > 0) return;
  throw new UserError(
    'R-Drop compares two passes that differ by what dropout leaves out, and there is no dropout: choose a dropout above 0, or no R-Drop.',
  );
}

/** What a JSON file would have changed of a preset; a UserError says what is wrong with it. */
export async function readModelChanges(file: string, preset: PresetName): Promise<ModelChanges> {
  return validateChanges(await readJson(file), preset, file);
}

/** @throws UserError where the file cannot be read, or is no sound JSON */
export async function readJson(file: string): Promise<unknown> {
  const json = await readForeignText(file, { mostBytes: longestJson });
  try {
    return parseStrictJson(json);
  } catch (error) {
    throw new UserError(`${file} is no sound JSON: ${(error as Error).message}.`);
  }
}

/** Bytes of a file that a person writes. */
const longestJson = 2 ** 20;

/** What the names of a corpus say: `news.en-de.tsv`, or the endings of `news.en,news.de`. */
export function languagesOf(corpus: string): [from: string | undefined, to: string | undefined] {
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

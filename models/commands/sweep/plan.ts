/** A sweep's plan: a JSON file of settings, and of the variations that each change some of them. */
import path from 'node:path';
import { newSettings, readJson } from '../../training/newSettings';
import { absoluteCorpus, checkSettings, defaultSettings, type RunSettings } from '../../training/runSettings';
import { shorten, show, UserError } from '../../userError';

/** What all variations are translated and scored on, a sentence a line. */
export interface Development {
  readonly source: string;
  readonly reference: string;
}

export interface Plan {
  readonly development: Development;
  /** As `translate` has them. */
  readonly search: { readonly beamSize: number; readonly lengthPenalty: number };
  readonly variations: readonly Variation[];
}

export interface Variation {
  /** Its folder's name, too. */
  readonly name: string;
  /** Updates. */
  readonly steps: number;
  /** What the plan and the variation say, in this order; the rest is as `train` has it. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The paper's (§6.1). */
const paperSearch = { beamSize: 4, lengthPenalty: 0.6 };

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a plan. Files in it are relative to its own folder. What is said of a variation's settings comes when it is
 * its turn (`settingsOf`), so that one that cannot be leaves the others alone.
 *
 * @throws UserError that names the file and what is wrong with it
 */
export async function readPlan(file: string): Promise<Plan> {
  const plan = objectOf(await readJson(file), `${file} holds no plan: it`);
  refuseUnknown(plan, ['development', 'search', 'steps', 'settings', 'variations'], file);
  const from = (name: string): string => path.resolve(path.dirname(file), name);
  const development = objectOf(plan['development'], `${file}: “development”`);
  refuseUnknown(development, ['source', 'reference'], `${file}, “development”`);
  const { variations } = plan;
  if (!Array.isArray(variations) || variations.length === 0)
    throw new UserError(`${file}: “variations” must be a list of at least one variation.`);
  const names = new Set<string>();
  return {
    development: {
      source: from(textOf(development, 'source', `${file}, “development”`)),
      reference: from(textOf(development, 'reference', `${file}, “development”`)),
    },
    search: searchOf(plan, file),
    variations: variations.map((value: unknown, index) => {
      const where = `${file}, variation ${index + 1}`;
      const variation = objectOf(value, where);
      refuseUnknown(variation, ['name', 'steps', 'settings'], where);
      const name = textOf(variation, 'name', where);
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name)) {
        throw new UserError(
          `${where}: “name” must be letters, digits, - and _ alone, since a folder gets it.`,
        );
      }
      if (devicesOfWindows.test(name))
        throw new UserError(`${where}: Windows has no folder “${name}”: choose another “name”.`);
      // Windows does not tell capitals from small letters.
      if (names.has(name.toLowerCase())) throw new UserError(`${where}: the name “${name}” is taken.`);
      names.add(name.toLowerCase());
      return {
        name,
        steps: wholeOf({ ...plan, ...variation }, 'steps', where),
        settings: withAbsoluteFiles(merge(plan['settings'], variation['settings'], where), from),
      };
    }),
  };
}

/** Names that stand for devices there, in any folder. */
const devicesOfWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

function searchOf(plan: Json, file: string): Plan['search'] {
  const search = objectOf(plan['search'] ?? {}, `${file}: “search”`);
  refuseUnknown(search, Object.keys(paperSearch), `${file}, “search”`);
  const { lengthPenalty = paperSearch.lengthPenalty } = search;
  if (typeof lengthPenalty !== 'number' || lengthPenalty < 0)
    throw new UserError(`${file}, “search”: “lengthPenalty” must be a number, 0 or more.`);
  return { beamSize: wholeOf({ ...paperSearch, ...search }, 'beamSize', `${file}, “search”`), lengthPenalty };
}

/** The variation's settings over the plan's; changes to the model one by one. */
function merge(common: unknown = {}, own: unknown = {}, where: string): Json {
  const [a, b] = [objectOf(common, `${where}: the plan’s “settings”`), objectOf(own, `${where}: “settings”`)];
  const merged: Json = { ...a, ...b };
  refuseUnknown(merged, Object.keys(settable), `${where}, “settings”`);
  if (!isObject(a['modelConfig']) || !isObject(b['modelConfig'])) return merged;
  return { ...merged, modelConfig: { ...a['modelConfig'], ...b['modelConfig'] } };
}

const settable: Readonly<Record<Exclude<keyof RunSettings, 'ownVocabulary' | 'format'>, true>> = {
  corpora: true,
  weights: true,
  validation: true,
  heldOut: true,
  maximumWords: true,
  maximumLengthRatio: true,
  from: true,
  to: true,
  initialModel: true,
  preset: true,
  modelConfig: true,
  vocabularySize: true,
  batchTokens: true,
  accumulate: true,
  longest: true,
  peakLearningRate: true,
  warmupSteps: true,
  dropout: true,
  attentionDropout: true,
  feedForwardDropout: true,
  subwordDropout: true,
  labelSmoothing: true,
  rDrop: true,
  clipNorm: true,
  precision: true,
  seed: true,
};

function withAbsoluteFiles(settings: Json, from: (name: string) => string): Json {
  const absolute = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map((corpus: unknown) =>
          typeof corpus === 'string' ? corpus.split(',').map(from).join(',') : corpus,
        )
      : value;
  const changed = Object.entries(settings).filter(([key]) => key === 'corpora' || key === 'validation');
  const { initialModel } = settings;
  const model = typeof initialModel === 'string' && initialModel !== '' ? from(initialModel) : initialModel;
  return {
    ...settings,
    ...('initialModel' in settings && { initialModel: model }),
    ...Object.fromEntries(changed.map(([key, value]) => [key, absolute(value)])),
  };
}

/** What the plan says of a variation's run, and what `train` has for the rest: unchecked, without a look at files. */
export function statedSettings({ settings }: Variation): Json {
  return { ...defaultSettings, ...settings };
}

/** All settings of a variation's run; a UserError where they cannot be. */
export async function settingsOf(variation: Variation): Promise<RunSettings> {
  const { name, settings } = variation;
  const where = `The settings of “${name}”`;
  // Before what is left out is found out from them, all are checked with something in its place.
  const unknown = { from: 'source', to: 'target', peakLearningRate: 0 };
  const { from, to, vocabularySize, peakLearningRate, warmupSteps, ...checked } = checkSettings(
    { ...unknown, ...statedSettings(variation) },
    where,
  );
  if (checked.corpora.length === 0) throw new UserError(`${where}: “corpora” must name one or more files.`);
  return newSettings({
    ...checked,
    corpora: checked.corpora.map(absoluteCorpus),
    ...('from' in settings && { from }),
    ...('to' in settings && { to }),
    ...('vocabularySize' in settings && { vocabularySize }),
    ...('peakLearningRate' in settings && { peakLearningRate }),
    ...('warmupSteps' in settings && { warmupSteps }),
  });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown, what: string): Json {
  if (!isObject(value)) throw new UserError(`${what} must be a JSON object, not ${show(value)}.`);
  return value;
}

function textOf(object: Json, key: string, where: string): string {
  const value = object[key];
  if (typeof value !== 'string' || value === '')
    throw new UserError(`${where}: “${key}” must be a text, not ${show(value)}.`);
  return value;
}

function wholeOf(object: Json, key: string, where: string): number {
  const value = object[key];
  if (!Number.isSafeInteger(value) || (value as number) < 1)
    throw new UserError(`${where}: “${key}” must be a whole number of at least 1, not ${show(value)}.`);
  return value as number;
}

function refuseUnknown(object: Json, known: readonly string[], where: string): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new UserError(`${where}: “${shorten(unknown)}” is not known there; what is: ${known.join(', ')}.`);
}

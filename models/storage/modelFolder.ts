/**
 * A model on disk: config.json (what it is), tokenizer.json (its vocabulary), model.safetensors (its weights).
 * Everything is checked against everything else, since a folder may come from anywhere.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { parseStrictJson } from '../text/strictJson';
import { longestJson } from '../text/tokenizerJson';
import { Vocabulary } from '../text/vocabulary';
import { validateConfig, type TransformerConfig } from '../transformer/config';
import type { MixedWeights } from '../transformer/parameters';
import { show, UserError } from '../userError';
import { writeFileAtomically } from './atomic';
import { openForeignFile, readForeignText, type ForeignFileOptions } from './foreignFile';
import {
  encodeSafetensors,
  mostBytesOf,
  readMixedSafetensors,
  type StoredEntry,
  type StoredType,
} from './safetensors';
import {
  checkTensors,
  mostBytesOfTensors,
  quantiseWeights,
  tensorsOf,
  weightsOf,
  type WeightFormat,
} from './storedWeights';

/** Of config.json: 1 has numbers for weights, 2 says what they are. The least that does is written. */
const formatVersions: Record<WeightFormat, number> = { float: 1, int8: 2 };
const newestFormat = 2;

export interface ModelConfig {
  /** Shown to people. */
  readonly name: string;
  /** Source language, ISO 639-1 where there is one. */
  readonly from: string;
  readonly to: string;
  readonly transformer: TransformerConfig;
  /** What its matrices are stored as, where they are no numbers. */
  readonly weights?: 'int8';
}

/** A model to train on or to write. */
export interface Model {
  readonly config: ModelConfig;
  readonly vocabulary: Vocabulary;
  readonly weights: Map<string, Float32Array>;
}

/** A model to translate with, whose matrices may be quantised. */
export interface MixedModel extends Omit<Model, 'weights'> {
  readonly weights: MixedWeights;
}

/** The files that make a model. */
export const files = {
  config: 'config.json',
  vocabulary: 'tokenizer.json',
  weights: 'model.safetensors',
} as const;

/** Bytes of a config.json, which takes a few hundred. */
export const longestConfig = 2 ** 16;

/**
 * Line breaks, control characters, what turns the direction of writing, halves of surrogate pairs: a name is shown to
 * people. The two that join or part letters belong to writing Persian and Hindi.
 */
const unseen = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** Whether this is a language tag (BCP 47), which the rules for sentences are chosen by. */
export function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/**
 * What a model folder says of itself. Language tags come in their canonical form (`en-us` as `en-US`).
 *
 * @throws UserError that names the file and what is wrong with it
 */
export async function readModelConfig(
  folder: string,
  options: Pick<ForeignFileOptions, 'refuseLinks'> = {},
): Promise<ModelConfig> {
  const file = path.join(folder, files.config);
  return parseModelConfig(await readForeignText(file, { mostBytes: longestConfig, ...options }), file);
}

/** The text of a config.json. @param file its name, for errors */
export function parseModelConfig(json: string, file: string): ModelConfig {
  let value: unknown;
  try {
    value = parseStrictJson(json);
  } catch (error) {
    throw new UserError(`${file} is no sound JSON: ${(error as Error).message}.`);
  }
  const { name, from, to, transformer, ...rest } = (value ?? {}) as Record<string, unknown>;
  const format = checkFormat(rest, file);
  for (const [key, text] of Object.entries({ name, from, to })) {
    if (typeof text !== 'string' || text.trim() === '' || text.length > 100 || unseen.test(text)) {
      throw new UserError(
        `${file}: “${key}” must be a short text on one line, without characters that cannot be seen.`,
      );
    }
  }
  for (const [key, tag] of Object.entries({ from, to })) {
    if (!isLanguageTag(tag as string))
      throw new UserError(`${file}: “${key}” must be a language tag, such as en or pt-BR.`);
  }
  return {
    name: name as string,
    from: canonicalTag(from as string),
    to: canonicalTag(to as string),
    transformer: validateConfig(transformer, file),
    ...(format === 'int8' && { weights: format }),
  };
}

function checkFormat(
  { formatVersion: version, weights }: Record<string, unknown>,
  file: string,
): WeightFormat {
  if (typeof version === 'number' && version > newestFormat) {
    throw new UserError(
      `${file} has format version ${show(version)}, which a newer Polyhead has written; this one reads versions up to ${newestFormat}. Update Polyhead.`,
    );
  }
  if (version === formatVersions.float) return 'float';
  if (version !== formatVersions.int8) {
    throw new UserError(
      `${file} has format version ${show(version)}; this Polyhead reads versions 1 to ${newestFormat}.`,
    );
  }
  if (weights !== 'int8')
    throw new UserError(`${file}: “weights” must be "int8" in format version 2, not ${show(weights)}.`);
  return weights;
}

/** The text of a model's config.json. */
export function configJson(config: ModelConfig): string {
  return `${JSON.stringify({ formatVersion: formatVersions[formatOf(config)], ...config }, undefined, 2)}\n`;
}

/** What the weights of a model are. */
function formatOf({ weights }: ModelConfig): WeightFormat {
  return weights ?? 'float';
}

function canonicalTag(tag: string): string {
  return Intl.getCanonicalLocales(tag)[0]!;
}

/** A whole model to translate with. @throws UserError that names the file and what is wrong with it */
export async function readMixedModel(folder: string): Promise<MixedModel> {
  const config = await readModelConfig(folder);
  const vocabularyFile = path.join(folder, files.vocabulary);
  const json = await readForeignText(vocabularyFile, { mostBytes: longestJson });
  const vocabulary = parseVocabulary(json, config, vocabularyFile);
  const weightsFile = path.join(folder, files.weights);
  const stored = await readMixedSafetensors(
    weightsFile,
    (entries) => checkEntries(entries, config, weightsFile),
    mostBytesOfWeights(config),
  );
  return { config, vocabulary, weights: weightsOf(stored, config.transformer) };
}

/**
 * A whole model to train, to average or to export.
 *
 * @throws UserError that names the file and what is wrong with it, and where its weights are quantised: what training
 *   changes is smaller than their steps, and they would be rounded twice. `readInitialModel` takes them to begin with
 */
export async function readModel(folder: string): Promise<Model> {
  const { config, vocabulary, weights } = await readMixedModel(folder);
  const numbers = new Map<string, Float32Array>();
  for (const [name, weight] of weights) {
    if (!(weight instanceof Float32Array)) {
      throw new UserError(
        `${folder} holds weights in 8 bits: they translate, and a training may begin with them (--initial-model), but they are neither trained themselves nor exported again. Take the model that it was exported from, with float16 weights; those of the models that ship are in models/parents of Polyhead’s repository.`,
      );
    }
    numbers.set(name, weight);
  }
  return { config, vocabulary, weights: numbers };
}

/** A model as it is when it has been written in 8 bits and read back, but for the rounding of vectors. */
export function quantisedModel({ config, vocabulary, weights }: Model): MixedModel {
  return {
    config: { ...config, weights: 'int8' },
    vocabulary,
    weights: quantiseWeights(weights, config.transformer),
  };
}

/**
 * The SHA-256 of a folder's weights, in hexadecimal: what tells one model from another. Read in pieces, so that the event
 * loop turns: 15 MB take about ten milliseconds.
 */
export async function hashOfWeights(folder: string): Promise<string> {
  const file = path.join(folder, files.weights);
  const { handle } = await openForeignFile(file, { mostBytes: Infinity });
  const hash = createHash('sha256');
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: 2 ** 20 }))
      hash.update(chunk as Uint8Array);
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${(error as Error).message}.`);
  }
  return hash.digest('hex');
}

/** The most bytes that the weights of such a model take on disk. */
export function mostBytesOfWeights(config: ModelConfig): number {
  return mostBytesOf(mostBytesOfTensors(config.transformer, formatOf(config)));
}

/** The text of a tokenizer.json, as the model's configuration needs it. @param file its name, for errors */
export function parseVocabulary(json: string, { transformer }: ModelConfig, file: string): Vocabulary {
  const vocabulary = Vocabulary.fromJson(json, file);
  if (vocabulary.size !== transformer.vocabularySize) {
    throw new UserError(
      `${file} has ${vocabulary.size} tokens, where ${files.config} says ${transformer.vocabularySize}.`,
    );
  }
  return vocabulary;
}

/**
 * Whether a file holds what such a model needs, by what its header says.
 *
 * @param where the file's name, for errors
 * @throws UserError
 */
export function checkEntries(entries: readonly StoredEntry[], config: ModelConfig, where: string): void {
  checkTensors(entries, config.transformer, formatOf(config), where);
}

/**
 * Into an existing folder, each file whole or not at all; its other files stay.
 *
 * @param type what the weights are stored as; where matrices are int8, vectors are float16
 */
export async function writeModel(
  folder: string,
  { config, vocabulary, weights }: Model,
  type: StoredType | 'int8',
): Promise<void> {
  const { name, from, to, transformer } = config;
  const described = { name, from, to, transformer };
  const [written, numbers]: [ModelConfig, StoredType] =
    type === 'int8' ? [{ ...described, weights: type }, 'F16'] : [described, type];
  const tensors = tensorsOf(weights, transformer, formatOf(written));
  await writeFileAtomically(
    path.join(folder, files.weights),
    encodeSafetensors(tensors, numbers, { format: 'polyhead' }),
  );
  await writeFileAtomically(path.join(folder, files.vocabulary), [vocabulary.toJson()]);
  await writeFileAtomically(path.join(folder, files.config), [configJson(written)]);
}

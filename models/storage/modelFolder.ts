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
import { parameterCount, parameterShapes } from '../transformer/model';
import { shorten, show, UserError } from '../userError';
import { writeFileAtomically } from './atomic';
import { openForeignFile, readForeignText, type ForeignFileOptions } from './foreignFile';
import {
  encodeSafetensors,
  mostBytesFor,
  readSafetensors,
  type StoredEntry,
  type StoredTensor,
  type StoredType,
} from './safetensors';

export const formatVersion = 1;

export interface ModelConfig {
  /** Shown to people. */
  readonly name: string;
  /** Source language, ISO 639-1 where there is one. */
  readonly from: string;
  readonly to: string;
  readonly transformer: TransformerConfig;
}

export interface Model {
  readonly config: ModelConfig;
  readonly vocabulary: Vocabulary;
  readonly weights: Map<string, Float32Array>;
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
  const { formatVersion: version, name, from, to, transformer } = (value ?? {}) as Record<string, unknown>;
  if (version !== formatVersion) {
    throw new UserError(
      `${file} has format version ${show(version)}; this Polyhead reads version ${formatVersion}.`,
    );
  }
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
  };
}

function canonicalTag(tag: string): string {
  return Intl.getCanonicalLocales(tag)[0]!;
}

/** A whole model. @throws UserError that names the file and what is wrong with it */
export async function readModel(folder: string): Promise<Model> {
  const config = await readModelConfig(folder);
  const vocabularyFile = path.join(folder, files.vocabulary);
  const json = await readForeignText(vocabularyFile, { mostBytes: longestJson });
  const vocabulary = parseVocabulary(json, config, vocabularyFile);
  const weightsFile = path.join(folder, files.weights);
  const stored = await readSafetensors(
    weightsFile,
    (entries) => checkEntries(entries, config, weightsFile),
    mostBytesOfWeights(config),
  );
  return { config, vocabulary, weights: checkWeights(stored, config, weightsFile) };
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
export function mostBytesOfWeights({ transformer }: ModelConfig): number {
  return mostBytesFor(parameterCount(transformer));
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

/** The model's weights out of what a file holds. @param where the file's name, for errors */
export function checkWeights(
  stored: ReadonlyMap<string, StoredTensor>,
  config: ModelConfig,
  where: string,
): Map<string, Float32Array> {
  const entries = [...stored].map(([name, { shape }]) => ({ name, shape }));
  return new Map(checkEntries(entries, config, where).map((name) => [name, stored.get(name)!.values]));
}

/**
 * Whether a file holds what such a model needs, by what its header says.
 *
 * @param where the file's name, for errors
 * @returns the names of the weights in the model's order
 * @throws UserError
 */
export function checkEntries(
  entries: readonly Pick<StoredEntry, 'name' | 'shape'>[],
  { transformer }: ModelConfig,
  where: string,
): string[] {
  const shapes = new Map(entries.map(({ name, shape }) => [name, shape]));
  const expected = parameterShapes(transformer);
  for (const { name, shape } of expected) {
    const found = shapes.get(name);
    if (!found) throw new UserError(`${where} has no weight “${name}”, which ${files.config} asks for.`);
    if (found.join() !== shape.join()) {
      throw new UserError(
        `${where}: “${name}” has shape [${shorten(found.join(', '))}], where ${files.config} asks for [${shape.join(', ')}].`,
      );
    }
  }
  if (shapes.size !== expected.length) {
    const wanted = new Set(expected.map(({ name }) => name));
    const extra = [...shapes.keys()].find((name) => !wanted.has(name));
    throw new UserError(
      `${where} holds “${shorten(extra ?? '')}”, which the model of ${files.config} does not have.`,
    );
  }
  return expected.map(({ name }) => name);
}

/** Into an existing folder, each file whole or not at all; its other files stay. */
export async function writeModel(
  folder: string,
  { config, vocabulary, weights }: Model,
  type: StoredType,
): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  for (const { name, shape } of parameterShapes(config.transformer))
    tensors.set(name, { shape, values: weights.get(name)! });
  await writeFileAtomically(
    path.join(folder, files.weights),
    encodeSafetensors(tensors, type, { format: 'polyhead' }),
  );
  await writeFileAtomically(path.join(folder, files.vocabulary), [vocabulary.toJson()]);
  await writeFileAtomically(path.join(folder, files.config), [
    `${JSON.stringify({ formatVersion, ...config }, undefined, 2)}\n`,
  ]);
}

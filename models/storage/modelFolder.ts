/**
 * A model on disk: config.json (what it is), tokenizer.json (its vocabulary), model.safetensors (its weights).
 * Everything is checked against everything else, since a folder may come from anywhere.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Vocabulary } from '../text/vocabulary';
import { validateConfig, type TransformerConfig } from '../transformer/config';
import { parameterShapes } from '../transformer/model';
import { shorten, show, UserError } from '../userError';
import { writeFileAtomically } from './atomic';
import { encodeSafetensors, readSafetensors, type StoredTensor, type StoredType } from './safetensors';

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

const files = { config: 'config.json', vocabulary: 'tokenizer.json', weights: 'model.safetensors' } as const;

/** Whether this is a language tag (BCP 47), which the rules for sentences are chosen by. */
export function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const file = path.join(folder, files.config);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${file} cannot be read as JSON: ${(error as Error).message}.`);
  }
  const { formatVersion: version, name, from, to, transformer } = (value ?? {}) as Record<string, unknown>;
  if (version !== formatVersion) {
    throw new UserError(
      `${file} has format version ${show(version)}; this Polyhead reads version ${formatVersion}.`,
    );
  }
  for (const [key, text] of Object.entries({ name, from, to })) {
    if (typeof text !== 'string' || text === '' || text.length > 100)
      throw new UserError(`${file}: “${key}” must be a short text.`);
  }
  for (const [key, tag] of Object.entries({ from, to })) {
    if (!isLanguageTag(tag as string))
      throw new UserError(`${file}: “${key}” must be a language tag, such as en or pt-BR.`);
  }
  return {
    name: name as string,
    from: from as string,
    to: to as string,
    transformer: validateConfig(transformer, file),
  };
}

export async function readModel(folder: string): Promise<Model> {
  const config = await readModelConfig(folder);
  const vocabularyFile = path.join(folder, files.vocabulary);
  const json = await readFile(vocabularyFile, 'utf8').catch((error: unknown) => {
    throw new UserError(`${vocabularyFile} cannot be read: ${(error as Error).message}.`);
  });
  const vocabulary = Vocabulary.fromJson(json, vocabularyFile);
  if (vocabulary.size !== config.transformer.vocabularySize) {
    throw new UserError(
      `${vocabularyFile} has ${vocabulary.size} tokens, where ${files.config} says ${config.transformer.vocabularySize}.`,
    );
  }
  const weightsFile = path.join(folder, files.weights);
  return {
    config,
    vocabulary,
    weights: checkWeights(await readSafetensors(weightsFile), config, weightsFile),
  };
}

function checkWeights(
  stored: ReadonlyMap<string, StoredTensor>,
  { transformer }: ModelConfig,
  where: string,
): Map<string, Float32Array> {
  const expected = parameterShapes(transformer);
  const weights = new Map<string, Float32Array>();
  for (const { name, shape } of expected) {
    const tensor = stored.get(name);
    if (!tensor) throw new UserError(`${where} has no weight “${name}”, which ${files.config} asks for.`);
    if (tensor.shape.join() !== shape.join()) {
      throw new UserError(
        `${where}: “${name}” has shape [${shorten(tensor.shape.join(', '))}], where ${files.config} asks for [${shape.join(', ')}].`,
      );
    }
    weights.set(name, tensor.values);
  }
  if (stored.size !== weights.size) {
    const extra = [...stored.keys()].find((name) => !weights.has(name));
    throw new UserError(
      `${where} holds “${shorten(extra ?? '')}”, which the model of ${files.config} does not have.`,
    );
  }
  return weights;
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

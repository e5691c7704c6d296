/** A model folder as training writes it, with random weights: each text becomes something else. */
import { mkdir } from 'node:fs/promises';
import { writeModel, type Model } from '../../../models/storage/modelFolder';
import { presetConfig } from '../../../models/transformer/config';
import { tinyModel } from '../tinyModel';
import { randomWeights } from './randomModels';

/** @param liked a text whose first token the model says more often than others */
export function randomModel(seed = 7, liked?: string): Model {
  const { config, vocabulary } = tinyModel();
  const changes = { dModel: 16, heads: 2, dFf: 24, outputBias: liked !== undefined };
  const transformer = presetConfig('tiny', vocabulary.size, changes);
  const weights = randomWeights(transformer, seed);
  if (liked !== undefined) weights.get('output.bias')![vocabulary.encodeIds(liked)[0]!]! += 4;
  return { config: { ...config, transformer }, vocabulary, weights };
}

/** Makes the folder. */
export async function makeModelFolder(
  folder: string,
  type: 'F32' | 'F16' = 'F32',
  model = randomModel(),
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeModel(folder, model, type);
  return folder;
}

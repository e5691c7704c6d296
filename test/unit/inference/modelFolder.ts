/** A model folder as training writes it, with random weights: each text becomes something else. */
import { mkdir } from 'node:fs/promises';
import { writeModel, type Model } from '../../../models/storage/modelFolder';
import { presetConfig } from '../../../models/transformer/config';
import { tinyModel } from '../tinyModel';
import { randomWeights } from './randomModels';

export function randomModel(seed = 7): Model {
  const { config, vocabulary } = tinyModel();
  const transformer = presetConfig('tiny', vocabulary.size, { dModel: 16, heads: 2, dFf: 24 });
  return { config: { ...config, transformer }, vocabulary, weights: randomWeights(transformer, seed) };
}

/** Makes the folder. */
export async function makeModelFolder(folder: string, type: 'F32' | 'F16' = 'F32'): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeModel(folder, randomModel(), type);
  return folder;
}

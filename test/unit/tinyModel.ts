/** A model small enough to be written and read in a moment: nothing learned, everything in its place. */
import { learnVocabulary } from '../../models/text/learnVocabulary';
import type { Model } from '../../models/storage/modelFolder';
import { initialWeights } from '../../models/training/initialise';
import { presetConfig, type TransformerConfig } from '../../models/transformer/config';
import { parameterShapes } from '../../models/transformer/model';

export const tinySizes = {
  dModel: 8,
  heads: 2,
  dKey: 4,
  dValue: 4,
  dFf: 16,
  encoderLayers: 1,
  decoderLayers: 1,
} satisfies Partial<TransformerConfig>;

/** The same model for the same seed. */
export function tinyModel(seed = 1): Model {
  const vocabulary = learnVocabulary(['ein Haus', 'a house', 'two houses'], { size: 310 });
  const transformer = presetConfig('tiny', vocabulary.size, tinySizes);
  return {
    config: { name: 'tiny en-de', from: 'en', to: 'de', transformer },
    vocabulary,
    weights: initialWeights(parameterShapes(transformer), seed),
  };
}

/** Small models of every kind with random weights: they translate nothing, but each says something else. */
import { normals, randomWords } from '../../../models/data/random';
import { endId, firstLearnedId } from '../../../models/text/reservedTokens';
import { presetConfig, type TransformerConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { elementCount } from '../../../models/transformer/parameters';

export const vocabularySize = firstLearnedId + 20;

const sizes = { dModel: 16, heads: 2, dFf: 24, encoderLayers: 2, decoderLayers: 2 } as const;

function small(changes: Partial<TransformerConfig>): TransformerConfig {
  return presetConfig('tiny', vocabularySize, { ...sizes, ...changes });
}

/** With seeds whose weights say a lot of different things. */
export const configurations: readonly (readonly [name: string, config: TransformerConfig, seed: number])[] = [
  ['pre-norm', small({ normalisation: 'pre' }), 10],
  ['post-norm, unequal depths', small({ normalisation: 'post', encoderLayers: 1, decoderLayers: 3 }), 11],
  [
    'sines in halves, swish, output bias',
    small({ positions: 'halves', activation: 'swish', outputBias: true }),
    10,
  ],
  [
    'post-norm, gelu, unscaled, wide values',
    small({ normalisation: 'post', activation: 'gelu', scaleEmbeddings: false, dKey: 6, dValue: 10 }),
    10,
  ],
];

/**
 * Normal numbers everywhere, the scales of layer norms too: with those near 1 a model of tied embeddings only says its
 * last token again. The end stands out, so that sentences end.
 */
export function randomWeights(config: TransformerConfig, seed: number): Map<string, Float32Array> {
  const normal = normals(randomWords(seed));
  return new Map(
    parameterShapes(config).map(({ name, shape, initialiser }) => {
      const deviation = {
        embedding: config.scaleEmbeddings ? 2 * config.dModel ** -0.5 : 2,
        matrix: shape[0]! ** -0.5,
        ones: 1,
        zeros: 0.1,
      }[initialiser];
      const values = Float32Array.from({ length: elementCount(shape) }, () => deviation * normal());
      if (initialiser === 'embedding') {
        for (let place = endId * config.dModel; place < (endId + 1) * config.dModel; place++)
          values[place]! *= 2;
      }
      return [name, values];
    }),
  );
}

/** Token sequences with their end: text of these lengths, with so many placeholders in it. */
export function randomSources(
  wanted: readonly { length: number; placeholders?: number }[],
  seed: number,
): number[][] {
  const words = randomWords(seed);
  const below = (limit: number): number => words() % limit;
  return wanted.map(({ length, placeholders = 0 }) => {
    const tokens = Array.from({ length }, () => firstLearnedId + below(vocabularySize - firstLearnedId));
    for (let index = 0; index < placeholders; index++) tokens.splice(below(tokens.length + 1), 0, 4 + index);
    return [...tokens, endId];
  });
}

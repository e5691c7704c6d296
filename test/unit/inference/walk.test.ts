/** The walk through a model has the numbers that translating has: of each step from the one before, and of other ways to them. */
import { describe, expect, it } from 'vitest';
import { MaskedPass } from '../../../models/inference/maskedPass';
import { Walk, type WalkedAttention, type WalkRoute } from '../../../models/inference/walk';
import { endId, firstLearnedId } from '../../../models/text/reservedTokens';
import { configurations, randomWeights } from './randomModels';

const source = [1, 5, 3, 9, 2].map((token) => firstLearnedId + token).concat(endId);
const target = [4, 4, 7].map((token) => firstLearnedId + token).concat(endId);

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(actual.length).toBe(expected.length);
  for (let at = 0; at < expected.length; at++) expect(actual[at]).toBeCloseTo(expected[at]!, 4);
};

function softmax(scores: Float32Array): number[] {
  const powers = Array.from(scores, (score) => Math.exp(score - Math.max(...scores)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

describe.each(configurations)('the walk through a model: %s', (_name, config, seed) => {
  const weights = randomWeights(config, seed);
  const route: WalkRoute = {
    source: 2,
    target: 1,
    encoderLayer: config.encoderLayers - 1,
    decoderLayer: config.decoderLayers - 1,
    head: 1,
  };

  it('has the embedding, the position and their sum', async () => {
    const walk = await Walk.create(config, weights, 1);
    const { embedding } = await walk.run({ source, target }, route, 5);
    await walk.dispose();
    const { dModel } = config;
    const table = weights.get('embedding.weight')!;
    close(embedding.row, table.subarray(source[2]! * dModel, (source[2]! + 1) * dModel));
    const pairs = Array.from({ length: dModel / 2 }, (_, i) => 2 / 10_000 ** ((2 * i) / dModel));
    const position =
      config.positions === 'halves'
        ? [...pairs.map(Math.sin), ...pairs.map(Math.cos)]
        : pairs.flatMap((angle) => [Math.sin(angle), Math.cos(angle)]);
    close(embedding.position, position);
    const scale = config.scaleEmbeddings ? Math.sqrt(dModel) : 1;
    close(
      embedding.sum,
      embedding.row.map((value, at) => value * scale + position[at]!),
    );
  });

  it('has the attention of the place, layer and head, with the scores that it comes from', async () => {
    const walk = await Walk.create(config, weights, 1);
    const pass = await MaskedPass.create(config, weights, 1);
    const walked = await walk.run({ source, target }, route, 5);
    const { attention } = await pass.run(source, target);
    await Promise.all([walk.dispose(), pass.dispose()]);
    const compare = (
      kind: 'encoder' | 'decoder' | 'cross',
      layer: number,
      query: number,
      seen: number,
    ): void => {
      const { heads, queries, keys, weights: all } = attention[kind];
      const at = ((layer * heads + route.head) * queries + query) * keys;
      const one: WalkedAttention = walked[kind];
      close(one.weights, all.subarray(at, at + seen));
      close(one.weights, softmax(one.scores));
      expect(one.query).toHaveLength(config.dKey);
      expect(one.context).toHaveLength(config.dValue);
    };
    compare('encoder', route.encoderLayer, 2, source.length);
    compare('decoder', route.decoderLayer, 1, 2);
    compare('cross', route.decoderLayer, 1, source.length);
  });

  it('has the activations of the layer, and ends with the probabilities that the model gives', async () => {
    const walk = await Walk.create(config, weights, 1);
    const pass = await MaskedPass.create(config, weights, 1);
    const walked = await walk.run({ source, target }, route, 5);
    const { logProbabilities } = await pass.run(source, target);
    await Promise.all([walk.dispose(), pass.dispose()]);
    for (const stack of ['encoder', 'decoder'] as const) {
      expect(walked.activations[stack]).toHaveLength(config.dFf);
      expect(walked.states[stack]).toHaveLength(config.dModel);
      if (config.activation === 'relu') expect(Math.min(...walked.activations[stack])).toBe(0);
    }
    const { vocabularySize } = config;
    const row = logProbabilities.subarray(vocabularySize, 2 * vocabularySize);
    for (const { token, probability } of walked.logits)
      expect(probability).toBeCloseTo(Math.exp(row[token]!), 4);
    const best = Array.from(row.keys()).sort((one, other) => row[other]! - row[one]!);
    expect(walked.logits.slice(0, 5).map(({ token }) => token)).toEqual(best.slice(0, 5));
    expect(walked.logits.map(({ token }) => token)).toContain(target[1]);
    expect(walked.logits.length).toBeLessThanOrEqual(6);
  });
});

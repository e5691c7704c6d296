import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { quantisedModel, writeModel, type Model } from '../../../models/storage/modelFolder';
import { Vocabulary } from '../../../models/text/vocabulary';
import { firstLearnedId } from '../../../models/text/reservedTokens';
import { completeConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { initialWeights } from '../../../models/training/initialise';
import { readInitialModel, weightsForVocabulary } from '../../../models/training/initialModel';
import { defaultSettings } from '../../../models/training/runSettings';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('initial');
const width = 16;
const table = 'embedding.weight';
const bias = 'output.bias';

function modelOf(vocabulary: Vocabulary): Model {
  const transformer = completeConfig(
    'tiny',
    vocabulary.size,
    { dModel: width, heads: 2, dFf: 32, outputBias: true, positions: 'learned', maximumPositions: 300 },
    'here',
  );
  const weights = initialWeights(parameterShapes(transformer), 3);
  weights.set(
    bias,
    weights.get(bias)!.map((_, index) => index),
  );
  return { config: { name: 'a-b', from: 'en', to: 'de', transformer }, vocabulary, weights };
}

const known = Vocabulary.fromMerges(['a', 'b', 'c', 'ab'], [[firstLearnedId, firstLearnedId + 1]]);
const other = Vocabulary.fromMerges(['c', 'd', 'a', 'e', 'ca'], [[firstLearnedId, firstLearnedId + 2]]);

describe('weights for another vocabulary', () => {
  const model = modelOf(known);
  const { weights, keptPieces } = weightsForVocabulary(model, other, 1);
  const row = (values: Float32Array, id: number): number[] => [
    ...values.subarray(id * width, (id + 1) * width),
  ];

  it('keep the rows of pieces that both know, wherever they are', () => {
    expect(keptPieces).toBe(firstLearnedId + 2);
    const [before, after] = [model.weights.get(table)!, weights.get(table)!];
    expect(after).toHaveLength(other.size * width);
    expect(row(after, 0)).toEqual(row(before, 0));
    expect(row(after, firstLearnedId)).toEqual(row(before, firstLearnedId + 2));
    expect(row(after, firstLearnedId + 2)).toEqual(row(before, firstLearnedId));
    expect(weights.get(bias)!.at(firstLearnedId)).toBe(firstLearnedId + 2);
  });

  it('give new pieces rows like the known ones, each another one, the same for a seed', () => {
    const after = weights.get(table)!;
    const fresh = [firstLearnedId + 1, firstLearnedId + 3, firstLearnedId + 4].map((id) => row(after, id));
    for (const values of fresh) {
      const length = Math.hypot(...values);
      expect(length).toBeGreaterThan(0.4);
      expect(length).toBeLessThan(2);
    }
    expect(new Set(fresh.map(String)).size).toBe(3);
    expect(weightsForVocabulary(model, other, 1).weights).toEqual(weights);
    expect(weightsForVocabulary(model, other, 2).weights).not.toEqual(weights);
  });

  it('leave everything else as it is, learned positions too', () => {
    const rest = [...model.weights].filter(([name]) => name !== table && name !== bias);
    expect(rest.some(([name]) => name.includes('positions'))).toBe(true);
    for (const [name, values] of rest) expect(weights.get(name)).toEqual(values);
    expect([...weights.keys()]).toEqual([...model.weights.keys()]);
  });
});

describe('an initial model', () => {
  it('may have its weights in 8 bits: training begins with the numbers that they stand for', async () => {
    const model = modelOf(known);
    await mkdir(inFolder('small'));
    await writeModel(inFolder('small'), model, 'int8');
    const { longest } = defaultSettings;
    const read = await readInitialModel({ initialModel: inFolder('small'), longest });
    const quantised = quantisedModel(model).weights;
    expect([...read!.weights.keys()]).toEqual([...quantised.keys()]);
    for (const [name, values] of read!.weights) {
      const before = model.weights.get(name)!;
      expect(values).toHaveLength(before.length);
      const largest = before.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const furthest = before.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - values[index]!)),
        0,
      );
      expect(furthest).toBeLessThanOrEqual(largest / 250);
    }
    expect(quantised.get(table)).not.toBeInstanceOf(Float32Array);
  });

  it('is refused where pairs may be longer than its positions', async () => {
    await mkdir(inFolder('short'));
    await writeModel(inFolder('short'), modelOf(known), 'F32');
    await expect(readInitialModel({ initialModel: inFolder('short'), longest: 300 })).rejects.toThrow(
      'Pairs of 300 tokens need 301 positions',
    );
    expect(await readInitialModel({ initialModel: '', longest: 300 })).toBeUndefined();
  });
});

/**
 * Models in 8 bits say what the numbers say that their bytes stand for, but for the rounding of what they compute with;
 * and to the last bit the same alone, beside others, and on two threads.
 */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decoder } from '../../../models/inference/decoder';
import { logProbabilitiesOf } from '../../../models/inference/decoderOutput';
import type { Hypothesis } from '../../../models/inference/hypothesis';
import { readMixedModel, type MixedModel } from '../../../models/storage/modelFolder';
import { dequantiseWeights } from '../../../models/storage/storedWeights';
import { presetConfig } from '../../../models/transformer/config';
import { greedySearch } from './greedySearch';
import { MaskedPass } from './maskedPass';
import { quantisedWeights } from './quantisedModel';
import { configurations, randomSources, randomWeights, vocabularySize } from './randomModels';

const learned = presetConfig('tiny', vocabularySize, {
  dModel: 40,
  heads: 2,
  dFf: 72,
  positions: 'learned',
  maximumPositions: 40,
  outputBias: true,
});

/** Of the distance between the likeliest and the unlikeliest token: a step is 1/63 of the largest, and errors add up. */
const largestError = 0.1;
const largestMeanError = 0.015;

describe.each([...configurations, ['learned positions, blocks that are not full', learned, 12] as const])(
  '%s',
  (_, config, seed) => {
    const weights = quantisedWeights(config, randomWeights(config, seed));
    const sources = randomSources(
      [3, 9, 14, 1].map((length) => ({ length })),
      1,
    );
    const targets = randomSources(
      sources.map(() => ({ length: 11 })),
      2,
    );

    it('is near what the dequantised weights say, in one pass and step by step', async () => {
      const decoder = await Decoder.create(config, weights, 1);
      const passes = [
        await MaskedPass.create(config, weights),
        await MaskedPass.create(config, dequantiseWeights(weights, config)),
      ];
      const [quantised, exact] = await Promise.all(
        passes.map((pass) => pass.logProbabilities(sources, targets)),
      );
      const errors: number[] = [];
      const state = await decoder.begin(sources);
      for (let position = 0; position < 11; position++) {
        const tokens = targets.map((target) => target[position - 1] ?? config.decoderStartToken);
        const output = await state.step(
          tokens,
          sources.map((_source, row) => row),
        );
        const logProbabilities = logProbabilitiesOf(output, vocabularySize);
        sources.forEach((_source, row) => {
          const wanted = exact![row]![position]!;
          const spread = Math.max(...wanted) - Math.min(...wanted);
          const step = logProbabilities.subarray(row * vocabularySize, (row + 1) * vocabularySize);
          for (const found of [quantised![row]![position]!, step])
            found.forEach((value, token) => errors.push(Math.abs(value - wanted[token]!) / spread));
        });
      }
      await decoder.dispose();
      for (const pass of passes) await pass.dispose();
      expect(Math.max(...errors)).toBeLessThan(largestError);
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(largestMeanError);
      // It is the bytes that are computed with.
      expect(Math.max(...errors)).toBeGreaterThan(1e-3);
    });
  },
);

describe('the model en-de that ships', () => {
  const folder = path.resolve(import.meta.dirname, '../../../models/pretrained/en-de');
  const texts = [
    'The file could not be opened.',
    'Yes',
    'Select the folder in which the documents are stored, and press Enter.',
    'This option is ignored if the connection is closed before the server has answered.',
    'Cancel',
    'Do you want to save the changes before closing the window?',
    'Prints the version number and exits.',
    'The default value is used when no argument is given, unless the variable is set in the configuration file.',
    'Open File',
    'An error occurred while the list of packages was being read: it will be tried again in a few minutes.',
    'Undo',
    'If the engine does not start within ten seconds, check the cable and try the second socket.',
  ];
  let model: MixedModel;
  let alone: Decoder;
  let sources: number[][];
  let expected: Hypothesis[];

  beforeAll(async () => {
    model = await readMixedModel(folder);
    const { transformer } = model.config;
    alone = await Decoder.create(transformer, model.weights, 1);
    sources = texts.map((text) => [...model.vocabulary.encodeIds([text]), transformer.endToken]);
    expected = [];
    for (const source of sources) expected.push(...(await greedySearch(alone, [source])));
  });
  afterAll(() => alone.dispose());

  it.each([1, 2])('says the same to the last bit alone and beside others, on %i threads', async (threads) => {
    expect(new Set(sources.map(({ length }) => length % 4)).size).toBe(4);
    const together = await Decoder.create(model.config.transformer, model.weights, threads);
    expect(await greedySearch(together, sources)).toEqual(expected);
    expect(await greedySearch(together, sources.toReversed())).toEqual(expected.toReversed());
    await together.dispose();
  });

  it('is in 8 bits', () => {
    expect(model.config.weights).toBe('int8');
  });
});

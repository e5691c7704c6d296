/** Decoding with a cache and in batches must be decoding, only faster. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attend, nothingAttended } from '../../../models/inference/coverage';
import { Decoder } from '../../../models/inference/decoder';
import { logProbabilitiesOf, type DecoderOutput } from '../../../models/inference/decoderOutput';
import type { Hypothesis } from '../../../models/inference/hypothesis';
import { search } from '../../../models/inference/search';
import { endId } from '../../../models/text/reservedTokens';
import { greedySearch } from './greedySearch';
import { MaskedPass } from './maskedPass';
import { configurations, randomSources, randomWeights, vocabularySize } from './randomModels';
import { slowBeam } from './slowBeam';
import { margin, slowGreedy, type Model, type Spoken } from './slowGreedy';

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);

/** Log-probabilities over the vocabulary, row by row. */
function rowsOf(output: DecoderOutput): Float32Array[] {
  const values = logProbabilitiesOf(output, vocabularySize);
  return Array.from({ length: values.length / vocabularySize }, (_, row) =>
    values.subarray(row * vocabularySize, (row + 1) * vocabularySize),
  );
}

describe.each(configurations)('%s', (_, config, seed) => {
  const weights = randomWeights(config, seed);
  let decoder: Decoder;
  let maskedPass: MaskedPass;

  beforeAll(async () => {
    decoder = await Decoder.create(config, weights, 1);
    maskedPass = await MaskedPass.create(config, weights);
  });
  afterAll(async () => {
    await decoder.dispose();
    await maskedPass.dispose();
  });

  it('says the same of a given target step by step as in one masked pass', async () => {
    const lengths = [1, 4, 9, 14, 0];
    const sources = randomSources(
      lengths.map((length) => ({ length })),
      1,
    );
    const targets = randomSources(
      lengths.map(() => ({ length: 11 })),
      2,
    );
    const expected = await maskedPass.logProbabilities(sources, targets);
    const state = await decoder.begin(sources);
    const rows = sources.map((_, row) => row);
    let attended = sources.map(nothingAttended);
    for (let position = 0; position <= targets[0]!.length; position++) {
      const tokens = targets.map((target) => target[position - 1] ?? config.decoderStartToken);
      const output = await state.step(tokens, rows);
      const step = rowsOf(output);
      attended = attended.map((before, row) => attend(before, output.crossAttention, row));
      for (const row of rows) {
        expect(step[row]!.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 4);
        expect(largestDifference(step[row]!, expected[row]![position]!)).toBeLessThan(1e-4);
      }
    }
    for (const row of rows) {
      const sums = await maskedPass.attended(sources[row]!, targets[row]!);
      expect(attended[row]).toHaveLength(sums.length);
      sums.forEach((sum, place) => expect(attended[row]![place]).toBeCloseTo(sum, 4));
    }
  });

  it('goes on from the rows and keeps the sources that it is told', async () => {
    const [first, second, third] = randomSources([{ length: 3 }, { length: 8 }, { length: 5 }], 3);
    const state = await decoder.begin([first!, second!, third!]);
    await state.step([1, 1, 1], [0, 1, 2]);
    await state.step([290, 291, 292], [0, 1, 2]);
    await state.keepSources([2, 0, 0]);
    const reordered = rowsOf(await state.step([293, 294, 295], [2, 0, 0]));
    const expected = await maskedPass.logProbabilities(
      [third!, first!, first!],
      [
        [292, 293],
        [290, 294],
        [290, 295],
      ],
    );
    reordered.forEach((row, index) =>
      expect(largestDifference(row, expected[index]![2]!)).toBeLessThan(1e-4),
    );
  });

  it('finds the tokens and scores that decoding without a cache finds', async () => {
    const sources = randomSources(
      [
        { length: 2 },
        { length: 12 },
        { length: 6, placeholders: 3 },
        { length: 1, placeholders: 16 },
        { length: 20 },
      ],
      4,
    );
    const found = await greedySearch(decoder, sources);
    const expected = await slowGreedy(
      async (prefixes) => (await maskedPass.logProbabilities(sources, prefixes)).map((rows) => rows.at(-1)!),
      sources,
      found.map(({ tokens }) => tokens),
    );
    expectSame(found, expected);
    // Not all in the same way, or little has been shown.
    expect(new Set(found.map(({ tokens }) => tokens.length)).size).toBeGreaterThan(2);
  });

  it('finds with a beam what a beam without a cache finds', async () => {
    const sources = randomSources([{ length: 3 }, { length: 9, placeholders: 2 }], 6);
    const settings = { beamSize: 2, lengthPenalty: 0.6 };
    const found = await search(decoder, sources, { ...settings, best: 2 });
    for (const [index, source] of sources.entries()) {
      const model: Model = async (prefixes) => {
        const rows = await maskedPass.logProbabilities(
          prefixes.map(() => source),
          prefixes,
        );
        return rows.map((row) => row.at(-1)!);
      };
      const expected = (await slowBeam(model, source, settings)).slice(0, 2);
      expect(found[index]!.map(({ tokens, masked, truncated }) => ({ tokens, masked, truncated }))).toEqual(
        expected.map(({ tokens, masked, truncated }) => ({ tokens, masked, truncated })),
      );
      for (const [rank, { tokens, penalisedScore, truncated, attended }] of found[index]!.entries()) {
        expect(Math.abs(penalisedScore - expected[rank]!.penalisedScore)).toBeLessThan(1e-3);
        if (truncated) continue;
        const sums = await maskedPass.attended(source, tokens);
        sums.forEach((sum, place) => expect(attended[place]).toBeCloseTo(sum, 3));
      }
    }
    expect(found.flat().length).toBe(4);
  });

  it('translates a sentence beside 63 others as alone', async () => {
    const sources = randomSources(
      Array.from({ length: 64 }, (_, index) => ({ length: (index * 7) % 30, placeholders: index % 4 })),
      5,
    );
    const together = await greedySearch(decoder, sources);
    const lengths = together.map(({ tokens }) => tokens.length);
    expect(new Set(lengths).size).toBeGreaterThan(10);
    for (const [index, source] of sources.entries()) {
      const [alone] = await greedySearch(decoder, [source]);
      const beside = together[index]!;
      const apart = firstDifference(alone!, beside);
      if (apart === undefined) {
        expectSame([beside], [alone!]);
        alone!.attended.forEach((value, place) => expect(beside.attended[place]).toBeCloseTo(value, 4));
        continue;
      }
      const prefix = alone!.tokens.slice(0, apart);
      const [rows] = await maskedPass.logProbabilities([source], [prefix]);
      const likelihood = (token = endId): number => rows!.at(-1)![token]!;
      expect(
        Math.abs(likelihood(alone!.tokens[apart]) - likelihood(beside.tokens[apart])),
        `sentence ${index} says something else from token ${apart} on`,
      ).toBeLessThan(margin);
    }
  });
});

function firstDifference({ tokens: a }: Hypothesis, { tokens: b }: Hypothesis): number | undefined {
  const places = Array.from({ length: Math.max(a.length, b.length) }, (_, index) => index);
  return places.find((index) => a[index] !== b[index]);
}

function expectSame(found: readonly Spoken[], expected: readonly Spoken[]): void {
  expect(found.map(({ tokens, masked, truncated }) => ({ tokens, masked, truncated }))).toEqual(
    expected.map(({ tokens, masked, truncated }) => ({ tokens, masked, truncated })),
  );
  found.forEach(({ score, probability }, index) => {
    expect(Math.abs(score - expected[index]!.score)).toBeLessThan(1e-3);
    expect(Math.abs(probability - expected[index]!.probability)).toBeLessThan(1e-3);
  });
}

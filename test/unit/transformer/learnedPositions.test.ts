/** Learned positions (Table 3, row E): where they stand, how far they reach, and their gradients. */
import { describe, expect, it } from 'vitest';
import { input } from '../../../models/graph/tensor';
import { Session } from '../../../models/runtime/session';
import { buildStep, gradientPrefix } from '../../../models/training/trainStep';
import { embed } from '../../../models/transformer/embeddings';
import { inferenceContext } from '../../../models/transformer/layers';
import { Scope } from '../../../models/transformer/parameters';
import { learnedPositions } from '../../../models/transformer/positionalEncoding';
import { gradientError } from '../graph/numericalGradient';
import { evaluate, fed, numbers, type Feeds } from '../graph/run';
import { at, range, smallConfig, smallParameters, smallWeights } from './smallModel';

const maximumPositions = 6;
const config = smallConfig({ positions: 'learned', maximumPositions });
const { dModel } = config;

it.each(['encoder', 'decoder'] as const)('are added to the scaled embeddings of the %s', async (stack) => {
  const weights = smallWeights(config);
  const [tokens, table] = [weights.get('embedding.weight')!, weights.get(`${stack}.positions.weight`)!];
  const scope = new Scope(smallParameters(config));
  const ids = input('ids', 'int32', ['batch', 'length']);
  const first = input('first', 'int32', []);
  const results = await evaluate(
    {
      plain: embed(inferenceContext(config), scope, stack, ids),
      later: embed(inferenceContext(config), scope, stack, ids, first),
    },
    { ids: fed('int32', [2, 3], [3, 3, 0, 29, 7, 1]), first: fed('int32', [], [4]) },
  );
  [3, 3, 0, 29, 7, 1].forEach((token, index) => {
    const [entry, place] = [Math.floor(index / 3), index % 3];
    // Positions 4, 5 and 6 of 0 to 5: the last two share a vector.
    const later = Math.min(place + 4, maximumPositions - 1);
    for (const column of range(dModel)) {
      const row = tokens[token * dModel + column]! * Math.sqrt(dModel);
      expect(at(results.plain, entry, place, column)).toBeCloseTo(row + table[place * dModel + column]!, 5);
      expect(at(results.later, entry, place, column)).toBeCloseTo(row + table[later * dModel + column]!, 5);
    }
  });
});

describe('gradients', () => {
  it('are those of differences, where positions repeat and beyond the last too', async () => {
    const error = await gradientError({
      shapes: [[maximumPositions, dModel]],
      others: [{ type: 'int32', shape: [7], values: [0, 1, 2, 2, 5, 6, 9] }],
      build: (table, positions) =>
        learnedPositions(new Scope({ parameter: () => table, matrix: () => table }), positions, config),
    });
    expect(error).toBeLessThan(1e-6);
  });

  it('in a whole step are those of differences in the loss, and nothing for positions that no sentence has', async () => {
    const { program, parameters } = buildStep(config, {
      dropout: { residual: 0, attention: 0, feedForward: 0 },
      labelSmoothing: 0.1,
      lossChunks: 1,
    });
    const session = await Session.create(program, { threads: 1 });
    const weights = smallWeights(config);
    const feeds: Feeds = {
      ...Object.fromEntries(
        parameters.map(({ name, shape }) => [name, fed('float32', shape, weights.get(name)!)]),
      ),
      sourceIds: fed('int32', [2, 4], [5, 9, 9, 2, 7, 2, 0, 0]),
      targetIds: fed('int32', [2, 3], [1, 8, 25, 1, 4, 0]),
      rows: fed('int32', [5], [0, 1, 2, 3, 4]),
      labels: fed('int32', [5], [8, 25, 2, 4, 2]),
      scale: fed('float32', [], [1]),
    };
    const lossOf = async (changed: Feeds): Promise<number> =>
      numbers((await session.run({ ...feeds, ...changed }))['loss']!)[0]!;
    const results = await session.run(feeds);
    for (const [stack, length] of [
      ['encoder', 4],
      ['decoder', 3],
    ] as const) {
      const name = `${stack}.positions.weight`;
      const gradient = numbers(results[gradientPrefix + name]!);
      const largest = Math.max(...gradient.map(Math.abs));
      expect(largest).toBeGreaterThan(0.01);
      expect(gradient.slice(length * dModel).every((value) => value === 0)).toBe(true);
      for (const place of range(length * dModel).filter((index) => index % 5 === 0)) {
        const moved = (by: number): Promise<number> => {
          const values = Float32Array.from(weights.get(name)!);
          values[place]! += by;
          return lossOf({ [name]: fed('float32', [maximumPositions, dModel], values) });
        };
        const step = 2 ** -7;
        const difference = ((await moved(step)) - (await moved(-step))) / (2 * step);
        // The loss is a float32 of about 15: differences are good to 1e-4, and to the square of the step.
        expect(Math.abs(difference - gradient[place]!), `${name} at ${place}`).toBeLessThan(0.01 * largest);
      }
    }
    await session.dispose();
  });
});

/** §3.4: the projection is the embedding matrix again. Positions and scaling are in positionalEncoding.test.ts. */
import { expect, it } from 'vitest';
import { input } from '../../../models/graph/tensor';
import { project } from '../../../models/transformer/embeddings';
import { Scope } from '../../../models/transformer/parameters';
import { evaluate, fed } from '../graph/run';
import { at, randomNumbers, range, smallConfig, smallParameters, smallWeights } from './smallModel';

it.each([false, true])('projects states onto every token, with a bias: %s', async (outputBias) => {
  const config = smallConfig({ outputBias });
  const weights = smallWeights(config);
  const [table, bias] = [weights.get('embedding.weight')!, weights.get('output.bias')];
  expect(bias !== undefined).toBe(outputBias);
  const { dModel, vocabularySize } = config;
  const states = randomNumbers(3 * dModel, 1);
  const { logits } = await evaluate(
    {
      logits: project(
        config,
        new Scope(smallParameters(config)),
        input('states', 'float32', ['rows', dModel]),
      ),
    },
    { states: fed('float32', [3, dModel], states) },
  );
  expect(logits.dims).toEqual([3, vocabularySize]);
  for (const row of range(3)) {
    for (const token of range(vocabularySize)) {
      const products = range(dModel).map(
        (column) => states[row * dModel + column]! * table[token * dModel + column]!,
      );
      const expected = products.reduce((a, b) => a + b, bias?.[token] ?? 0);
      expect(at(logits, row, token)).toBeCloseTo(expected, 5);
    }
  }
});

/** Label-smoothed cross entropy in chunks against the plain formula, computed here in float64. */
import { describe, expect, it } from 'vitest';
import { gradients } from '../../../models/graph/gradients';
import { input, type DataType } from '../../../models/graph/tensor';
import { labelSmoothedCrossEntropy, type LossOptions } from '../../../models/training/loss';
import { gradientError, relativeError } from '../graph/numericalGradient';
import { evaluate, fed, numbers } from '../graph/run';
import { randomNumbers, range } from '../transformer/smallModel';
import fixture from '../../fixtures/rDrop.json';

const [vocabularySize, dModel] = [11, 6];

interface Batch {
  states: number[];
  targets: number[];
  embedding: number[];
  bias?: number[] | undefined;
}

function batch(rows: number, withBias: boolean, size = 2): Batch {
  return {
    states: Array.from(randomNumbers(rows * dModel, 1), (value) => size * value),
    targets: range(rows).map((row) => (row * 7 + 3) % vocabularySize),
    embedding: Array.from(randomNumbers(vocabularySize * dModel, 2)),
    bias: withBias ? Array.from(randomNumbers(vocabularySize, 3)) : undefined,
  };
}

/** z = E·h + c, a row a target. */
function logitsOf({ states, targets, embedding, bias }: Batch): number[][] {
  return targets.map((_, row) =>
    range(vocabularySize).map((token) =>
      range(dModel).reduce(
        (sum, column) => sum + states[row * dModel + column]! * embedding[token * dModel + column]!,
        bias?.[token] ?? 0,
      ),
    ),
  );
}

/** log softmax(z) */
function logProbabilitiesOf(of: Batch): number[][] {
  return logitsOf(of).map((logits) => {
    const highest = Math.max(...logits);
    const partition = highest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
    return logits.map((logit) => logit - partition);
  });
}

/** The formula of Szegedy et al. 2015, token by token: −Σ q(k) log p(k), q = (1 − ε) 1_y + ε/V. */
function naive(of: Batch, labelSmoothing: number) {
  let [smoothed, negativeLogLikelihood] = [0, 0];
  for (const [row, logProbabilities] of logProbabilitiesOf(of).entries()) {
    const target = of.targets[row]!;
    const share = labelSmoothing / vocabularySize;
    logProbabilities.forEach((logProbability, token) => {
      const wanted = share + (token === target ? 1 - labelSmoothing : 0);
      smoothed -= wanted * logProbability;
    });
    negativeLogLikelihood -= logProbabilities[target]!;
  }
  return { smoothed, negativeLogLikelihood };
}

async function compute(of: Batch, options: Omit<LossOptions, 'training'>, type: DataType) {
  const rows = of.states.length / dModel;
  const inputs = {
    states: input('states', type, [options.rDrop ? '2·rows' : 'rows', dModel]),
    targets: input('targets', 'int32', ['rows']),
    embedding: input('embedding', type, [vocabularySize, dModel]),
    bias: of.bias && input('bias', type, [vocabularySize]),
  };
  const { smoothed, negativeLogLikelihood } = labelSmoothedCrossEntropy(inputs, {
    ...options,
    training: true,
  });
  const { states, embedding, bias } = inputs;
  const [forStates, forEmbedding, forBias] = gradients(smoothed, [
    states,
    embedding,
    ...(bias ? [bias] : []),
  ]);
  const results = await evaluate(
    {
      ...{ smoothed, negativeLogLikelihood, forStates: forStates!, forEmbedding: forEmbedding! },
      // Where there is no bias, nobody looks at it.
      forBias: forBias ?? forEmbedding!,
    },
    {
      states: fed(type, [rows, dModel], of.states),
      targets: fed('int32', [of.targets.length], of.targets),
      embedding: fed(type, [vocabularySize, dModel], of.embedding),
      ...(of.bias && { bias: fed(type, [vocabularySize], of.bias) }),
    },
  );
  return {
    smoothed: numbers(results.smoothed)[0]!,
    negativeLogLikelihood: numbers(results.negativeLogLikelihood)[0]!,
    forStates: numbers(results.forStates),
    forEmbedding: numbers(results.forEmbedding),
    forBias: of.bias && numbers(results.forBias),
  };
}

const sizes: [rows: number, chunks: number][] = [
  [20, 1],
  [20, 3],
  [21, 7],
  [20, 7],
  [1, 1],
  // Fewer rows than chunks: some chunks are empty.
  [1, 4],
  [5, 4],
  [2, 7],
];

describe.each([false, true])('with a bias: %s', (withBias) => {
  it.each(sizes)('%d rows in %d chunks', async (rows, chunks) => {
    for (const labelSmoothing of [0, 0.1, 0.9]) {
      const of = batch(rows, withBias);
      const expected = naive(of, labelSmoothing);
      for (const [type, error] of [
        ['float64', 1e-10],
        ['float32', 1e-5],
      ] as const) {
        const actual = await compute(of, { labelSmoothing, chunks }, type);
        expect(Math.abs(actual.smoothed / expected.smoothed - 1)).toBeLessThan(error);
        expect(Math.abs(actual.negativeLogLikelihood / expected.negativeLogLikelihood - 1)).toBeLessThan(
          error,
        );
      }
    }
  });

  it.each(sizes)('gradients of %d rows in %d chunks against central differences', async (rows, chunks) => {
    const error = await gradientError({
      shapes: [['rows', dModel], [vocabularySize, dModel], ...(withBias ? [[vocabularySize]] : [])],
      sizes: { rows },
      others: [{ type: 'int32', shape: ['rows'], values: batch(rows, false).targets }],
      build: (states, embedding, ...rest) => {
        const [targets, bias] = [rest.at(-1)!, withBias ? rest[0] : undefined];
        return labelSmoothedCrossEntropy(
          { states, embedding, targets, bias },
          { labelSmoothing: 0.1, chunks, training: true },
        ).smoothed;
      },
    });
    expect(error).toBeLessThan(1e-6);
  });
});

it('does not depend on the number of chunks', async () => {
  const one = await compute(batch(20, true), { labelSmoothing: 0.1, chunks: 1 }, 'float64');
  for (const chunks of [2, 3, 7, 20, 23]) {
    const many = await compute(batch(20, true), { labelSmoothing: 0.1, chunks }, 'float64');
    expect(many.smoothed).toBeCloseTo(one.smoothed, 10);
    expect(relativeError(many.forStates, one.forStates)).toBeLessThan(1e-10);
    expect(relativeError(many.forEmbedding, one.forEmbedding)).toBeLessThan(1e-10);
  }
});

it.each([80, 1000])('stays finite and right with logits up to ±%d', async (largest) => {
  const of = { ...batch(6, false), states: [] as number[] };
  // Each row points along one token's embedding or against it.
  for (const [row, target] of of.targets.entries()) {
    const direction = of.embedding.slice(target * dModel, (target + 1) * dModel);
    const length = direction.reduce((sum, value) => sum + value * value, 0);
    of.states.push(...direction.map((value) => ((row % 2 === 0 ? 1 : -1) * largest * value) / length));
  }
  const expected = naive(of, 0.1);
  const actual = await compute(of, { labelSmoothing: 0.1, chunks: 2 }, 'float32');
  expect(actual.smoothed / expected.smoothed).toBeCloseTo(1, 5);
  expect(actual.negativeLogLikelihood / expected.negativeLogLikelihood).toBeCloseTo(1, 5);
  expect([...actual.forStates, ...actual.forEmbedding].every(Number.isFinite)).toBe(true);
});

describe('R-Drop', () => {
  const alpha = 3;

  /** Two passes that predict the same tokens from states of their own, all of the first before all of the second. */
  function twoPasses(rows: number, withBias: boolean): Batch {
    const of = batch(2 * rows, withBias);
    return { ...of, targets: of.targets.slice(0, rows) };
  }

  /** Equation 4 of Liang et al. 2021, halved: ½·(CE₁ + CE₂) + ½·α·½·(KL(p‖q) + KL(q‖p)), row by row. */
  function naiveRDrop(of: Batch): number {
    const half = of.states.length / 2;
    const passes = [of.states.slice(0, half), of.states.slice(half)].map((states) => ({ ...of, states }));
    const [p, q] = passes.map((pass) => logProbabilitiesOf(pass).flat()) as [number[], number[]];
    const divergence = (from: number[], to: number[]): number =>
      from.reduce((sum, value, place) => sum + Math.exp(value) * (value - to[place]!), 0);
    const [first, second] = passes.map((pass) => naive(pass, 0.1).smoothed) as [number, number];
    return (first + second) / 2 + ((alpha / 2) * (divergence(p, q) + divergence(q, p))) / 2;
  }

  describe.each([false, true])('with a bias: %s', (withBias) => {
    it.each(sizes)('is the formula of %d rows in %d chunks', async (rows, chunks) => {
      const of = twoPasses(rows, withBias);
      const options = { labelSmoothing: 0.1, chunks, rDrop: alpha };
      const actual = await compute(of, options, 'float64');
      expect(actual.smoothed / naiveRDrop(of)).toBeCloseTo(1, 9);
      const [one, other] = [0, 1].map((pass) => {
        const states = of.states.slice(pass * rows * dModel, (pass + 1) * rows * dModel);
        return naive({ ...of, states }, 0.1).negativeLogLikelihood;
      }) as [number, number];
      expect(actual.negativeLogLikelihood).toBeCloseTo((one + other) / 2, 9);
    });

    it.each(sizes)('has the gradients of %d rows in %d chunks', async (rows, chunks) => {
      const error = await gradientError({
        shapes: [['2·rows', dModel], [vocabularySize, dModel], ...(withBias ? [[vocabularySize]] : [])],
        sizes: { rows, '2·rows': 2 * rows },
        others: [{ type: 'int32', shape: ['rows'], values: twoPasses(rows, false).targets }],
        build: (states, embedding, ...rest) => {
          const [targets, bias] = [rest.at(-1)!, withBias ? rest[0] : undefined];
          return labelSmoothedCrossEntropy(
            { states, embedding, targets, bias },
            { labelSmoothing: 0.1, chunks, training: true, rDrop: alpha },
          ).smoothed;
        },
      });
      expect(error).toBeLessThan(1e-6);
    });
  });

  it.each([1, 2, 7])('is what PyTorch makes of it, in %d chunks', async (chunks) => {
    const { labelSmoothing, rDrop, loss, gradients: wanted } = fixture;
    const found = await compute(fixture, { labelSmoothing, chunks, rDrop }, 'float64');
    expect(found.smoothed / loss).toBeCloseTo(1, 10);
    expect(relativeError(found.forStates, wanted.states)).toBeLessThan(1e-10);
    expect(relativeError(found.forEmbedding, wanted.embedding)).toBeLessThan(1e-10);
    expect(relativeError(found.forBias!, wanted.bias)).toBeLessThan(1e-10);
  });

  it('adds nothing where both passes say the same', async () => {
    const once = batch(7, true);
    const both = { ...once, states: [...once.states, ...once.states] };
    const one = await compute(once, { labelSmoothing: 0.1, chunks: 2 }, 'float64');
    const two = await compute(both, { labelSmoothing: 0.1, chunks: 2, rDrop: alpha }, 'float64');
    expect(two.smoothed).toBeCloseTo(one.smoothed, 10);
    expect(relativeError(two.forEmbedding, one.forEmbedding)).toBeLessThan(1e-10);
    const half = one.forStates.map((value) => value / 2);
    expect(relativeError(two.forStates, [...half, ...half])).toBeLessThan(1e-10);
  });
});

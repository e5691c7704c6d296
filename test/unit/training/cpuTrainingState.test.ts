import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBatch, type Batch } from '../../../models/data/batches';
import { EncodedCorpus } from '../../../models/data/encodedCorpus';
import { randomWords } from '../../../models/data/random';
import { CpuTrainingState } from '../../../models/training/cpuTrainingState';
import { initialWeights } from '../../../models/training/initialise';
import type { StepOptions } from '../../../models/training/trainStep';
import { presetConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { tinySizes } from '../tinyModel';

const vocabularySize = 40;
const config = presetConfig('tiny', vocabularySize, tinySizes);
const framing = { padding: 0, start: 1, end: 2 };

const noDropout: StepOptions = {
  dropout: { residual: 0, attention: 0, feedForward: 0 },
  labelSmoothing: 0.1,
  lossChunks: 2,
};
const withDropout: StepOptions = {
  ...noDropout,
  dropout: { residual: 0.2, attention: 0.1, feedForward: 0.1 },
};

/** Pairs of random tokens; those of the first half are shorter than the others. */
const corpus = (() => {
  const words = randomWords(8);
  const tokens = (length: number): number[] =>
    Array.from({ length }, () => 3 + (words() % (vocabularySize - 3)));
  return EncodedCorpus.from(
    Array.from({ length: 12 }, (_, pair) => ({ source: tokens(2 + pair), target: tokens(3 + (pair % 7)) })),
  );
})();

const batchOf = (first: number, end: number): Batch =>
  makeBatch(
    corpus,
    Array.from({ length: end - first }, (_, index) => first + index),
    framing,
  );

const whole = batchOf(0, 12);

// Two of the same kind, to compare; making one takes longer than all that is done with it.
let plain: CpuTrainingState;
let other: CpuTrainingState;
let dropping: CpuTrainingState;

beforeAll(async () => {
  plain = await CpuTrainingState.create(config, noDropout, 1);
  other = await CpuTrainingState.create(config, noDropout, 1);
  dropping = await CpuTrainingState.create(config, withDropout, 1);
});
afterAll(async () => {
  for (const state of [plain, other, dropping]) await state.dispose();
});

async function startAnew(state: CpuTrainingState): Promise<void> {
  await state.writeWeights(initialWeights(parameterShapes(config), 4));
  const { first, second } = await state.readMoments();
  for (const values of [...first.values(), ...second.values()]) values.fill(0);
  await state.writeMoments(first, second);
}
beforeEach(async () => {
  for (const state of [plain, other, dropping]) await startAnew(state);
});

const adam = { step: 1, learningRate: 0.01, clipNorm: 0 };

const norm = (values: Float32Array): number => Math.hypot(...values);

function distance(a: Float32Array, b: Float32Array): number {
  return norm(a.map((value, index) => value - b[index]!));
}

describe('gradients', () => {
  it('of two halves of a batch add up to those of the whole, and update the weights alike', async () => {
    const [at, once] = [plain, other];
    const scale = 1 / whole.labels.length;
    const loss = await once.computeGradients(whole, scale, 1);
    const expected = await once.readGradients();

    const sum = new Float32Array(expected.length);
    let halves = 0;
    for (const half of [batchOf(0, 6), batchOf(6, 12)]) {
      halves += (await at.computeGradients(half, scale, 1)).smoothed;
      (await at.readGradients()).forEach((value, index) => (sum[index]! += value));
    }
    expect(Math.abs(halves / loss.smoothed - 1)).toBeLessThan(1e-5);
    expect(distance(sum, expected) / norm(expected)).toBeLessThan(1e-5);
    expect(norm(expected)).toBeGreaterThan(0.1);

    await at.writeGradients(sum);
    expect(await at.readGradients()).toEqual(sum);
    const [updated, updatedAtOnce] = [await at.applyGradients(adam), await once.applyGradients(adam)];
    expect(updated.gradientNorm / norm(expected)).toBeCloseTo(1, 4);
    expect(updated.gradientNorm / updatedAtOnce.gradientNorm).toBeCloseTo(1, 5);
    const [weights, weightsAtOnce] = [await at.readWeights(), await once.readWeights()];
    for (const [name, values] of weightsAtOnce) {
      // The first step of Adam goes by ±learningRate wherever the gradient is more than noise.
      const gradient = gradientOf(expected, name);
      values.forEach((value, index) => {
        if (Math.abs(gradient[index]!) > 1e-5)
          expect(Math.abs(weights.get(name)![index]! - value)).toBeLessThan(1e-2 * adam.learningRate);
      });
    }
  });

  it('of the parts of an update come to those of one large batch', async () => {
    const parts = [batchOf(0, 2), batchOf(2, 9), batchOf(9, 12)];
    const tokens = parts.map(({ labels }) => labels.length);
    expect(new Set(tokens).size).toBe(3);
    expect(tokens.reduce((a, b) => a + b)).toBe(whole.labels.length);
    const scale = 1 / whole.labels.length;
    // Clipped, and so that only the norm of the whole can be the right one.
    const clipping = { ...adam, clipNorm: 0.05 };
    for (const step of [1, 2, 3]) {
      const expected = await other.computeGradients(whole, scale, 1);
      let smoothed = 0;
      for (const [part, batch] of parts.entries()) {
        const loss = await (part === 0
          ? plain.computeGradients(batch, scale, 1)
          : plain.addGradients(batch, scale, 1));
        smoothed += loss.smoothed;
      }
      expect(Math.abs(smoothed / expected.smoothed - 1)).toBeLessThan(1e-5);
      const [accumulated, atOnce] = [await plain.readGradients(), await other.readGradients()];
      expect(distance(accumulated, atOnce) / norm(atOnce)).toBeLessThan(1e-5);
      const norms = [
        await plain.applyGradients({ ...clipping, step }),
        await other.applyGradients({ ...clipping, step }),
      ];
      expect(norms[1]!.gradientNorm).toBeGreaterThan(10 * clipping.clipNorm);
      expect(norms[0]!.gradientNorm / norms[1]!.gradientNorm).toBeCloseTo(1, 5);
      const [first, firstAtOnce] = [(await plain.readMoments()).first, (await other.readMoments()).first];
      for (const [name, values] of firstAtOnce)
        expect(distance(first.get(name)!, values), name).toBeLessThan(1e-5 * clipping.clipNorm);
      // Adam makes steps of the noise in gradients near nothing: the next update begins from the same weights again.
      await plain.writeWeights(await other.readWeights());
    }
  });

  it('of parts repeat to the last bit under the same seeds, and differ where one part has another', async () => {
    const parts = [batchOf(0, 6), batchOf(6, 12)] as const;
    const add = async (first: number, second: number): Promise<Float32Array> => {
      await dropping.computeGradients(parts[0], 0.01, first);
      await dropping.addGradients(parts[1], 0.01, second);
      return dropping.readGradients();
    };
    const gradients = await add(5, 6);
    expect(await add(5, 7)).not.toEqual(gradients);
    expect(await add(5, 6)).toEqual(gradients);
    await dropping.computeGradients(parts[0], 0.01, 5);
    const alone = await dropping.readGradients();
    await dropping.computeGradients(parts[1], 0.01, 6);
    const sum = (await dropping.readGradients()).map((value, index) => value + alone[index]!);
    expect(sum).toEqual(gradients);
  });

  it('repeat to the last bit on one thread, for the same seed', async () => {
    const loss = await dropping.computeGradients(whole, 0.01, 77);
    const gradients = await dropping.readGradients();
    expect(await dropping.computeGradients(whole, 0.01, 78)).not.toEqual(loss);
    expect(await dropping.readGradients()).not.toEqual(gradients);
    expect(await dropping.computeGradients(whole, 0.01, 77)).toEqual(loss);
    expect(await dropping.readGradients()).toEqual(gradients);
    // In another session too.
    await plain.computeGradients(whole, 0.01, 1);
    await other.computeGradients(whole, 0.01, 2);
    expect(await other.readGradients()).toEqual(await plain.readGradients());
  });

  it('of R-Drop are those of one pass where nothing is dropped, and of two that differ where something is', async () => {
    const scale = 1 / whole.labels.length;
    const expected = await plain.computeGradients(whole, scale, 1);
    const twice = await CpuTrainingState.create(config, { ...noDropout, rDrop: 5 }, 1);
    await startAnew(twice);
    const found = await twice.computeGradients(whole, scale, 1);
    expect(found.smoothed / expected.smoothed).toBeCloseTo(1, 5);
    expect(found.negativeLogLikelihood / expected.negativeLogLikelihood).toBeCloseTo(1, 5);
    const [gradients, wanted] = [await twice.readGradients(), await plain.readGradients()];
    expect(distance(gradients, wanted) / norm(wanted)).toBeLessThan(1e-5);
    await twice.dispose();

    // What the distance adds grows with its weight, from the same two passes.
    const losses: number[] = [];
    for (const rDrop of [1e-6, 2, 4]) {
      const state = await CpuTrainingState.create(config, { ...withDropout, rDrop }, 1);
      await startAnew(state);
      losses.push((await state.computeGradients(whole, scale, 1)).smoothed);
      await state.dispose();
    }
    const [none, some, more] = losses as [number, number, number];
    expect(some - none).toBeGreaterThan(0.01 * none);
    expect((more - none) / (some - none)).toBeCloseTo(2, 3);
  });

  it('grow with the scale; the loss does not', async () => {
    const once = await plain.computeGradients(whole, 0.01, 1);
    const gradients = await plain.readGradients();
    expect(await plain.computeGradients(whole, 0.02, 1)).toEqual(once);
    expect(
      distance(
        await plain.readGradients(),
        gradients.map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-5 * norm(gradients));
  });

  it('handed out are a copy', async () => {
    await plain.computeGradients(whole, 0.01, 1);
    const gradients = await plain.readGradients();
    const kept = gradients.slice();
    gradients.fill(0);
    expect(await plain.readGradients()).toEqual(kept);
  });

  it('that do not fit are refused', async () => {
    for (const length of [0, 3, 1_000_000])
      await expect(plain.writeGradients(new Float32Array(length))).rejects.toThrow(/gradients/);
  });
});

/** A parameter's part of the gradients, which are laid end to end. */
function gradientOf(gradients: Float32Array, name: string): Float32Array {
  let start = 0;
  for (const { name: other, shape } of parameterShapes(config)) {
    const size = shape.reduce((a, b) => a * b, 1);
    if (other === name) return gradients.subarray(start, start + size);
    start += size;
  }
  throw new Error(`There is no parameter ${name}.`);
}

describe('evaluate', () => {
  it('gives the loss without dropout, and changes nothing', async () => {
    const [before, momentsBefore] = [await dropping.readWeights(), await dropping.readMoments()];
    const evaluated = await dropping.evaluate(whole);
    const trained = await dropping.computeGradients(whole, 0.01, 1);
    expect(Math.abs(trained.smoothed / evaluated.smoothed - 1)).toBeGreaterThan(1e-3);
    const undropped = await plain.computeGradients(whole, 0.01, 1);
    expect(evaluated.smoothed / undropped.smoothed).toBeCloseTo(1, 5);
    expect(evaluated.negativeLogLikelihood / undropped.negativeLogLikelihood).toBeCloseTo(1, 5);
    const gradients = await dropping.readGradients();
    await dropping.evaluate(whole);
    expect(await dropping.readGradients()).toEqual(gradients);
    expect(await dropping.readWeights()).toEqual(before);
    expect(await dropping.readMoments()).toEqual(momentsBefore);
  });

  it('sees the weights as they are now', async () => {
    const before = await plain.evaluate(whole);
    for (let step = 1; step <= 5; step++) {
      await plain.computeGradients(whole, 1 / whole.labels.length, 1);
      await plain.applyGradients({ ...adam, step });
    }
    expect((await plain.evaluate(whole)).smoothed).toBeLessThan(0.99 * before.smoothed);
  });
});

describe('applyGradients', () => {
  it('reports a norm that is not finite and changes nothing', async () => {
    await plain.computeGradients(whole, 0.01, 1);
    await plain.applyGradients(adam);
    const [weights, moments] = [await plain.readWeights(), await plain.readMoments()];
    const gradients = await plain.readGradients();
    for (const bad of [NaN, Infinity, -Infinity]) {
      gradients[7] = bad;
      await plain.writeGradients(gradients);
      const { gradientNorm } = await plain.applyGradients({ ...adam, step: 2 });
      expect(Number.isFinite(gradientNorm)).toBe(false);
      expect(await plain.readWeights()).toEqual(weights);
      expect(await plain.readMoments()).toEqual(moments);
    }
  });

  it('finds what spoilt weights make of the gradients', async () => {
    const weights = await plain.readWeights();
    [...weights.values()][0]![3] = NaN;
    await plain.writeWeights(weights);
    const { smoothed } = await plain.computeGradients(whole, 0.01, 1);
    expect(smoothed).toBeNaN();
    expect((await plain.applyGradients(adam)).gradientNorm).toBeNaN();
    expect(await plain.readWeights()).toEqual(weights);
  });

  it('scales gradients down to the longest allowed, and never up', async () => {
    await plain.computeGradients(whole, 0.01, 1);
    const length = norm(await plain.readGradients());
    for (const [clipNorm, factor] of [
      [length / 4, 1 / 4],
      [length * 4, 1],
      [0, 1],
    ] as const) {
      await startAnew(other);
      await other.writeGradients(await plain.readGradients());
      expect((await other.applyGradients({ ...adam, clipNorm })).gradientNorm / length).toBeCloseTo(1, 4);
      // The first moment after one step is a tenth of the gradient.
      const { first } = await other.readMoments();
      expect((10 * Math.hypot(...[...first.values()].map(norm))) / length).toBeCloseTo(factor, 4);
    }
  });

  it('is Adam, over all weights of a model of many', async () => {
    // More than fit into one run of the optimiser; the last run has fewer than the others.
    const large = presetConfig('tiny', 70_000, tinySizes);
    const state = await CpuTrainingState.create(large, { ...noDropout, lossChunks: 1 }, 1);
    const start = initialWeights(parameterShapes(large), 5);
    await state.writeWeights(start);
    const weights = Float64Array.from([...start.values()].flatMap((values) => [...values]));
    const [first, second] = [new Float64Array(weights.length), new Float64Array(weights.length)];
    const [beta1, beta2, learningRate] = [0.9, 0.98, 0.01];
    const words = randomWords(6);
    for (let step = 1; step <= 3; step++) {
      const gradients = Float32Array.from(weights, () => 2e-3 * (words() / 2 ** 32 - 0.4));
      await state.writeGradients(gradients);
      // The second step's gradients are shortened to half their length.
      const length = Math.sqrt(gradients.reduce((sum, value) => sum + value * value, 0));
      const scale = step === 2 ? 1 / 2 : 1;
      const { gradientNorm } = await state.applyGradients({
        step,
        learningRate,
        clipNorm: length * scale * 1.000001,
      });
      expect(gradientNorm / length).toBeCloseTo(1, 4);
      weights.forEach((weight, index) => {
        const gradient = scale * gradients[index]!;
        first[index] = beta1 * first[index]! + (1 - beta1) * gradient;
        second[index] = beta2 * second[index]! + (1 - beta2) * gradient ** 2;
        const corrected = [first[index] / (1 - beta1 ** step), second[index] / (1 - beta2 ** step)] as const;
        weights[index] = weight - (learningRate * corrected[0]) / (Math.sqrt(corrected[1]) + 1e-9);
      });
    }
    const [updated, moments] = [await state.readWeights(), await state.readMoments()];
    await state.dispose();
    const farthest = (values: Iterable<Float32Array>, expected: Float64Array): number => {
      let place = 0;
      let most = 0;
      for (const array of values)
        for (const value of array) most = Math.max(most, Math.abs(value - expected[place++]!));
      expect(place).toBe(expected.length);
      return most;
    };
    expect(farthest(updated.values(), weights)).toBeLessThan(1e-3 * learningRate);
    expect(farthest(moments.first.values(), first)).toBeLessThan(1e-8);
    expect(farthest(moments.second.values(), second)).toBeLessThan(1e-11);
  });

  it('goes on alike where weights and moments were written into another state', async () => {
    const train = async (state: CpuTrainingState, from: number, to: number): Promise<void> => {
      for (let step = from; step <= to; step++) {
        await state.computeGradients(whole, 0.01, step);
        await state.applyGradients({ ...adam, step });
      }
    };
    await train(plain, 1, 3);
    const { first, second } = await plain.readMoments();
    await other.writeWeights(await plain.readWeights());
    await other.writeMoments(first, second);
    await train(plain, 4, 6);
    await train(other, 4, 6);
    expect(await other.readWeights()).toEqual(await plain.readWeights());
    expect(await other.readMoments()).toEqual(await plain.readMoments());
  });
});

describe('writeWeights and writeMoments', () => {
  it('refuse what does not fit with a sentence, and change nothing', async () => {
    const before = await plain.readWeights();
    const name = [...before.keys()].at(-1)!;
    const short = new Map([...before].map(([key, values]) => [key, values.map((value) => value + 1)]));
    short.set(name, new Float32Array(3));
    await expect(plain.writeWeights(short)).rejects.toThrow(
      `The weight “${name}” has 3 elements, where the model has 8.`,
    );
    expect(await plain.readWeights()).toEqual(before);
    short.delete(name);
    await expect(plain.writeWeights(short)).rejects.toThrow(
      `The weight “${name}” has no elements, where the model has 8.`,
    );
    await expect(plain.writeMoments(before, short)).rejects.toThrow(`“${name}”`);
  });

  it('hand out copies', async () => {
    const before = await plain.readWeights();
    for (const values of (await plain.readWeights()).values()) values.fill(0);
    for (const values of (await plain.readMoments()).first.values()) values.fill(1);
    expect(await plain.readWeights()).toEqual(before);
    for (const values of (await plain.readMoments()).first.values()) expect(norm(values)).toBe(0);
  });
});

/** Adam and its schedule, §5.3, against plain arithmetic in float64. */
import { describe, expect, it } from 'vitest';
import { Session } from '../../../models/runtime/session';
import {
  adamDefaults,
  buildAdam,
  buildSquaredNorm,
  learningRate,
  paperPeakLearningRate,
} from '../../../models/training/optimiser';
import { relativeError } from '../graph/numericalGradient';
import { fed, numbers } from '../graph/run';
import { randomNumbers } from '../transformer/smallModel';

describe('buildAdam', () => {
  it.each([
    ['the paper’s constants', adamDefaults, 1],
    ['other constants and clipping', { beta1: 0.8, beta2: 0.95, epsilon: 1e-2 }, 0.25],
  ])('makes the steps of Algorithm 1 in place, %s', async (_name, constants, gradientScale) => {
    const { beta1, beta2, epsilon } = constants;
    const n = 37;
    const session = await Session.create(buildAdam(constants), { threads: 2 });
    const zeros = Array<number>(n).fill(0);
    const expected = { parameter: [...randomNumbers(n, 1)], first: [...zeros], second: [...zeros] };
    const buffers = {
      parameter: fed('float32', [n], expected.parameter),
      first: fed('float32', [n], expected.first),
      second: fed('float32', [n], expected.second),
    };
    // Each step goes on from what the last one wrote over its own inputs.
    for (let step = 1; step <= 20; step++) {
      // Of very different sizes, one of them always zero.
      const gradient = randomNumbers(n, step).map((value, index) =>
        index === 0 ? 0 : value * 10 ** ((index % 7) - 4),
      );
      const rate = 0.01 / step;
      gradient.forEach((value, index) => {
        const g = value * gradientScale;
        const first = (expected.first[index] = beta1 * expected.first[index]! + (1 - beta1) * g);
        const second = (expected.second[index] = beta2 * expected.second[index]! + (1 - beta2) * g * g);
        const direction = first / (1 - beta1 ** step) / (Math.sqrt(second / (1 - beta2 ** step)) + epsilon);
        expected.parameter[index]! -= rate * direction;
      });
      const feeds = {
        ...buffers,
        gradient: fed('float32', [n], gradient),
        gradientScale: fed('float32', [], [gradientScale]),
        firstCorrection: fed('float32', [], [1 / (1 - beta1 ** step)]),
        secondCorrection: fed('float32', [], [1 / (1 - beta2 ** step)]),
        learningRate: fed('float32', [], [rate]),
      };
      const into = { newParameter: buffers.parameter, newFirst: buffers.first, newSecond: buffers.second };
      await session.run(feeds, into);
    }
    await session.dispose();
    const errors = Object.entries(buffers).map(([name, buffer]) =>
      relativeError(numbers(buffer), expected[name as keyof typeof expected]),
    );
    for (const error of errors) expect(error).toBeLessThan(2e-5);
    expect(numbers(buffers.parameter)[0]).toBe(randomNumbers(n, 1)[0]);
  });
});

it('buildSquaredNorm adds up squares', async () => {
  const session = await Session.create(buildSquaredNorm(), { threads: 1 });
  const gradient = randomNumbers(1000, 4);
  const { sum } = await session.run({ gradient: fed('float32', [1000], gradient) });
  const expected = gradient.reduce((total, value) => total + value * value, 0);
  expect(numbers(sum)[0]! / expected).toBeCloseTo(1, 5);
  await session.dispose();
});

describe('learningRate', () => {
  const schedule = { warmupSteps: 4000, peakLearningRate: paperPeakLearningRate(512, 4000) };

  it('is equation 3 with the paper’s peak', () => {
    for (const step of [1, 2, 1000, 3999, 4000, 4001, 10_000, 100_000]) {
      const equation3 = 512 ** -0.5 * Math.min(step ** -0.5, step * 4000 ** -1.5);
      expect(learningRate(step, schedule) / equation3).toBeCloseTo(1, 12);
    }
    expect(paperPeakLearningRate(512, 4000)).toBeCloseTo(6.9877e-4, 8);
  });

  it('has its peak where the warm-up ends, and no jump there', () => {
    const at = (step: number): number => learningRate(step, { warmupSteps: 100, peakLearningRate: 0.002 });
    expect(at(100)).toBe(0.002);
    expect(at(50)).toBeCloseTo(0.001, 15);
    expect(at(400)).toBeCloseTo(0.001, 15);
    expect(at(99) / at(100)).toBeCloseTo(0.99, 12);
    expect(at(101) / at(100)).toBeCloseTo(Math.sqrt(100 / 101), 12);
    expect(at(99.999_999)).toBeCloseTo(at(100.000_001), 9);
  });

  it('goes down in a straight line over the last steps where a cool-down is asked for', () => {
    const plain = { warmupSteps: 10, peakLearningRate: 1 };
    const cooled = { ...plain, cooldown: { steps: 1000, last: 100 } };
    for (const step of [1, 10, 500, 900, 901])
      expect(learningRate(step, cooled)).toBe(learningRate(step, plain));
    expect(learningRate(951, cooled) / learningRate(951, plain)).toBeCloseTo(0.5, 12);
    expect(learningRate(1000, cooled) / learningRate(1000, plain)).toBeCloseTo(0.01, 12);
    expect(learningRate(1001, cooled)).toBe(0);
    expect(learningRate(2000, cooled)).toBe(0);
  });
});

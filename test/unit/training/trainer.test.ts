/** The loop alone, over a training state that only writes down what it is asked. */
import { describe, expect, it } from 'vitest';
import { makeBatch, planEpoch, type Batch } from '../../../models/data/batches';
import { EncodedCorpus } from '../../../models/data/encodedCorpus';
import type { FedBatch } from '../../../models/data/process/door';
import { learningRate } from '../../../models/training/optimiser';
import {
  noProgress,
  TrainingDiverged,
  trainSteps,
  validate,
  type Progress,
  type StepReport,
  type TrainerOptions,
} from '../../../models/training/trainer';
import type {
  BatchLoss,
  NamedValues,
  OptimiserStep,
  TrainingState,
} from '../../../models/training/trainingState';

/** What a state was asked, and what it answers. The one weight counts the updates. */
class Recorder implements TrainingState {
  readonly batches: Batch[] = [];
  readonly scales: number[] = [];
  readonly seeds: number[] = [];
  /** Which of the batches were added to those before them. */
  readonly added: number[] = [];
  readonly updates: OptimiserStep[] = [];
  readonly evaluated: Batch[] = [];

  constructor(
    /** The loss a target token of the n-th batch, from 1. */
    private readonly lossOf: (step: number) => number = () => 2,
    private readonly normOf: (step: number) => number = () => 0.5,
  ) {}

  computeGradients(batch: Batch, scale: number, seed: number): Promise<BatchLoss> {
    this.batches.push(batch);
    this.scales.push(scale);
    this.seeds.push(seed);
    return Promise.resolve(this.lossOfBatch(batch, this.lossOf(this.batches.length)));
  }
  addGradients(batch: Batch, scale: number, seed: number): Promise<BatchLoss> {
    this.added.push(this.batches.length);
    return this.computeGradients(batch, scale, seed);
  }
  applyGradients(step: OptimiserStep): Promise<{ gradientNorm: number }> {
    const gradientNorm = this.normOf(step.step);
    if (Number.isFinite(gradientNorm)) this.updates.push(step);
    return Promise.resolve({ gradientNorm });
  }
  evaluate(batch: Batch): Promise<BatchLoss> {
    this.evaluated.push(batch);
    return Promise.resolve(this.lossOfBatch(batch, batch.labels.length));
  }
  private lossOfBatch({ labels }: Batch, loss: number): BatchLoss {
    return { smoothed: loss * labels.length, negativeLogLikelihood: (loss - 1) * labels.length };
  }
  readWeights(): Promise<NamedValues> {
    return Promise.resolve(new Map([['updates', Float32Array.of(this.updates.length)]]));
  }
  readonly readGradients = unasked;
  readonly writeGradients = unasked;
  readonly readMoments = unasked;
  readonly writeWeights = unasked;
  readonly writeMoments = unasked;
  readonly dispose = unasked;
}

function unasked(): Promise<never> {
  return Promise.reject(new Error('The trainer has no business here.'));
}

/** Ten pairs; the k-th has k + 1 source tokens and k + 2 target tokens. */
const corpus = EncodedCorpus.from(
  Array.from({ length: 10 }, (_, pair) => ({
    source: Array.from({ length: pair + 1 }, () => 300 + pair),
    target: Array.from({ length: pair + 2 }, () => 400 + pair),
  })),
);
const options: TrainerOptions = {
  batchTokens: 24,
  accumulate: 1,
  schedule: { warmupSteps: 3, peakLearningRate: 0.01 },
  clipNorm: 0.7,
  seed: 9,
  framing: { padding: 0, start: 1, end: 2 },
};
const planOf = (epoch: number): Uint32Array[] =>
  planEpoch(corpus, { tokens: options.batchTokens, seed: options.seed, epoch });
const batchesOf = (epoch: number): number => planOf(epoch).length;

/** Batches without end from where a run stands, as a feed gives them; `closed` hears of its end. */
async function* feed(
  { epoch, batch }: Progress,
  closed: () => unknown = () => undefined,
): AsyncGenerator<FedBatch, never> {
  try {
    for (let first = batch; ; epoch++, first = 0) {
      for (const [position, pairs] of planOf(epoch).entries()) {
        await Promise.resolve();
        if (position >= first) yield { epoch, position, batch: makeBatch(corpus, pairs, options.framing) };
      }
    }
  } finally {
    closed();
  }
}

async function train(
  state: TrainingState,
  steps: number,
  progress: Progress = noProgress,
  changed: Partial<TrainerOptions> = {},
): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for await (const report of trainSteps(state, feed(progress), { ...options, ...changed }, progress)) {
    reports.push(report);
    if (reports.length === steps) break;
  }
  return reports;
}

/** Which pairs a batch holds: each has a source token of its own. */
function pairsOf({ sourceIds }: Batch): number[] {
  return [...new Set([...sourceIds].filter((id) => id >= 300))].map((id) => id - 300).sort((a, b) => a - b);
}

describe('trainSteps in mixed precision', () => {
  const mixed = { precision: 'mixed', accumulate: 2 } as const;
  const at = (scale: number, goodSteps = 0): Progress => ({
    ...noProgress,
    lossScale: { scale, goodSteps, skipped: 0 },
  });

  it('takes the loss so many times, and says so with the update', async () => {
    const state = new Recorder();
    const [report] = await train(state, 1, noProgress, mixed);
    const tokens = report!.targetTokens;
    expect(state.scales).toEqual([2 ** 16 / tokens, 2 ** 16 / tokens]);
    expect(state.updates[0]!.lossScale).toBe(2 ** 16);
    expect(report!.loss).toBe(2);
    expect(report!.progress.lossScale).toEqual({ scale: 2 ** 16, goodSteps: 1, skipped: 0 });
  });

  it('leaves an update out whose gradients overflow, halves the scale, and goes on with the next batches', async () => {
    let updates = 0;
    const state = new Recorder(undefined, () => (++updates <= 2 ? Infinity : 0.5));
    const [first, second] = await train(state, 2, at(1024, 7), mixed);
    expect(state.updates.map(({ step, lossScale }) => [step, lossScale])).toEqual([
      [1, 256],
      [2, 256],
    ]);
    expect(first!.progress).toMatchObject({
      step: 1,
      lossScale: { scale: 256, goodSteps: 1, skipped: 2 },
      targetTokens: first!.targetTokens,
    });
    expect(second!.progress.lossScale).toEqual({ scale: 256, goodSteps: 2, skipped: 2 });
    const plain = new Recorder();
    await train(plain, 4);
    expect(state.batches.slice(0, 4).map(pairsOf)).toEqual(plain.batches.map(pairsOf));
  });

  it('tries twice the scale after 2,000 updates without an overflow', async () => {
    const reports = await train(new Recorder(), 2, at(1024, 1998), mixed);
    expect(reports.map(({ progress }) => progress.lossScale)).toEqual([
      { scale: 1024, goodSteps: 1999, skipped: 0 },
      { scale: 2048, goodSteps: 0, skipped: 0 },
    ]);
  });

  it('ends where no scale helps', async () => {
    const state = new Recorder(undefined, () => NaN);
    await expect(train(state, 1, at(8), mixed)).rejects.toThrow(new TrainingDiverged(1));
    expect(state.batches).toHaveLength(2 * 4);
  });

  it('knows no scale in float32', async () => {
    const state = new Recorder();
    const [report] = await train(state, 1);
    expect(report!.progress).not.toHaveProperty('lossScale');
    expect(state.updates[0]).not.toHaveProperty('lossScale');
  });
});

describe('trainSteps', () => {
  it('goes through every pair once an epoch, in another order each', async () => {
    const state = new Recorder();
    const reports = await train(state, batchesOf(0) + batchesOf(1) + 1);
    const first = state.batches.slice(0, batchesOf(0));
    const second = state.batches.slice(batchesOf(0), -1);
    for (const epoch of [first, second]) {
      expect(epoch.flatMap(pairsOf).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    expect(first.map(pairsOf)).not.toEqual(second.map(pairsOf));
    const where = reports.map(({ progress: { epoch, batch } }) => [epoch, batch]);
    expect(where).toEqual([
      ...first.map((_, index) => [0, index + 1]),
      ...second.map((_, index) => [1, index + 1]),
      [2, 1],
    ]);
  });

  it('counts steps, target tokens with their ends, and seconds', async () => {
    const state = new Recorder();
    const start = { step: 100, epoch: 0, batch: 0, targetTokens: 5000, seconds: 60 };
    const reports = await train(state, batchesOf(0), start);
    expect(reports.map(({ progress }) => progress.step)).toEqual(reports.map((_, index) => 101 + index));
    let tokens = 5000;
    let seconds = 60;
    reports.forEach((report, index) => {
      expect(report.targetTokens).toBe(state.batches[index]!.labels.length);
      tokens += report.targetTokens;
      seconds += report.milliseconds / 1000;
      expect(report.progress.targetTokens).toBe(tokens);
      expect(report.progress.seconds).toBeCloseTo(seconds, 9);
    });
    // Ten targets of 2 to 11 tokens and their ends.
    expect(tokens - 5000).toBe(65 + 10);
  });

  it('takes the mean over target tokens, of gradients and losses', async () => {
    const state = new Recorder((step) => 1 + step);
    const reports = await train(state, 2);
    expect(state.scales).toEqual(state.batches.map(({ labels }) => 1 / labels.length));
    reports.forEach((report, index) => {
      expect(report.loss).toBeCloseTo(2 + index, 6);
      expect(report.perplexity).toBeCloseTo(Math.exp(1 + index), 6);
      expect(report.gradientNorm).toBe(0.5);
    });
  });

  it('updates with the learning rate of its step and the longest gradient', async () => {
    const state = new Recorder();
    const reports = await train(state, 6);
    expect(state.updates).toEqual(
      [1, 2, 3, 4, 5, 6].map((step) => ({
        step,
        learningRate: learningRate(step, options.schedule),
        clipNorm: 0.7,
      })),
    );
    expect(reports.map((report) => report.learningRate)).toEqual(
      state.updates.map((update) => update.learningRate),
    );
    expect(Math.max(...reports.map((report) => report.learningRate))).toBe(0.01);
  });

  it('gives dropout another seed for each step and run, and the same again', async () => {
    const seeds = async (seed: number): Promise<number[]> => {
      const state = new Recorder();
      await train(state, 20, noProgress, { seed });
      return state.seeds;
    };
    const [one, same, two] = [await seeds(9), await seeds(9), await seeds(10)];
    expect(same).toEqual(one);
    expect(new Set([...one, ...two]).size).toBe(40);
    for (const seed of one) expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
  });

  it('goes on in the middle of an epoch as if it had never stopped', async () => {
    const through = new Recorder();
    const steps = batchesOf(0) + 3;
    const reports = await train(through, steps);
    for (const stop of [1, batchesOf(0) - 1, batchesOf(0), batchesOf(0) + 1]) {
      const resumed = new Recorder();
      await train(resumed, steps - stop, reports[stop - 1]!.progress);
      expect(resumed.batches).toEqual(through.batches.slice(stop));
      expect(resumed.seeds).toEqual(through.seeds.slice(stop));
      expect(resumed.updates).toEqual(through.updates.slice(stop));
    }
  });

  it('says how much of a batch is filled', async () => {
    const state = new Recorder();
    const reports = await train(state, 5);
    reports.forEach(({ filled }, index) => {
      const { sourceIds, targetIds, size } = state.batches[index]!;
      const tokens = [...sourceIds, ...targetIds].filter((id) => id !== 0).length;
      expect(filled).toBeCloseTo(tokens / (sourceIds.length + targetIds.length), 9);
      expect(size > 1 ? filled < 1 : filled === 1).toBe(true);
    });
  });

  describe.each([
    ['a loss', NaN, 0.5],
    ['an infinite loss', Infinity, 0.5],
    ['gradients', 2, NaN],
    ['infinite gradients', 2, Infinity],
  ])('stops at %s that is no number', (_what, loss, gradientNorm) => {
    it('with the step and the weights of the step before', async () => {
      const at = (step: number, bad: number, good: number): number => (step === 3 ? bad : good);
      const state = new Recorder(
        (step) => at(step, loss, 2),
        (step) => at(step, gradientNorm, 0.5),
      );
      const seen: number[] = [];
      const training = (async () => {
        for await (const { progress } of trainSteps(state, feed(noProgress), options, noProgress)) {
          seen.push(progress.step);
          // Steps never end by themselves.
          if (progress.step > 3) break;
        }
      })();
      const error = await training.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TrainingDiverged);
      expect(error).toMatchObject({ step: 3, message: expect.stringMatching(/^Step 3 .*\.$/) as string });
      expect(seen).toEqual([1, 2]);
      expect((await state.readWeights()).get('updates')).toEqual(Float32Array.of(2));
    });
  });

  it('closes the batches when it is left, and when it fails', async () => {
    let closed = 0;
    const open = (): AsyncGenerator<FedBatch, never> => feed(noProgress, () => closed++);
    for await (const { progress } of trainSteps(new Recorder(), open(), options, noProgress)) {
      if (progress.step === 2) break;
    }
    expect(closed).toBe(1);
    const diverging = trainSteps(new Recorder(() => NaN), open(), options, noProgress);
    await expect(diverging.next()).rejects.toThrow(TrainingDiverged);
    expect(closed).toBe(2);
  });

  it('does not take the end of the batches for its own', async () => {
    async function* none(): AsyncGenerator<FedBatch> {
      yield* await Promise.resolve([]);
    }
    const steps = trainSteps(new Recorder(), none(), options, noProgress);
    await expect(steps.next()).rejects.toThrow('The batches have come to an end.');
  });

  it('takes no gradients from a batch whose loss is no number', async () => {
    const state = new Recorder(() => NaN);
    await expect(train(state, 1)).rejects.toThrow('Step 1');
    expect(state.updates).toEqual([]);
  });
});

describe('an update from several batches', () => {
  const three = { accumulate: 3 };
  const steps = (batchesOf(0) + batchesOf(1)) / 3 + 1;

  it('begins with the first and adds the others, over the ends of epochs too', async () => {
    const state = new Recorder();
    const reports = await train(state, Math.ceil(steps), noProgress, three);
    const single = new Recorder();
    const singles = await train(single, 3 * reports.length);
    expect(state.batches).toEqual(single.batches);
    expect(state.added).toEqual(state.batches.map((_, index) => index).filter((index) => index % 3 > 0));
    expect(state.updates.map(({ step }) => step)).toEqual(reports.map((_, index) => index + 1));
    reports.forEach(({ progress }, index) => {
      const { epoch, batch, targetTokens } = singles[3 * index + 2]!.progress;
      expect(progress).toMatchObject({ step: index + 1, epoch, batch, targetTokens });
    });
    // Both within an epoch and across its end, or this would prove nothing.
    expect(batchesOf(0) % 3).not.toBe(0);
    expect(reports.at(-1)!.progress.epoch).toBeGreaterThan(1);
  });

  it('takes the mean over the target tokens of all', async () => {
    const state = new Recorder((batch) => 1 + batch);
    const [report] = await train(state, 1, noProgress, three);
    const lengths = state.batches.map(({ labels }) => labels.length);
    const tokens = lengths.reduce((a, b) => a + b);
    expect(new Set(lengths).size).toBeGreaterThan(1);
    expect(report!.targetTokens).toBe(tokens);
    expect(state.scales).toEqual(lengths.map(() => 1 / tokens));
    const mean = lengths.reduce((sum, length, index) => sum + length * (2 + index), 0) / tokens;
    expect(report!.loss).toBeCloseTo(mean, 9);
    expect(report!.perplexity / Math.exp(mean - 1)).toBeCloseTo(1, 9);
    const places = state.batches.flatMap(({ sourceIds, targetIds }) => [...sourceIds, ...targetIds]);
    expect(report!.filled).toBeCloseTo(places.filter((id) => id !== 0).length / places.length, 9);
  });

  it('gives dropout another seed for each part, and the first that of a step from one batch', async () => {
    const [state, single] = [new Recorder(), new Recorder()];
    await train(state, 200, noProgress, { accumulate: 16 });
    await train(single, 200);
    expect(new Set(state.seeds).size).toBe(200 * 16);
    expect(state.seeds.filter((_, index) => index % 16 === 0)).toEqual(single.seeds);
  });

  it('has not begun where it was left, and goes on as if it had never stopped', async () => {
    const through = new Recorder();
    const reports = await train(through, 5, noProgress, three);
    for (const stop of [1, 2, 3, 4]) {
      const resumed = new Recorder();
      await train(resumed, 5 - stop, reports[stop - 1]!.progress, three);
      expect(resumed.batches).toEqual(through.batches.slice(3 * stop));
      expect(resumed.seeds).toEqual(through.seeds.slice(3 * stop));
      expect(resumed.updates).toEqual(through.updates.slice(stop));
    }
  });

  it('is not made where one part’s loss is no number', async () => {
    const state = new Recorder((batch) => (batch === 5 ? NaN : 2));
    await expect(train(state, 2, noProgress, three)).rejects.toThrow('Step 2');
    expect(state.updates).toHaveLength(1);
    expect(state.batches).toHaveLength(5);
  });
});

describe('validate', () => {
  it('takes the mean over the tokens of the whole corpus, each pair once, and changes nothing', async () => {
    const state = new Recorder();
    const { loss, perplexity } = await validate(state, corpus, options);
    expect(state.evaluated.flatMap(pairsOf).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(state.batches).toEqual([]);
    // Each batch's loss a token is its number of tokens, so that a mean over batches would give another result.
    const lengths = state.evaluated.map(({ labels }) => labels.length);
    const tokens = lengths.reduce((a, b) => a + b);
    const expected = lengths.reduce((sum, length) => sum + length * length, 0) / tokens;
    expect(loss).toBeCloseTo(expected, 9);
    expect(perplexity).toBeCloseTo(Math.exp(expected - 1), 3);
  });

  it('repeats itself, whatever the seed of the run', async () => {
    const [a, b] = [new Recorder(), new Recorder()];
    await validate(a, corpus, options);
    await validate(b, corpus, { ...options, seed: 1 });
    expect(a.evaluated).toEqual(b.evaluated);
  });

  it('ends before its next batch when it is told to', async () => {
    const controller = new AbortController();
    const state = new Recorder();
    const evaluate = state.evaluate.bind(state);
    state.evaluate = (batch) => {
      controller.abort();
      return evaluate(batch);
    };
    const validating = validate(state, corpus, options, controller.signal);
    await expect(validating).rejects.toBe(controller.signal.reason);
    expect(state.evaluated).toHaveLength(1);
  });
});

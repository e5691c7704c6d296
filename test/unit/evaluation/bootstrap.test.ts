/** Bootstrap resampling: against a plain recount of the same draws, and against what statistics promises. */
import { describe, expect, it } from 'vitest';
import { randomWords } from '../../../models/data/random';
import { corpusBleu } from '../../../models/evaluation/bleu';
import { comparePaired, drawLines, intervalOf, resampleScores } from '../../../models/evaluation/bootstrap';
import { corpusChrf } from '../../../models/evaluation/chrf';
import { compareSystems } from '../../../models/evaluation/compareSystems';
import type { CountedText } from '../../../models/evaluation/metric';

const bootstrap = { resamples: 120, seed: 7 };

/** Lines of words, some of them wrong in each system. */
function makeTexts(lines: number): { references: string[][]; baseline: string[]; better: string[] } {
  const words = randomWords(3);
  const vocabulary = ['the', 'dog', 'runs', 'over', 'a', 'green', 'hill', 'and', 'barks', 'loudly'];
  const word = (): string => vocabulary[words() % vocabulary.length]!;
  const reference = Array.from({ length: lines }, () =>
    Array.from({ length: 5 + (words() % 8) }, word).join(' '),
  );
  const spoil = (line: string, share: number): string =>
    line.replace(/\w+/g, (kept) => (words() / 2 ** 32 < share ? word() : kept));
  return {
    references: [reference, reference.map((line) => spoil(line, 0.3))],
    baseline: reference.map((line) => spoil(line, 0.35)),
    better: reference.map((line) => spoil(line, 0.3)),
  };
}

describe('resampling equals a recount of the drawn lines', () => {
  const { references, baseline, better } = makeTexts(15);
  const [first, second] = compareSystems([baseline, better], references, { bootstrap, baselineFirst: true });

  /** Every drawn text written out and scored from nothing. */
  function recount(score: (hypotheses: string[], references: string[][]) => number): {
    baseline: number[];
    better: number[];
  } {
    const words = randomWords(bootstrap.seed);
    const scores = { baseline: [] as number[], better: [] as number[] };
    for (let resample = 0; resample < bootstrap.resamples; resample++) {
      const times = drawLines(baseline.length, words);
      const drawn = (lines: string[]): string[] =>
        lines.flatMap((line, index) => new Array<string>(times[index]!).fill(line));
      scores.baseline.push(score(drawn(baseline), references.map(drawn)));
      scores.better.push(score(drawn(better), references.map(drawn)));
    }
    return scores;
  }

  function summary(scores: number[]): { mean: unknown; low: unknown; high: unknown } {
    const sorted = [...scores].sort((a, b) => a - b);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const near = (value: number): unknown => expect.closeTo(value, 9);
    // Of 120, three are cut off at either end.
    return { mean: near(mean), low: near(sorted[3]!), high: near(sorted[116]!) };
  }

  it.each([
    ['bleu', (hypotheses: string[], texts: string[][]) => corpusBleu(hypotheses, texts).score],
    ['chrf', (hypotheses: string[], texts: string[][]) => corpusChrf(hypotheses, texts).score],
  ] as const)('%s', (metric, score) => {
    const expected = recount(score);
    const differences = expected.better.map((value, index) => value - expected.baseline[index]!);
    const difference = score(better, references) - score(baseline, references);
    const sizes = differences.map(Math.abs);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const asLarge = sizes.filter((size) => size - mean >= Math.abs(difference)).length;
    expect(first![metric].interval).toEqual(summary(expected.baseline));
    expect(first![metric].comparison).toBeUndefined();
    expect(second![metric].interval).toEqual(summary(expected.better));
    expect(second![metric].comparison).toEqual({
      difference: expect.closeTo(difference, 9) as number,
      interval: summary(differences),
      wins: differences.filter((value) => value > 0).length / 120,
      pValue: (asLarge + 1) / 121,
    });
  });
});

/** A text whose lines are right (1) or wrong (0); its score is the share of right ones, in per cent. */
function yesAndNo(values: readonly number[]): CountedText {
  return {
    metric: {
      width: 2,
      countLine: () => [],
      scoreOf: ([right = 0, lines = 1]) => ({ score: (100 * right) / lines }),
    },
    lines: values.length,
    counts: Int32Array.from(values.flatMap((value) => [value, 1])),
  };
}

function repeated(...runs: readonly (readonly [value: number, times: number])[]): number[] {
  return runs.flatMap(([value, times]) => new Array<number>(times).fill(value));
}

describe('what statistics promises', () => {
  const options = { resamples: 4000, seed: 11 };

  it('the interval of a share is the binomial’s', () => {
    const share = yesAndNo(repeated([1, 120], [0, 280]));
    const { mean, low, high } = intervalOf(resampleScores([share], options)[0]!);
    const deviation = 100 * Math.sqrt((0.3 * 0.7) / 400);
    expect(Math.abs(mean - 30)).toBeLessThan(4 * (deviation / Math.sqrt(options.resamples)));
    expect(Math.abs(low - (30 - 1.96 * deviation))).toBeLessThan(0.3);
    expect(Math.abs(high - (30 + 1.96 * deviation))).toBeLessThan(0.3);
  });

  it('a text of equal lines leaves nothing to chance', () => {
    const [scores] = resampleScores([yesAndNo(repeated([1, 50]))], options);
    expect(intervalOf(scores!)).toEqual({ mean: 100, low: 100, high: 100 });
  });

  // On 400 lines the two differ in 30: 15 + k for the system, 15 − k for the baseline. The difference is about normal
  // (mean k / 2), so its size is folded normal, of which p is the tail from its mean plus k / 2 on.
  it.each([
    { k: 1, p: 0.25 },
    { k: 4, p: 0.07 },
    { k: 6, p: 0.01 },
  ])('p of a difference of k = $k lines', ({ k, p }) => {
    const baseline = yesAndNo(repeated([1, 200], [0, 15 + k], [1, 15 - k], [0, 170]));
    const system = yesAndNo(repeated([1, 200], [1, 15 + k], [0, 15 - k], [0, 170]));
    const [before, after] = resampleScores([baseline, system], options);
    const { difference, interval, pValue, wins } = comparePaired(before!, after!, k / 2);
    expect(difference).toBe(k / 2);
    expect(Math.abs(interval.mean - k / 2)).toBeLessThan(0.1);
    const deviation = 100 * Math.sqrt(30 / 400 / 400 - (k / 200) ** 2 / 400);
    expect(Math.abs(interval.high - (k / 2 + 1.96 * deviation))).toBeLessThan(0.3);
    expect(wins).toBeGreaterThan(0.5);
    expect(Math.abs(pValue - p)).toBeLessThan(0.15 * p + 0.01);
  });

  it('a system against itself is no better: p = 1', () => {
    const [scores] = resampleScores([yesAndNo(repeated([1, 20], [0, 20]))], options);
    expect(comparePaired(scores!, scores!, 0)).toEqual({
      difference: 0,
      interval: { mean: 0, low: 0, high: 0 },
      wins: 0,
      pValue: 1,
    });
  });

  it('the two may change places', () => {
    const { references, baseline, better } = makeTexts(60);
    const compare = (systems: string[][]): ReturnType<typeof comparePaired> =>
      compareSystems(systems, references, { bootstrap, baselineFirst: true })[1]!.bleu.comparison!;
    const forwards = compare([baseline, better]);
    const backwards = compare([better, baseline]);
    expect(backwards.difference).toBe(-forwards.difference);
    expect(backwards.pValue).toBe(forwards.pValue);
    expect(backwards.interval.low).toBe(-forwards.interval.high);
    expect(backwards.interval.high).toBe(-forwards.interval.low);
    expect(backwards.wins + forwards.wins).toBeCloseTo(1, 9);
  });

  it('draws every line as often as the others, and as many as there are', () => {
    const words = randomWords(5);
    const totals = new Float64Array(40);
    for (let draw = 0; draw < 5000; draw++) {
      const times = drawLines(40, words);
      expect(times.reduce((sum, count) => sum + count, 0)).toBe(40);
      times.forEach((count, line) => (totals[line]! += count));
    }
    // 5,000 expected of each; the deviation of a binomial is 71.
    for (const total of totals) expect(Math.abs(total - 5000)).toBeLessThan(5 * 71);
  });
});

describe('the seed', () => {
  it('decides the numbers', () => {
    const { references, baseline } = makeTexts(20);
    const at = (seed: number): unknown =>
      compareSystems([baseline], references, { bootstrap: { resamples: 100, seed } });
    expect(at(1)).toEqual(at(1));
    expect(at(2)).not.toEqual(at(1));
  });
});

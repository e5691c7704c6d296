/**
 * How sure a score is: bootstrap resampling. Lines are drawn at random, with replacement, as many as the text has; the
 * scores of many such texts show how far the score depends on which sentences happened to be in the test set. Two
 * systems are compared on the same draws.
 *
 * Koehn 2004, "Statistical Significance Tests for Machine Translation Evaluation"; mean, interval and p-value as
 * sacreBLEU computes them. (Its draws are numpy's; ours come from another generator, so its figures agree up to chance.)
 */
import { randomWords } from '../data/random';
import { scoreCounted, type CountedText } from './metric';

export interface BootstrapOptions {
  /** How many texts are drawn. */
  readonly resamples: number;
  /** The same seed, lines and resamples give the same numbers. */
  readonly seed: number;
}

export interface Interval {
  /** Mean over the resamples. */
  readonly mean: number;
  /** 95 % of the resamples lie from `low` to `high`. */
  readonly low: number;
  readonly high: number;
}

/** A system against a baseline. */
export interface Comparison {
  /** The system's score less the baseline's, on the text itself. */
  readonly difference: number;
  /** The same on the resamples. */
  readonly interval: Interval;
  /** Share of the resamples on which the system scores higher, 0 to 1 (Koehn 2004, §5). */
  readonly wins: number;
  /** How likely chance alone makes a difference as large, 0 to 1. */
  readonly pValue: number;
}

/**
 * Scores of several texts on the same resamples. All must have as many lines.
 *
 * @returns scores by text and resample: `[texts, resamples]`
 */
export function resampleScores(
  texts: readonly CountedText[],
  { resamples, seed }: BootstrapOptions,
): Float64Array[] {
  const scores = texts.map(() => new Float64Array(resamples));
  const lines = texts[0]?.lines ?? 0;
  const words = randomWords(seed);
  for (let resample = 0; resample < resamples; resample++) {
    const times = drawLines(lines, words);
    texts.forEach((text, index) => {
      scores[index]![resample] = scoreCounted(text, times).score;
    });
  }
  return scores;
}

/** As many lines as there are, drawn with replacement: how often each came, `[lines]`. */
export function drawLines(lines: number, words: () => number): Int32Array {
  const times = new Int32Array(lines);
  for (let draw = 0; draw < lines; draw++) times[Math.floor((words() / 2 ** 32) * lines)]!++;
  return times;
}

/** Mean and 95 % interval: a fortieth of the scores is cut off at either end. */
export function intervalOf(scores: Float64Array): Interval {
  const sorted = scores.toSorted();
  const cut = Math.floor(sorted.length / 40);
  return { mean: meanOf(scores), low: sorted[cut]!, high: sorted[sorted.length - 1 - cut]! };
}

/**
 * Compares a system with a baseline by their scores on the same resamples.
 *
 * The p-value asks how often a resample's difference lies further above the mean difference than the difference itself
 * is large, and counts the text as one more resample, as sacreBLEU does. A resample that lies exactly as far counts
 * too, so that a system compared with itself has p = 1.
 *
 * @param difference the system's score less the baseline's, on the text itself
 */
export function comparePaired(baseline: Float64Array, system: Float64Array, difference: number): Comparison {
  const differences = system.map((score, resample) => score - baseline[resample]!);
  const sizes = differences.map(Math.abs);
  const mean = meanOf(sizes);
  const asLarge = sizes.filter((size) => size - mean >= Math.abs(difference)).length;
  return {
    difference,
    interval: intervalOf(differences),
    wins: differences.filter((size) => size > 0).length / differences.length,
    pValue: (asLarge + 1) / (differences.length + 1),
  };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

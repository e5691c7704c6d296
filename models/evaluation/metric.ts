/**
 * What BLEU and chrF have in common: each line is counted as a few whole numbers, the numbers are added up over a text,
 * and the sums alone make the score. So a score of other lines, drawn at random, needs no second counting.
 */
import { checkLineCounts } from './lineCounts';

/** Every score runs from 0 to 100. */
export interface AnyScore {
  readonly score: number;
}

export interface Metric<Score extends AnyScore = AnyScore> {
  /** How many numbers a line is counted as. */
  readonly width: number;
  /** What one line counts as against its references: `[width]`. */
  readonly countLine: (hypothesis: string, references: readonly string[]) => readonly number[];
  /** The score of a text whose lines' numbers add up to `sums`: `[width]`. */
  readonly scoreOf: (sums: Float64Array) => Score;
}

/** A text as a metric sees it. */
export interface CountedText<Score extends AnyScore = AnyScore> {
  readonly metric: Metric<Score>;
  readonly lines: number;
  /** Row by row, `[lines, metric.width]`. */
  readonly counts: Int32Array;
}

/**
 * Counts every line of a text.
 *
 * @param hypotheses the translation, a sentence a line
 * @param references one or more reference translations, each with as many lines
 * @throws UserError where line counts differ or there is nothing to score
 */
export function countText<Score extends AnyScore>(
  metric: Metric<Score>,
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
): CountedText<Score> {
  checkLineCounts(hypotheses, references);
  const counts = new Int32Array(hypotheses.length * metric.width);
  hypotheses.forEach((hypothesis, line) => {
    const referenceLines = references.map((reference) => reference[line]!);
    counts.set(metric.countLine(hypothesis, referenceLines), line * metric.width);
  });
  return { metric, lines: hypotheses.length, counts };
}

/**
 * The score of a text in which each line stands as often as `times` says.
 *
 * @param times by line, `[lines]`; every line once unless given
 */
export function scoreCounted<Score extends AnyScore>(
  { metric, lines, counts }: CountedText<Score>,
  times?: Int32Array,
): Score {
  const { width } = metric;
  const sums = new Float64Array(width);
  for (let line = 0, row = 0; line < lines; line++, row += width) {
    const weight = times?.[line] ?? 1;
    if (weight === 0) continue;
    for (let column = 0; column < width; column++) sums[column]! += weight * counts[row + column]!;
  }
  return metric.scoreOf(sums);
}

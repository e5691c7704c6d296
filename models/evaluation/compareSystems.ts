/**
 * Everything that `evaluate` says of one or several translations of the same text: scores, how sure they are, and
 * whether one is better than another beyond chance.
 */
import { bleuMetric, type BleuOptions, type BleuScore } from './bleu';
import { comparePaired, intervalOf, resampleScores } from './bootstrap';
import type { BootstrapOptions, Comparison, Interval } from './bootstrap';
import { chrfMetric, type ChrfOptions, type ChrfScore } from './chrf';
import { countText, scoreCounted, type CountedText } from './metric';

/** A score; with resampling how sure it is; for a system with a baseline how they compare. */
export interface Judged<Score> {
  readonly score: Score;
  readonly interval?: Interval;
  readonly comparison?: Comparison;
}

export interface SystemScores {
  readonly bleu: Judged<BleuScore>;
  readonly chrf: Judged<ChrfScore>;
}

export interface CompareOptions {
  readonly bleu?: BleuOptions;
  readonly chrf?: ChrfOptions;
  /** Without it there are scores alone. */
  readonly bootstrap?: BootstrapOptions;
  /** The first system is what the others are compared with; needs `bootstrap`. False unless given. */
  readonly baselineFirst?: boolean;
}

/**
 * Scores systems on one text; all of them on the same resamples.
 *
 * @param systems translations, each a sentence a line: `[systems, lines]`
 * @param references one or more reference translations: `[references, lines]`
 * @returns by system
 * @throws UserError where line counts differ or there is nothing to score
 */
export function compareSystems(
  systems: readonly (readonly string[])[],
  references: readonly (readonly string[])[],
  options: CompareOptions = {},
): SystemScores[] {
  const bleu = bleuMetric(references.length, options.bleu);
  const chrf = chrfMetric(references.length, options.chrf);
  const bleuScores = judge(
    systems.map((hypotheses) => countText(bleu, hypotheses, references)),
    options,
  );
  const chrfScores = judge(
    systems.map((hypotheses) => countText(chrf, hypotheses, references)),
    options,
  );
  return systems.map((_, system) => ({ bleu: bleuScores[system]!, chrf: chrfScores[system]! }));
}

/** By system. The seed alone decides the draws, so every metric sees the same ones. */
function judge<Score extends { readonly score: number }>(
  texts: readonly CountedText<Score>[],
  { bootstrap, baselineFirst = false }: CompareOptions,
): Judged<Score>[] {
  const scores = texts.map((text) => scoreCounted(text));
  if (bootstrap === undefined) return scores.map((score) => ({ score }));
  const resampled = resampleScores(texts, bootstrap);
  return scores.map((score, system) => {
    const judged = { score, interval: intervalOf(resampled[system]!) };
    if (!baselineFirst || system === 0) return judged;
    const difference = score.score - scores[0]!.score;
    return { ...judged, comparison: comparePaired(resampled[0]!, resampled[system]!, difference) };
  });
}

/**
 * How good a translation is likely to be, from what was seen while it was decoded: nothing is computed twice, and
 * nothing depends on what was translated beside it. docs/confidence.md says why these features and not others.
 */
import type { Calibration, Features } from '../storage/calibration';
import type { Piece } from '../text/pieces';
import { isPlaceholder } from '../text/reservedTokens';
import { coverageOf } from './coverage';
import type { Hypothesis } from './hypothesis';

/** The expected chrF of a segment with these features, as a share: 0 … 1. */
export function confidenceOf(features: Features, { weights, knots }: Calibration): number {
  const score = scoreOf(features, weights);
  const below = knots.findLastIndex((knot) => knot.score <= score);
  const [low, high] = [knots[below], knots[below + 1]];
  if (!low) return knots[0]!.confidence;
  if (!high) return low.confidence;
  const way = (score - low.score) / (high.score - low.score);
  return low.confidence + way * (high.confidence - low.confidence);
}

/** What a calibration's knots turn into a confidence. */
export function scoreOf(features: Features, weights: Features): number {
  return (
    weights.probability * features.probability +
    weights.familiarity * features.familiarity +
    weights.coverage * features.coverage
  );
}

/**
 * What the confidence of a segment is made of; more is better in each.
 *
 * @param source what the model read
 * @param sourceTokens the same as tokens, with the end
 */
export function featuresOf(
  source: readonly Piece[],
  sourceTokens: readonly number[],
  { probability, attended }: Pick<Hypothesis, 'probability' | 'attended'>,
): Features {
  return { probability, familiarity: familiarityOf(source, sourceTokens), coverage: coverageOf(attended) };
}

/** A vocabulary knows most words of its own language whole, or in pieces as long as this. */
const familiarBytes = 4;

/**
 * Text that the vocabulary was not learned from falls into many small tokens: the logarithm of the mean bytes (of
 * UTF-8) a token, in so far as they are less than those of familiar text. At most 0; placeholders do not count.
 */
function familiarityOf(source: readonly Piece[], sourceTokens: readonly number[]): number {
  const bytes = source.reduce(
    (sum, piece) => sum + (typeof piece === 'string' ? Buffer.byteLength(piece) : 0),
    0,
  );
  const tokens = sourceTokens.filter((token) => !isPlaceholder(token)).length - 1;
  return Math.min(0, Math.log(bytes / tokens / familiarBytes));
}

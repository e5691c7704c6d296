/** Hypotheses as values: whatever is said makes a new one, so that several may go on from the same. */
import { isPlaceholder } from '../text/reservedTokens';
import { Constraints } from './constraints';
import { nothingAttended } from './coverage';
import { longestRepetition, repeatedTail } from './repetition';

/** At most so many target tokens beyond the source's (the paper, §6.1). */
const extraLength = 50;

/** A finished translation of a token sequence. */
export interface Hypothesis {
  /** Target tokens without the end. */
  readonly tokens: readonly number[];
  /** Mean log-probability of what the model said, the end included where it was said; 0 where it said nothing. */
  readonly score: number;
  /**
   * What a search ranks by: the sum of all log-probabilities over the length penalty. Of a hypothesis that was cut, what
   * was cut off counts too: else it would gain by running on.
   */
  readonly penalisedScore: number;
  /** Mean probability of what the model said. */
  readonly probability: number;
  /** How much each token of the source was attended to in all, its end included: `[source tokens]`. */
  readonly attended: readonly number[];
  /** A constraint kept the likeliest token from being said, or a placeholder had to be put in for the model. */
  readonly masked: boolean;
  /** Cut: it reached the longest length or began to repeat itself. */
  readonly truncated: boolean;
}

/** What a source allows its translations. */
export interface Limits {
  /** Target tokens without the end, at most. */
  readonly longest: number;
  /** How far the source repeats itself. */
  readonly naturalRepetition: number;
}

/** A hypothesis on its way. */
export interface Growing extends Pick<Hypothesis, 'tokens' | 'attended' | 'masked' | 'truncated'> {
  /** Of `tokens`, and of the end once it is said. */
  readonly logProbabilities: readonly number[];
  /** Log-probability and number of all tokens said so far; the end counts, and so does what was cut off. */
  readonly sum: number;
  readonly said: number;
  readonly constraints: Constraints;
  /** Its row in the decoder's last step. */
  readonly row: number;
  readonly isFinished: boolean;
}

export function limitsOf(source: readonly number[]): Limits {
  return { longest: source.length + extraLength, naturalRepetition: longestRepetition(source) };
}

/** Before the first token. `source` with its end. */
export function beginHypothesis(source: readonly number[], endToken: number, row: number): Growing {
  return {
    tokens: [],
    logProbabilities: [],
    sum: 0,
    said: 0,
    attended: nothingAttended(source),
    constraints: new Constraints(source.filter(isPlaceholder), endToken),
    row,
    masked: false,
    truncated: false,
    isFinished: false,
  };
}

/** The hypothesis with one more token, which its constraints allow. The end finishes it, and so does running away. */
export function say(
  before: Growing,
  token: number,
  logProbability: number,
  endToken: number,
  limits: Limits,
): Growing {
  const said = {
    ...before,
    logProbabilities: [...before.logProbabilities, logProbability],
    sum: before.sum + logProbability,
    said: before.said + 1,
  };
  if (token === endToken) return { ...said, isFinished: true };
  const tokens = [...before.tokens, token];
  const after = { ...said, tokens, constraints: before.constraints.said(token) };
  const repeated = repeatedTail(tokens, limits.naturalRepetition);
  return repeated > 0 ? cutRepetition(after, repeated) : after;
}

/** Ends a hypothesis without its last tokens; the placeholders that it has not come to are put behind it. */
function cutRepetition(hypothesis: Growing, repeated: number): Growing {
  const { tokens, logProbabilities, constraints, masked } = hypothesis;
  return {
    ...hypothesis,
    // A placeholder is said once, so that none is among the repeated tokens.
    tokens: [...tokens.slice(0, -repeated), ...constraints.missingTokens],
    logProbabilities: logProbabilities.slice(0, -repeated),
    masked: masked || constraints.missingTokens.size > 0,
    truncated: true,
    isFinished: true,
  };
}

export function finish(hypothesis: Growing, lengthPenalty: number): Hypothesis {
  const { tokens, logProbabilities, sum, said, attended, masked, truncated } = hypothesis;
  const mean = (of: (value: number) => number): number =>
    logProbabilities.reduce((total, value) => total + of(value), 0) / Math.max(1, logProbabilities.length);
  return {
    tokens,
    score: mean((value) => value),
    penalisedScore: penalise(sum, said, lengthPenalty),
    probability: mean(Math.exp),
    attended,
    masked,
    truncated,
  };
}

/**
 * A sum of log-probabilities over the length penalty (GNMT, Wu et al. 2016, eq. 14, without coverage), so that short
 * translations win less.
 *
 * @param length tokens, the end included
 * @param lengthPenalty α: 0 compares sums; the paper takes 0.6 (§6.1)
 */
export function penalise(sum: number, length: number, lengthPenalty: number): number {
  return sum / ((5 + length) / 6) ** lengthPenalty;
}

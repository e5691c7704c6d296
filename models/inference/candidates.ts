/** What each hypothesis may say next: the first of beam search's pieces. */
import { attend } from './coverage';
import type { DecoderOutput } from './decoder';
import type { Growing, Limits } from './hypothesis';

/** A hypothesis and what it may say next. */
export interface Candidate {
  /** With what it looked at for this step, and whether a mask has acted on it. */
  readonly hypothesis: Growing;
  readonly token: number;
  readonly logProbability: number;
  /** Log-probability of it all. */
  readonly sum: number;
}

/**
 * The best extensions of a hypothesis by one token that it may say; best first, equal ones by their ids.
 *
 * @param row of the hypothesis in the decoder's step
 * @param count so many at most; never none
 */
export function expand(
  before: Growing,
  { logProbabilities: all, crossAttention }: DecoderOutput,
  row: number,
  vocabularySize: number,
  { longest }: Limits,
  count: number,
): Candidate[] {
  const { tokens, constraints } = before;
  const logProbabilities = all.subarray(row * vocabularySize, (row + 1) * vocabularySize);
  const isTight = tokens.length + constraints.missingTokens.size >= longest;
  const allows = (token: number): boolean =>
    isTight ? constraints.allowsAtTheEnd(token) : constraints.allows(token);
  const { best, likeliest } = selectBest(logProbabilities, count, allows);
  const isBarred = !allows(likeliest);
  const hypothesis = {
    ...before,
    row,
    attended: attend(before.attended, crossAttention, row),
    masked: before.masked || !constraints.allows(likeliest),
    truncated: before.truncated || (isBarred && constraints.allows(likeliest)),
  };
  return best.map((token) => {
    const logProbability = logProbabilities[token]!;
    return { hypothesis, token, logProbability, sum: before.sum + logProbability };
  });
}

/**
 * The likeliest tokens among those allowed, in order, and the likeliest of all; of equal ones the lowest id. One pass
 * without a sort: nearly every token of a vocabulary is no better than the last one kept.
 */
export function selectBest(
  logProbabilities: Float32Array,
  count: number,
  allows: (token: number) => boolean,
): { best: number[]; likeliest: number } {
  const best: number[] = [];
  let likeliest = 0;
  // What is not above it is neither the likeliest nor among the best; nothing is passed over before those are enough.
  let floor = NaN;
  const { length } = logProbabilities;
  for (let token = 0; token < length; token = nextAbove(logProbabilities, token + 1, floor)) {
    const value = logProbabilities[token]!;
    if (value > logProbabilities[likeliest]!) likeliest = token;
    if (!allows(token)) continue;
    if (best.length === count) best.pop();
    let place = best.length;
    while (place > 0 && logProbabilities[best[place - 1]!]! < value) place--;
    best.splice(place, 0, token);
    if (best.length === count) floor = logProbabilities[best[count - 1]!]!;
  }
  return { best, likeliest };
}

/** The first place from here on with a number above the floor, or the end: four times as quick eight at a time. */
function nextAbove(values: Float32Array, from: number, floor: number): number {
  let at = from;
  while (
    at + 8 <= values.length &&
    values[at]! <= floor &&
    values[at + 1]! <= floor &&
    values[at + 2]! <= floor &&
    values[at + 3]! <= floor &&
    values[at + 4]! <= floor &&
    values[at + 5]! <= floor &&
    values[at + 6]! <= floor &&
    values[at + 7]! <= floor
  )
    at += 8;
  while (at < values.length && values[at]! <= floor) at++;
  return at;
}

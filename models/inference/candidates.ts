/** What each hypothesis may say next: the first of beam search's pieces. */
import { firstByteId } from '../text/reservedTokens';
import { attend } from './coverage';
import type { DecoderOutput } from './decoderOutput';
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
 * A model that is as sure of its end, and may not end, would say anything until it comes to what is missing, if it ever
 * does: “sind........... Sie ist nur …”. So nothing is left to it but that.
 */
const surelyOver = Math.log(0.5);

/**
 * The best extensions of a hypothesis by one token that it may say; best first, equal ones by their ids.
 *
 * @param row of the hypothesis in the decoder's step
 * @param count so many at most, never none; the step was asked for as many
 */
export function expand(
  before: Growing,
  output: DecoderOutput,
  row: number,
  { longest }: Limits,
  count: number,
): Candidate[] {
  const { tokens, constraints } = before;
  const isTight = tokens.length + constraints.missingTokens.size >= longest;
  const { token: likeliest, logProbability } = likeliestOf(output, row);
  const isOver = constraints.isBarredEnd(likeliest) && logProbability > surelyOver;
  const allows = (token: number): boolean =>
    isTight || isOver ? constraints.allowsAtTheEnd(token) : constraints.allows(token);
  const best = bestOf(output, row, count, allows);
  const hypothesis = {
    ...before,
    row,
    attended: attend(before.attended, output.crossAttention, row),
    masked: before.masked || !constraints.allows(likeliest),
    truncated: before.truncated || (constraints.allows(likeliest) && !allows(likeliest)),
  };
  return best.map(({ token, logProbability }) => ({
    hypothesis,
    token,
    logProbability,
    sum: before.sum + logProbability,
  }));
}

interface Scored {
  readonly token: number;
  readonly logProbability: number;
}

/** The likeliest token of all; of equal ones the lowest id. */
function likeliestOf({ reserved, likeliest, likeliestTokens }: DecoderOutput, row: number): Scored {
  const width = widthOf(reserved, likeliest);
  let first = { token: likeliestTokens[row * width]!, logProbability: likeliest[row * width]! };
  for (let token = firstByteId - 1; token >= 0; token--) {
    const logProbability = reserved[row * firstByteId + token]!;
    if (logProbability >= first.logProbability) first = { token, logProbability };
  }
  return first;
}

/** The likeliest tokens among those allowed, in order; of equal ones the lowest id first. */
function bestOf(
  { reserved, likeliest, likeliestTokens }: DecoderOutput,
  row: number,
  count: number,
  allows: (token: number) => boolean,
): Scored[] {
  const best: Scored[] = [];
  const width = widthOf(reserved, likeliest);
  for (let index = row * width; index < (row + 1) * width; index++) {
    const token = likeliestTokens[index]!;
    if (allows(token)) best.push({ token, logProbability: likeliest[index]! });
  }
  // From the highest id down: what comes later goes before its equals.
  for (let token = firstByteId - 1; token >= 0; token--) {
    const logProbability = reserved[row * firstByteId + token]!;
    if (best.length >= count && logProbability < best[count - 1]!.logProbability) continue;
    if (!allows(token)) continue;
    const place = best.findIndex((other) => other.logProbability <= logProbability);
    best.splice(place < 0 ? best.length : place, 0, { token, logProbability });
  }
  return best.slice(0, count);
}

/** How many of the likeliest tokens there are in a row. */
function widthOf(reserved: Float32Array, likeliest: Float32Array): number {
  return likeliest.length / (reserved.length / firstByteId);
}

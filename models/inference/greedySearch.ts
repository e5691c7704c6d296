/**
 * Greedy decoding in the pieces that beam search has too: expand (what may each hypothesis say), score, finish,
 * reorder (which rows go on).
 */
import { isPlaceholder } from '../text/reservedTokens';
import { Constraints } from './constraints';
import { attend, nothingAttended } from './coverage';
import type { StepwiseDecoder } from './decoder';
import { longestRepetition, repeatedTail } from './repetition';

/** At most so many target tokens beyond the source's (the paper, §6.1). */
const extraLength = 50;

export interface Hypothesis {
  /** Target tokens without the end. */
  readonly tokens: readonly number[];
  /** Mean log-probability of what the model said, the end included where it was said; 0 where it said nothing. */
  readonly score: number;
  /** Mean probability of the same. */
  readonly probability: number;
  /** How much each token of the source was attended to in all, its end included: `[source tokens]`. */
  readonly attended: Float64Array;
  /** A constraint kept the likeliest token from being said, or a placeholder had to be put in for the model. */
  readonly masked: boolean;
  /** Cut: it reached the longest length or began to repeat itself. */
  readonly truncated: boolean;
}

/** A sentence on its way. */
interface Growing {
  readonly tokens: number[];
  /** Of `tokens`, and of the end once it is said. */
  readonly logProbabilities: number[];
  /** As of a Hypothesis; never changed in place, so that hypotheses may share it. */
  attended: Float64Array;
  readonly constraints: Constraints;
  readonly longest: number;
  /** How far the source repeats itself. */
  readonly naturalRepetition: number;
  masked: boolean;
  truncated: boolean;
  finished: boolean;
}

/**
 * One translation a source, in order. Sources are token sequences with their end, at least one; the batch is one.
 * Rejects with `signal`'s reason when it aborts: it is looked at before each token, and onnxruntime's `run` lets the
 * event loop turn before it begins.
 */
export async function greedySearch(
  decoder: StepwiseDecoder,
  sources: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<Hypothesis[]> {
  const { decoderStartToken, endToken, vocabularySize } = decoder.config;
  signal?.throwIfAborted();
  const state = await decoder.begin(sources);
  const all = sources.map((source) => begin(source, endToken));
  let growing = all;
  let rows = growing.map((_, row) => row);
  while (growing.length > 0) {
    signal?.throwIfAborted();
    const tokens = growing.map((sentence) => sentence.tokens.at(-1) ?? decoderStartToken);
    const { logProbabilities, crossAttention } = await state.step(tokens, rows);
    growing.forEach((sentence, row) => {
      sentence.attended = attend(sentence.attended, crossAttention, row);
      expand(sentence, logProbabilities.subarray(row * vocabularySize, (row + 1) * vocabularySize), endToken);
    });
    // Reorder: finished rows leave the batch.
    rows = growing.flatMap((sentence, row) => (sentence.finished ? [] : [row]));
    if (rows.length < growing.length && rows.length > 0) await state.keepSources(rows);
    growing = growing.filter((sentence) => !sentence.finished);
  }
  return all.map(finish);
}

function begin(source: readonly number[], endToken: number): Growing {
  return {
    tokens: [],
    logProbabilities: [],
    attended: nothingAttended(source),
    constraints: new Constraints(source.filter(isPlaceholder), endToken),
    longest: source.length + extraLength,
    naturalRepetition: longestRepetition(source),
    masked: false,
    truncated: false,
    finished: false,
  };
}

function expand(sentence: Growing, logProbabilities: Float32Array, endToken: number): void {
  const { tokens, constraints } = sentence;
  const isTight = tokens.length + constraints.missingTokens.size >= sentence.longest;
  const { best, likeliest } = choose(logProbabilities, (token) =>
    isTight ? constraints.allowsAtTheEnd(token) : constraints.allows(token),
  );
  if (best !== likeliest) {
    if (constraints.allows(likeliest)) sentence.truncated = true;
    else sentence.masked = true;
  }
  sentence.logProbabilities.push(logProbabilities[best]!);
  if (best === endToken) {
    sentence.finished = true;
    return;
  }
  tokens.push(best);
  constraints.said(best);
  const repeated = repeatedTail(tokens, sentence.naturalRepetition);
  if (repeated > 0) cutRepetition(sentence, repeated);
}

/** The likeliest allowed token, and the likeliest of all. */
function choose(
  logProbabilities: Float32Array,
  allows: (token: number) => boolean,
): { best: number; likeliest: number } {
  let likeliest = 0;
  let best = -1;
  for (let token = 0; token < logProbabilities.length; token++) {
    const value = logProbabilities[token]!;
    if (value > logProbabilities[likeliest]!) likeliest = token;
    if ((best < 0 || value > logProbabilities[best]!) && allows(token)) best = token;
  }
  return { best, likeliest };
}

/** Ends a sentence without its last tokens; the placeholders that it has not come to are put behind it. */
function cutRepetition(sentence: Growing, repeated: number): void {
  const { tokens, logProbabilities, constraints } = sentence;
  // A placeholder is said once, so that none is among the repeated tokens.
  tokens.length -= repeated;
  logProbabilities.length -= repeated;
  sentence.masked ||= constraints.missingTokens.size > 0;
  tokens.push(...constraints.missingTokens);
  sentence.truncated = true;
  sentence.finished = true;
}

function finish({ tokens, logProbabilities, attended, masked, truncated }: Growing): Hypothesis {
  const mean = (of: (value: number) => number): number =>
    logProbabilities.reduce((sum, value) => sum + of(value), 0) / Math.max(1, logProbabilities.length);
  return { tokens, score: mean((value) => value), probability: mean(Math.exp), attended, masked, truncated };
}

/**
 * Greedy decoding in the pieces that beam search has too: expand (what may each hypothesis say), score, finish,
 * reorder (which rows go on).
 */
import { endId, isPlaceholder } from '../text/reservedTokens';
import { Constraints } from './constraints';
import type { Decoder } from './decoder';
import { repeatedTail } from './repetition';

/** At most so many target tokens beyond the source's (the paper, §6.1). */
const extraLength = 50;

export interface Hypothesis {
  /** Target tokens without the end. */
  readonly tokens: readonly number[];
  /** Mean log-probability of the tokens, the end included where it was said. */
  readonly score: number;
  /** A constraint kept the likeliest token from being said. */
  readonly masked: boolean;
  /** Cut: it reached the longest length or began to repeat itself. */
  readonly truncated: boolean;
}

/** A sentence on its way. */
interface Growing {
  readonly index: number;
  readonly tokens: number[];
  readonly constraints: Constraints;
  readonly longest: number;
  logProbability: number;
  masked: boolean;
  finished?: Hypothesis;
}

/**
 * One translation a source, in order. Sources are token sequences with their end; the batch is one.
 * `signal` is looked at before each token: onnxruntime's `run` lets the event loop turn before it begins.
 */
export async function greedySearch(
  decoder: Decoder,
  sources: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<Hypothesis[]> {
  const { decoderStartToken, vocabularySize } = decoder.config;
  const all = sources.map((source, index) => begin(source, index));
  const state = await decoder.begin(sources);
  let growing = all;
  let rows = growing.map((_, row) => row);
  while (growing.length > 0) {
    signal?.throwIfAborted();
    const tokens = growing.map((sentence) => sentence.tokens.at(-1) ?? decoderStartToken);
    const logProbabilities = await state.step(tokens, rows);
    growing.forEach((sentence, row) => {
      expand(sentence, logProbabilities.subarray(row * vocabularySize, (row + 1) * vocabularySize));
    });
    // Reorder: finished rows leave the batch.
    rows = growing.flatMap((sentence, row) => (sentence.finished ? [] : [row]));
    if (rows.length < growing.length && rows.length > 0) await state.keepSources(rows);
    growing = growing.filter((sentence) => !sentence.finished);
  }
  return all.map((sentence) => sentence.finished!);
}

function begin(source: readonly number[], index: number): Growing {
  const constraints = new Constraints(source.filter(isPlaceholder));
  return { index, tokens: [], constraints, longest: source.length + extraLength, logProbability: 0, masked: false };
}

function expand(sentence: Growing, logProbabilities: Float32Array): void {
  const { tokens, constraints } = sentence;
  const isTight = tokens.length + constraints.missingCount >= sentence.longest;
  const { best, likeliest } = choose(logProbabilities, (token) =>
    isTight ? constraints.allowsAtTheEnd(token) : constraints.allows(token),
  );
  sentence.logProbability += logProbabilities[best]!;
  if (best !== likeliest) sentence.masked = true;
  if (best === endId) {
    finish(sentence, isTight && likeliest !== endId);
    return;
  }
  tokens.push(best);
  constraints.said(best);
  const repeated = repeatedTail(tokens);
  if (repeated > 0) {
    tokens.length -= repeated;
    tokens.push(...constraints.missingTokens());
    finish(sentence, true);
  }
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

function finish(sentence: Growing, truncated: boolean): void {
  const { tokens, logProbability, masked } = sentence;
  const length = Math.max(1, tokens.length + (truncated ? 0 : 1));
  sentence.finished = { tokens, score: logProbability / length, masked, truncated };
}

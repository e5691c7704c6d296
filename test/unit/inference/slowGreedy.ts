/**
 * Greedy decoding written a second time, as plainly as can be: what may follow comes from outside, whole prefixes at a
 * time; rules are looked up in the tokens so far and nothing is kept between steps.
 */
import type { Hypothesis } from '../../../models/inference/hypothesis';
import { endId, firstByteId, isPlaceholder } from '../../../models/text/reservedTokens';

/** Log-probabilities over the vocabulary, of what follows each prefix. */
export type Model = (prefixes: readonly (readonly number[])[]) => Promise<readonly Float32Array[]>;

/** Where two tokens are nearer to each other than this, either may be said. */
export const margin = 1e-3;

/** All but attention, of which rules know nothing, and what only a beam ranks by. */
export type Spoken = Omit<Hypothesis, 'attended' | 'penalisedScore'>;

interface Sentence {
  readonly source: readonly number[];
  /** What a search has found; it decides where two tokens are equally likely. */
  readonly found: readonly number[] | undefined;
  readonly natural: number;
  tokens: number[];
  said: number[];
  masked: boolean;
  truncated: boolean;
  done: boolean;
}

export async function slowGreedy(
  model: Model,
  sources: readonly (readonly number[])[],
  found: readonly (readonly number[])[] = [],
): Promise<Spoken[]> {
  const sentences = sources.map((source, index): Sentence => {
    const natural = longestNaturalRepetition(source);
    const nothing = { tokens: [], said: [], masked: false, truncated: false, done: false };
    return { source, found: found[index], natural, ...nothing };
  });
  while (sentences.some(({ done }) => !done)) {
    const distributions = await model(sentences.map(({ tokens }) => tokens));
    sentences.forEach((sentence, index) => {
      if (!sentence.done) say(sentence, distributions[index]!);
    });
  }
  return sentences.map(({ tokens, said, masked, truncated }) => {
    const sum = said.reduce((total, value) => total + value, 0);
    const likelihoods = said.reduce((total, value) => total + Math.exp(value), 0);
    const [score, probability] = said.length === 0 ? [0, 0] : [sum / said.length, likelihoods / said.length];
    return { tokens, score, probability, masked, truncated };
  });
}

function say(sentence: Sentence, logProbabilities: Float32Array): void {
  const { source, tokens, found } = sentence;
  const missing = missingFrom(tokens, source);
  const everything = [...logProbabilities.keys()];
  const allowed = everything.filter((token) => {
    if (token === endId) return missing.length === 0;
    return token >= firstByteId || missing.includes(token);
  });
  const isTight = tokens.length + missing.length === source.length + 50;
  const narrow = missing.length > 0 ? missing : [endId];
  const possible = isTight || isSurelyOver(logProbabilities, missing) ? narrow : allowed;
  const likeliest = argmax(everything, logProbabilities);
  let best = argmax(possible, logProbabilities);
  const hint = found && (found[tokens.length] ?? endId);
  if (
    hint !== undefined &&
    possible.includes(hint) &&
    logProbabilities[best]! - logProbabilities[hint]! < margin
  )
    best = hint;
  if (best !== likeliest) {
    if (allowed.includes(likeliest)) sentence.truncated ||= isTight;
    else sentence.masked = true;
  }
  sentence.said.push(logProbabilities[best]!);
  if (best === endId) sentence.done = true;
  else cutWhereItRunsAway(sentence, [...tokens, best]);
}

/** The end is likelier than all else together, and may not be said yet. */
export function isSurelyOver(logProbabilities: Float32Array, missing: readonly number[]): boolean {
  return missing.length > 0 && Math.exp(logProbabilities[endId]!) > 0.5;
}

function cutWhereItRunsAway(sentence: Sentence, tokens: number[]): void {
  sentence.tokens = tokens;
  const cycle = runawayCycle(tokens, sentence.natural);
  if (cycle === undefined) return;
  while (repetitionAtTheEnd(tokens, cycle) > Math.max(cycle, sentence.natural)) {
    tokens.pop();
    sentence.said.pop();
  }
  const missing = missingFrom(tokens, sentence.source);
  if (missing.length > 0) sentence.masked = true;
  tokens.push(...missing);
  sentence.truncated = true;
  sentence.done = true;
}

/** Four times the same, and twelve tokens more than the source's own repetition. */
export function runawayCycle(tokens: readonly number[], natural: number): number | undefined {
  return Array.from({ length: 12 }, (_, index) => index + 1).find((cycle) => {
    const length = Math.max(4 * cycle, 12 + natural);
    return length <= tokens.length && isCyclic(tokens.slice(-length), cycle);
  });
}

/** How many tokens at the end are one cycle, said over and over. */
export function repetitionAtTheEnd(tokens: readonly number[], cycle: number): number {
  let length = cycle;
  while (length < tokens.length && isCyclic(tokens.slice(-length - 1), cycle)) length++;
  return length;
}

export function longestNaturalRepetition(source: readonly number[]): number {
  let longest = 0;
  for (let start = 0; start < source.length; start++) {
    for (let end = start + 2; end <= source.length; end++) {
      const part = source.slice(start, end);
      for (let cycle = 1; cycle <= 12 && 2 * cycle <= part.length; cycle++) {
        if (isCyclic(part, cycle)) longest = Math.max(longest, part.length);
      }
    }
  }
  return longest;
}

function isCyclic(tokens: readonly number[], cycle: number): boolean {
  return tokens.every((token, place) => place < cycle || token === tokens[place - cycle]);
}

export function missingFrom(tokens: readonly number[], source: readonly number[]): number[] {
  return [...new Set(source.filter(isPlaceholder))].filter((token) => !tokens.includes(token));
}

function argmax(tokens: readonly number[], logProbabilities: Float32Array): number {
  return tokens.reduce((best, token) => (logProbabilities[token]! > logProbabilities[best]! ? token : best));
}

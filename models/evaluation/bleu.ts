/**
 * BLEU, with the tokenisations, smoothings and numbers of sacreBLEU.
 *
 * Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation"; smoothings from Chen and
 * Cherry 2014, "A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU".
 */
import { countText, scoreCounted, type Metric } from './metric';
import { countNgrams, indexNgrams, matchNgrams, ngramsOfOrder } from './ngrams';
import { signatureOf, tokenizedReferences } from './signature';
import { tokenize, type TokenizerName } from './tokenizers';

const maximumOrder = 4;
const orders = [1, 2, 3, 4];

/**
 * What an order without a match counts as. `exp`: half of what the last such order counted as; `floor`: `value`
 * matches, 0.1 unless given; `add-k`: `value` is added to matches and totals above order 1, 1 unless given;
 * `none`: nothing, and the score is 0.
 */
export type BleuSmoothing =
  { readonly method: 'exp' | 'none' } | { readonly method: 'floor' | 'add-k'; readonly value?: number };

export interface BleuOptions {
  /** `13a` unless given. */
  readonly tokenizer?: TokenizerName;
  /** The references are tokenised already, so that only the hypothesis needs it; false unless given. */
  readonly referenceTokenized?: boolean;
  /** Compare without case; false unless given. */
  readonly lowercase?: boolean;
  /** `exp` unless given. */
  readonly smoothing?: BleuSmoothing;
  /** Average over the orders that the hypothesis is long enough for; false unless given, true for one sentence. */
  readonly effectiveOrder?: boolean;
}

/** Options with every default filled in. */
interface BleuSettings extends Required<BleuOptions> {
  readonly smoothing:
    { readonly method: 'exp' | 'none' } | { readonly method: 'floor' | 'add-k'; readonly value: number };
}

/** Arrays are by order, entry 0 for single words: `[4]`. */
export interface BleuScore {
  /** 0 to 100. */
  readonly score: number;
  /** Smoothed, in per cent. */
  readonly precisions: readonly number[];
  /** N-grams of the hypothesis that a reference has too (with what `add-k` added). */
  readonly counts: readonly number[];
  /** N-grams of the hypothesis (with what `add-k` added). */
  readonly totals: readonly number[];
  readonly brevityPenalty: number;
  /** In words. */
  readonly hypothesisLength: number;
  /** In words: of each line the reference that is closest in length. */
  readonly referenceLength: number;
  readonly signature: string;
}

/**
 * BLEU of a whole text.
 *
 * @param hypotheses the translation, a sentence a line, as it would be shown (not tokenised)
 * @param references one or more reference translations, each with as many lines
 * @throws UserError where line counts differ or there is nothing to score
 */
export function corpusBleu(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  options: BleuOptions = {},
): BleuScore {
  return scoreCounted(countText(bleuMetric(references.length, options), hypotheses, references));
}

/**
 * BLEU of one sentence: with effective order unless the options say otherwise, since few sentences have matches of
 * four words. A rough measure; chrF is better for single sentences.
 *
 * @throws UserError where there is no reference
 */
export function sentenceBleu(
  hypothesis: string,
  references: readonly string[],
  options: BleuOptions = {},
): BleuScore {
  return corpusBleu(
    [hypothesis],
    references.map((reference) => [reference]),
    { effectiveOrder: true, ...options },
  );
}

function complete(options: BleuOptions): BleuSettings {
  const {
    tokenizer = '13a',
    referenceTokenized = false,
    lowercase = false,
    smoothing = { method: 'exp' },
    effectiveOrder = false,
  } = options;
  const base = { tokenizer, referenceTokenized, lowercase, effectiveOrder };
  switch (smoothing.method) {
    case 'floor':
      return { ...base, smoothing: { method: 'floor', value: smoothing.value ?? 0.1 } };
    case 'add-k':
      return { ...base, smoothing: { method: 'add-k', value: smoothing.value ?? 1 } };
    case 'exp':
    case 'none':
      return { ...base, smoothing: { method: smoothing.method } };
  }
}

function signature(references: number, settings: BleuSettings): string {
  const { lowercase, effectiveOrder, tokenizer, referenceTokenized, smoothing } = settings;
  return signatureOf(references, lowercase, {
    eff: effectiveOrder,
    tok: tokenizer,
    ...(referenceTokenized && tokenizedReferences),
    smooth: 'value' in smoothing ? `${smoothing.method}[${smoothing.value.toFixed(2)}]` : smoothing.method,
  });
}

/**
 * BLEU as numbers that add up over lines: matches by order, n-grams of the hypothesis by order, words of the
 * hypothesis, words of the reference (of several the one that is closest in length).
 *
 * @param references how many references each line has
 */
export function bleuMetric(references: number, options: BleuOptions = {}): Metric<BleuScore> {
  const settings = complete(options);
  const signed = signature(references, settings);
  return {
    width: 2 * maximumOrder + 2,
    countLine: (hypothesis, referenceLines) => countLine(hypothesis, referenceLines, settings),
    scoreOf: (sums) => ({ ...scoreOf(sums, settings), signature: signed }),
  };
}

function countLine(
  hypothesis: string,
  references: readonly string[],
  { lowercase, tokenizer, referenceTokenized }: BleuSettings,
): number[] {
  const wordsOf = (line: string, name: TokenizerName): string[] =>
    tokenize(lowercase ? line.toLowerCase() : line, name);
  const hypothesisWords = wordsOf(hypothesis, tokenizer);
  const referenceWords = references.map((line) => wordsOf(line, referenceTokenized ? 'none' : tokenizer));
  const index = indexNgrams([hypothesisWords, ...referenceWords], maximumOrder);
  const [hypothesisNgrams = [], ...referenceNgrams] = index.occurrences;

  // An n-gram may match as often as it occurs in the reference that has most of it.
  const allowed = new Int32Array(index.orders.length);
  for (const ngrams of referenceNgrams) {
    countNgrams(ngrams, index).forEach((count, ngram) => {
      if (count > allowed[ngram]!) allowed[ngram] = count;
    });
  }
  const { length } = hypothesisWords;
  const referenceLengths = referenceWords.map((reference) => reference.length);
  return [
    ...matchNgrams(hypothesisNgrams, allowed, index, maximumOrder),
    ...orders.map((order) => ngramsOfOrder(length, order)),
    length,
    closest(length, referenceLengths),
  ];
}

/** The length nearest to `length`; of two equally near ones the shorter. */
function closest(length: number, candidates: readonly number[]): number {
  return candidates.reduce((best, candidate) => {
    const nearer = Math.abs(candidate - length) - Math.abs(best - length);
    return nearer < 0 || (nearer === 0 && candidate < best) ? candidate : best;
  });
}

/** Papineni et al. 2002, §2.3: BP · exp(mean of log precisions). */
function scoreOf(sums: Float64Array, settings: BleuSettings): Omit<BleuScore, 'signature'> {
  const counts = Array.from(sums.subarray(0, maximumOrder));
  const totals = Array.from(sums.subarray(maximumOrder, 2 * maximumOrder));
  const [hypothesisLength = 0, referenceLength = 0] = sums.subarray(2 * maximumOrder);
  const precisions = orders.map(() => 0);
  const brevityPenalty = penalty(hypothesisLength, referenceLength);
  const result = { precisions, counts, totals, brevityPenalty, hypothesisLength, referenceLength };
  // Without any match no smoothing may lift the score above 0.
  if (counts.every((count) => count === 0)) return { score: 0, ...result };

  let averaged = maximumOrder;
  let halving = 1;
  for (let order = 0; order < maximumOrder; order++) {
    if (settings.smoothing.method === 'add-k' && order > 0) {
      counts[order]! += settings.smoothing.value;
      totals[order]! += settings.smoothing.value;
    }
    if (totals[order] === 0) break;
    if (settings.effectiveOrder) averaged = order + 1;
    let count = counts[order]!;
    if (count === 0 && settings.smoothing.method === 'exp') {
      halving /= 2;
      count = halving;
    } else if (count === 0 && settings.smoothing.method === 'floor') {
      count = settings.smoothing.value;
    }
    precisions[order] = (100 * count) / totals[order]!;
  }
  const logarithms = precisions.slice(0, averaged).map((precision) => Math.log(precision));
  const mean = logarithms.reduce((sum, logarithm) => sum + logarithm, 0) / averaged;
  return { score: brevityPenalty * Math.exp(mean), ...result };
}

function penalty(hypothesisLength: number, referenceLength: number): number {
  if (hypothesisLength >= referenceLength) return 1;
  return hypothesisLength === 0 ? 0 : Math.exp(1 - referenceLength / hypothesisLength);
}

/**
 * chrF: the F-score of character n-grams (and of words, as chrF++), with sacreBLEU's numbers.
 *
 * Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation"; Popović 2017, "chrF++: words helping
 * character n-grams".
 */
import { countText, scoreCounted, type Metric } from './metric';
import { countNgrams, indexNgrams, matchNgrams, ngramsOfOrder } from './ngrams';
import { signatureOf, tokenizedReferences } from './signature';
import { splitAtWhiteSpace, tokenize, type TokenizerName } from './tokenizers';

export interface ChrfOptions {
  /** Longest character n-gram; 6 unless given. */
  readonly characterOrder?: number;
  /** Longest word n-gram; 0 (none) unless given, 2 makes chrF++. */
  readonly wordOrder?: number;
  /** How many times as much recall weighs as precision; 2 unless given. */
  readonly beta?: number;
  /** Compare without case; false unless given. */
  readonly lowercase?: boolean;
  /** Count white space among the characters; false unless given. */
  readonly whiteSpace?: boolean;
  /**
   * For references that are tokenised already: how the hypothesis becomes like them. Texts are compared as they are
   * unless given.
   */
  readonly hypothesisTokenizer?: TokenizerName;
}

/** Options with every default filled in. */
type ChrfSettings = Required<Omit<ChrfOptions, 'hypothesisTokenizer'>> & ChrfOptions;

export interface ChrfScore {
  /** With beta and, for word n-grams, a `+` each: `chrF2`, `chrF2++`. */
  readonly name: string;
  /** 0 to 100. */
  readonly score: number;
  readonly signature: string;
}

/** Counts of one order of n-grams: in the hypothesis, in the reference, and in both. */
interface OrderCounts {
  hypothesis: number;
  reference: number;
  matches: number;
}

/**
 * chrF of a whole text, from n-gram counts summed over its lines. Of several references each line takes the one that
 * scores best.
 *
 * @param hypotheses the translation, a sentence a line
 * @param references one or more reference translations, each with as many lines
 * @throws UserError where line counts differ or there is nothing to score
 */
export function corpusChrf(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  options: ChrfOptions = {},
): ChrfScore {
  return scoreCounted(countText(chrfMetric(references.length, options), hypotheses, references));
}

/**
 * chrF of one sentence.
 *
 * @throws UserError where there is no reference
 */
export function sentenceChrf(
  hypothesis: string,
  references: readonly string[],
  options: ChrfOptions = {},
): ChrfScore {
  return corpusChrf(
    [hypothesis],
    references.map((reference) => [reference]),
    options,
  );
}

function complete(options: ChrfOptions): ChrfSettings {
  const defaults = { characterOrder: 6, wordOrder: 0, beta: 2, lowercase: false, whiteSpace: false };
  return { ...defaults, ...options };
}

function signature(references: number, settings: ChrfSettings): string {
  return signatureOf(references, settings.lowercase, {
    // Orders that a side is too short for are always left out of the average, as sacreBLEU does unless told otherwise.
    eff: true,
    nc: settings.characterOrder,
    nw: settings.wordOrder,
    space: settings.whiteSpace,
    ...(settings.hypothesisTokenizer && { tok: settings.hypothesisTokenizer, ...tokenizedReferences }),
  });
}

/**
 * chrF as numbers that add up over lines: for each order of characters, then of words, the n-grams of the hypothesis,
 * of the reference, and of both.
 *
 * @param references how many references each line has
 */
export function chrfMetric(references: number, options: ChrfOptions = {}): Metric<ChrfScore> {
  const settings = complete(options);
  const name = `chrF${settings.beta}${'+'.repeat(settings.wordOrder)}`;
  const signed = signature(references, settings);
  return {
    width: 3 * (settings.characterOrder + settings.wordOrder),
    countLine: (hypothesis, referenceLines) =>
      countLine(hypothesis, referenceLines, settings).flatMap((counts) => [
        counts.hypothesis,
        counts.reference,
        counts.matches,
      ]),
    scoreOf: (sums) => ({ name, score: fScore(ordersOf(sums), settings.beta), signature: signed }),
  };
}

function ordersOf(sums: Float64Array): OrderCounts[] {
  return Array.from({ length: sums.length / 3 }, (_, order) => {
    const [hypothesis = 0, reference = 0, matches = 0] = sums.subarray(3 * order);
    return { hypothesis, reference, matches };
  });
}

/** Counts against the best-scoring reference: characters by order, then words by order. */
function countLine(
  hypothesis: string,
  references: readonly string[],
  settings: ChrfSettings,
): readonly OrderCounts[] {
  const { lowercase, hypothesisTokenizer } = settings;
  const lines = [hypothesis, ...references].map((line) => (lowercase ? line.toLowerCase() : line));
  if (hypothesisTokenizer) lines[0] = tokenize(lines[0]!, hypothesisTokenizer).join(' ');
  const characters = lines.map((line) =>
    Array.from(settings.whiteSpace ? line : splitAtWhiteSpace(line).join('')),
  );
  const byReference = countsByReference(characters, settings.characterOrder);
  if (settings.wordOrder > 0) {
    const words = countsByReference(lines.map(wordsOf), settings.wordOrder);
    words.forEach((counts, reference) => byReference[reference]!.push(...counts));
  }
  return byReference.reduce((best, candidate) =>
    fScore(candidate, settings.beta) > fScore(best, settings.beta) ? candidate : best,
  );
}

/**
 * @param sequences the hypothesis, then the references
 * @returns counts by reference and order: `[references, maximumOrder]`
 */
function countsByReference(sequences: readonly (readonly string[])[], maximumOrder: number): OrderCounts[][] {
  const index = indexNgrams(sequences, maximumOrder);
  const [hypothesis = [], ...references] = sequences;
  const [hypothesisNgrams = [], ...referenceNgrams] = index.occurrences;
  return references.map((reference, number) => {
    const referenceCounts = countNgrams(referenceNgrams[number]!, index);
    const matches = matchNgrams(hypothesisNgrams, referenceCounts, index, maximumOrder);
    return matches.map((match, order) => {
      const inReference = ngramsOfOrder(reference.length, order + 1);
      return {
        // N-grams longer than the reference cannot match, so they do not count against the hypothesis.
        hypothesis: inReference > 0 ? ngramsOfOrder(hypothesis.length, order + 1) : 0,
        reference: inReference,
        matches: match,
      };
    });
  });
}

/** Words with one ASCII punctuation mark split off: the last character if it is one, else the first (as chrF++ does). */
function wordsOf(line: string): string[] {
  return splitAtWhiteSpace(line).flatMap((word) => {
    if (word.length === 1) return [word];
    if (isPunctuation(word.at(-1)!)) return [word.slice(0, -1), word.at(-1)!];
    if (isPunctuation(word[0]!)) return [word[0]!, word.slice(1)];
    return [word];
  });
}

function isPunctuation(character: string): boolean {
  return /[!-/:-@[-`{-~]/.test(character);
}

/** F-score of precision and recall averaged over the orders that both sides are long enough for, times 100. */
function fScore(orders: readonly OrderCounts[], beta: number): number {
  const effective = orders.filter((counts) => counts.hypothesis > 0 && counts.reference > 0);
  if (effective.length === 0) return 0;
  let precision = 0;
  let recall = 0;
  for (const counts of effective) {
    precision += counts.matches / counts.hypothesis / effective.length;
    recall += counts.matches / counts.reference / effective.length;
  }
  if (precision + recall === 0) return 0;
  const weight = beta ** 2;
  return (100 * (1 + weight) * precision * recall) / (weight * precision + recall);
}

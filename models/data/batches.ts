/** Batches by approximate length and token budget, §5.1. */
import type { EncodedCorpus } from './encodedCorpus';
import { randomWords, shuffle } from './random';

/** Reserved token ids that frame a sentence. */
export interface Framing {
  readonly padding: number;
  readonly start: number;
  readonly end: number;
}

export interface Batch {
  readonly size: number;
  readonly sourceLength: number;
  readonly targetLength: number;
  /** `[size, sourceLength]`: tokens, end, padding. */
  readonly sourceIds: Int32Array;
  /** `[size, targetLength]`: start, tokens, padding; what the decoder sees. */
  readonly targetIds: Int32Array;
  /** `[n]`: the places in the flattened `[size·targetLength]` that are no padding. */
  readonly rows: Int32Array;
  /** `[n]`: the token that each of them is to predict: the targets' tokens and their ends. */
  readonly labels: Int32Array;
}

/** Of a corpus, what batches are planned by. */
export interface PairLengths {
  readonly size: number;
  /** Tokens of a pair's source, without its end. */
  sourceLength(pair: number): number;
  targetLength(pair: number): number;
}

/** Some neighbouring pairs of a corpus, and how often each of them is seen in an epoch. */
export interface WeightedPart {
  readonly pairs: number;
  /** 2: twice; 0.5: half of them, other ones each epoch; 1.5: all of them once, and half of them once more. */
  readonly weight: number;
}

export interface PlanOptions {
  /** Padded positions of a batch on either side, at most; the ends of sentences count. */
  readonly tokens: number;
  readonly seed: number;
  readonly epoch: number;
  /** All pairs, part by part; the whole corpus once unless given. */
  readonly parts?: readonly WeightedPart[];
}

/**
 * The batches of one epoch as lists of pair numbers, in random order. Pairs of like length stand together; which of
 * them do is random. The same options give the same batches. A pair that is longer than the budget is a batch alone.
 */
export function planEpoch(corpus: PairLengths, options: PlanOptions): Uint32Array[] {
  const words = randomWords(options.seed, options.epoch);
  const drawn = drawPairs(options.parts ?? [{ pairs: corpus.size, weight: 1 }], words);
  shuffle(drawn, words);
  const batches = cutIntoBatches(sortByLength(drawn, corpus), corpus, options.tokens);
  const places = Uint32Array.from(batches, (_, index) => index);
  shuffle(places, words);
  return Array.from(places, (place) => batches[place]!);
}

/** A batch whose padding would grow above this share of its positions ends early … */
const leastFilled = 0.9;
/** … if it has used this share of its budget: where lengths are far apart, half-empty batches would be the rule. */
const leastUsed = 0.7;

function cutIntoBatches(order: Uint32Array, corpus: PairLengths, tokens: number): Uint32Array[] {
  const batches: Uint32Array[] = [];
  let first = 0;
  /** Of the batch in hand; lengths with the ends of sentences. */
  let sourceLength = 0;
  let targetLength = 0;
  let filled = 0;
  for (let index = 0; index < order.length; index++) {
    const source = corpus.sourceLength(order[index]!) + 1;
    const target = corpus.targetLength(order[index]!) + 1;
    const size = index - first;
    const wider = Math.max(source, sourceLength);
    const longer = Math.max(target, targetLength);
    const share = filled / (size * (sourceLength + targetLength));
    const newShare = (filled + source + target) / ((size + 1) * (wider + longer));
    const isFull = Math.max(wider, longer) * (size + 1) > tokens;
    const isBetterCut =
      newShare < leastFilled &&
      newShare < share &&
      Math.max(sourceLength, targetLength) * size >= leastUsed * tokens;
    if (size > 0 && (isFull || isBetterCut)) {
      batches.push(order.subarray(first, index));
      [first, sourceLength, targetLength, filled] = [index, source, target, source + target];
    } else {
      [sourceLength, targetLength, filled] = [wider, longer, filled + source + target];
    }
  }
  if (first < order.length) batches.push(order.subarray(first));
  return batches;
}

/** The pairs of an epoch, with repetitions: as often as their part's weight says. */
function drawPairs(parts: readonly WeightedPart[], words: () => number): Uint32Array {
  const draws: Uint32Array[] = [];
  let first = 0;
  for (const { pairs, weight } of parts) {
    const from = first;
    const all = Uint32Array.from({ length: pairs }, (_, index) => from + index);
    for (let times = Math.floor(weight); times > 0; times--) draws.push(all);
    const rest = Math.round((weight % 1) * pairs);
    if (rest > 0) {
      const some = all.slice();
      shuffle(some, words);
      draws.push(some.subarray(0, rest));
    }
    first += pairs;
  }
  const drawn = new Uint32Array(draws.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const draw of draws) {
    drawn.set(draw, place);
    place += draw.length;
  }
  return drawn;
}

function longerSide(corpus: PairLengths, pair: number): number {
  return Math.max(corpus.sourceLength(pair), corpus.targetLength(pair));
}

/**
 * Sorts by the length of the longer side, and pairs that are equal in it by how much longer the source is, rising and
 * falling in turn, so that neighbours are alike on both sides. Stable: pairs of equal lengths stay shuffled. Sorting by
 * the target's length instead leaves a quarter of the source's positions empty in batches of 25,000 tokens.
 */
function sortByLength(order: Uint32Array, corpus: PairLengths): Uint32Array {
  let longest = 0;
  for (const pair of order) longest = Math.max(longest, longerSide(corpus, pair));
  const difference = (pair: number): number => {
    const longer = corpus.sourceLength(pair) - corpus.targetLength(pair);
    return longest + (longerSide(corpus, pair) % 2 === 0 ? longer : -longer);
  };
  return countingSort(
    countingSort(order, difference, 2 * longest),
    (pair) => longerSide(corpus, pair),
    longest,
  );
}

/** A stable sort by whole numbers from 0 to `largest`, in linear time. */
function countingSort(order: Uint32Array, key: (item: number) => number, largest: number): Uint32Array {
  const places = new Uint32Array(largest + 2);
  for (const item of order) places[key(item) + 1]!++;
  for (let index = 1; index < places.length; index++) places[index]! += places[index - 1]!;
  const sorted = new Uint32Array(order.length);
  for (const item of order) sorted[places[key(item)]!++] = item;
  return sorted;
}

/** Pads the pairs to one length a side. */
export function makeBatch(corpus: EncodedCorpus, pairs: ArrayLike<number>, framing: Framing): Batch {
  const list = Array.from(pairs);
  const size = list.length;
  const sourceLength = list.reduce((longest, pair) => Math.max(longest, corpus.sourceLength(pair)), 0) + 1;
  const targetLength = list.reduce((longest, pair) => Math.max(longest, corpus.targetLength(pair)), 0) + 1;
  const sourceIds = new Int32Array(size * sourceLength).fill(framing.padding);
  const targetIds = new Int32Array(size * targetLength).fill(framing.padding);
  const count = list.reduce((sum, pair) => sum + corpus.targetLength(pair) + 1, 0);
  const rows = new Int32Array(count);
  const labels = new Int32Array(count);
  let row = 0;
  list.forEach((pair, index) => {
    const source = corpus.source(pair);
    sourceIds.set(source, index * sourceLength);
    sourceIds[index * sourceLength + source.length] = framing.end;
    const target = corpus.target(pair);
    const start = index * targetLength;
    targetIds[start] = framing.start;
    targetIds.set(target, start + 1);
    for (let place = 0; place <= target.length; place++, row++) {
      rows[row] = start + place;
      labels[row] = place < target.length ? target[place]! : framing.end;
    }
  });
  return { size, sourceLength, targetLength, sourceIds, targetIds, rows, labels };
}

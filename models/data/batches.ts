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

/**
 * The batches of one epoch as lists of pair numbers: pairs of like length together, at most `tokens` padded positions
 * on either side, in random order. The same seed and epoch give the same batches.
 */
export function planEpoch(corpus: EncodedCorpus, tokens: number, seed: number, epoch: number): Uint32Array[] {
  const words = randomWords(seed, epoch);
  const order = Uint32Array.from({ length: corpus.size }, (_, pair) => pair);
  shuffle(order, words);
  const key = (pair: number): number => corpus.targetLength(pair) * 4096 + corpus.sourceLength(pair);
  // Stable, so that pairs of equal lengths stay shuffled.
  order.sort((a, b) => key(a) - key(b));
  const batches: Uint32Array[] = [];
  let first = 0;
  let longest = 0;
  for (let index = 0; index < order.length; index++) {
    const pair = order[index]!;
    const length = Math.max(longest, corpus.sourceLength(pair) + 1, corpus.targetLength(pair) + 1);
    if (index > first && length * (index - first + 1) > tokens) {
      batches.push(order.slice(first, index));
      first = index;
      longest = Math.max(corpus.sourceLength(pair) + 1, corpus.targetLength(pair) + 1);
    } else longest = length;
  }
  if (first < order.length) batches.push(order.slice(first));
  const places = Uint32Array.from(batches, (_, index) => index);
  shuffle(places, words);
  return Array.from(places, (place) => batches[place]!);
}

/** Pads the pairs to one length a side. */
export function makeBatch(corpus: EncodedCorpus, pairs: ArrayLike<number>, framing: Framing): Batch {
  const list = Array.from(pairs);
  const size = list.length;
  const sourceLength = Math.max(...list.map((pair) => corpus.sourceLength(pair))) + 1;
  const targetLength = Math.max(...list.map((pair) => corpus.targetLength(pair))) + 1;
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

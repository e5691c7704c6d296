/**
 * N-grams of one segment: numbered, counted and matched. BLEU uses it on words, chrF on characters.
 */

/** The n-grams of several sequences under shared numbers. */
export interface NgramIndex {
  /** For each sequence the number of every n-gram in it, as often as it occurs. */
  readonly occurrences: readonly (readonly number[])[];
  /** By n-gram number: of how many symbols it is. Number 0 is the empty n-gram, which occurs nowhere. */
  readonly orders: readonly number[];
}

/**
 * Numbers all n-grams of 1 to `maximumOrder` symbols in `sequences`, equal ones alike.
 *
 * An n-gram is a path in a trie, so its number follows from that of the n-gram one shorter and one symbol more. That
 * costs one look-up by a small integer each, where building the n-grams as strings costs several times as much.
 */
export function indexNgrams(sequences: readonly (readonly string[])[], maximumOrder: number): NgramIndex {
  const symbolNumbers = new Map<string, number>();
  const numbered = sequences.map((sequence) =>
    sequence.map((symbol) => {
      const number = symbolNumbers.get(symbol) ?? symbolNumbers.size;
      if (number === symbolNumbers.size) symbolNumbers.set(symbol, number);
      return number;
    }),
  );
  const alphabet = symbolNumbers.size;
  const children = new Map<number, number>();
  const orders = [0];

  const occurrences = numbered.map((symbols) => {
    const found: number[] = [];
    for (let start = 0; start < symbols.length; start++) {
      const end = Math.min(start + maximumOrder, symbols.length);
      let ngram = 0;
      for (let position = start; position < end; position++) {
        const key = ngram * alphabet + symbols[position]!;
        let longer = children.get(key);
        if (longer === undefined) {
          longer = orders.length;
          orders.push(position - start + 1);
          children.set(key, longer);
        }
        found.push(longer);
        ngram = longer;
      }
    }
    return found;
  });
  return { occurrences, orders };
}

/** How often each n-gram occurs: counts by n-gram number, `[orders.length]`. */
export function countNgrams(occurrences: readonly number[], index: NgramIndex): Int32Array {
  const counts = new Int32Array(index.orders.length);
  for (const ngram of occurrences) counts[ngram]!++;
  return counts;
}

/**
 * Clipped matches: how many of the hypothesis's n-grams the reference also has, each counted at most as often as it
 * occurs there (Papineni et al. 2002, §2.1.1).
 *
 * @param hypothesis n-gram numbers of the hypothesis
 * @param referenceCounts counts by n-gram number, used up by the call
 * @returns matches by order; entry 0 is for one symbol, `[maximumOrder]`
 */
export function matchNgrams(
  hypothesis: readonly number[],
  referenceCounts: Int32Array,
  index: NgramIndex,
  maximumOrder: number,
): number[] {
  const matches = new Array<number>(maximumOrder).fill(0);
  for (const ngram of hypothesis) {
    if (referenceCounts[ngram]! === 0) continue;
    referenceCounts[ngram]!--;
    matches[index.orders[ngram]! - 1]!++;
  }
  return matches;
}

/** How many n-grams of one order a sequence of `length` symbols holds. */
export function ngramsOfOrder(length: number, order: number): number {
  return Math.max(0, length - order + 1);
}

// Applies learned merges to one word: of the pairs present the one learned first merges first, the leftmost of
// several alike (Sennrich, Haddow & Birch 2016, §3.2; the order in which Hugging Face's BPE merges).

import { PriorityHeap } from './priorityHeap';

/** A merge rule in token ids. */
export interface MergeRule {
  readonly left: number;
  readonly right: number;
  readonly result: number;
}

const none = -1;
/** Longer words are merged whole: looking at every pair for each merge would be a trap. */
const longestDropped = 64;

export class BytePairEncoder {
  private readonly rankOfPair = new Map<number, number>();

  /** `rules` in the order learned; `size` is above every id in them. */
  constructor(
    private readonly rules: readonly MergeRule[],
    private readonly size: number,
  ) {
    rules.forEach(({ left, right }, rank) => this.rankOfPair.set(left * size + right, rank));
  }

  /** Merges the ids of a word's characters, in place, and returns them. n log n, so that a long run is no trap. */
  merge(ids: number[]): number[] {
    if (ids.length < 2) return ids;
    const next = ids.map((_, place) => (place + 1 < ids.length ? place + 1 : none));
    const previous = ids.map((_, place) => place - 1);
    /** The rank of the pair that starts at a place; what the heap holds otherwise is outdated. */
    const rankAt = new Array<number>(ids.length).fill(none);
    const heap = new PriorityHeap((place, other) => place < other);
    const look = (place: number): void => {
      const after = next[place]!;
      const rank = after === none ? none : this.rank(ids[place]!, ids[after]!);
      rankAt[place] = rank;
      if (rank !== none) heap.push(-rank, place);
    };
    ids.forEach((_, place) => look(place));
    for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
      const place = top.item;
      const rank = -top.priority;
      if (rankAt[place] !== rank) continue;
      const swallowed = next[place]!;
      const after = next[swallowed]!;
      ids[place] = this.rules[rank]!.result;
      rankAt[swallowed] = none;
      next[place] = after;
      if (after !== none) previous[after] = place;
      look(place);
      if (previous[place] !== none) look(previous[place]!);
    }
    let length = 0;
    for (let place = 0; place !== none; place = next[place]!) ids[length++] = ids[place]!;
    ids.length = length;
    return ids;
  }

  /**
   * As `merge`, but each merge that could be next is passed over by chance, so that a word comes in other pieces every
   * time (BPE-dropout; Provilkov, Emelianenko & Voita 2020, algorithm 1).
   */
  mergeWithDropout(ids: number[], isDropped: () => boolean): number[] {
    if (ids.length > longestDropped) return this.merge(ids);
    for (;;) {
      let best = none;
      let at = none;
      for (let place = 0; place + 1 < ids.length; place++) {
        const rank = this.rank(ids[place]!, ids[place + 1]!);
        if (rank !== none && (best === none || rank < best) && !isDropped()) [best, at] = [rank, place];
      }
      if (best === none) return ids;
      ids.splice(at, 2, this.rules[best]!.result);
    }
  }

  private rank(left: number, right: number): number {
    return this.rankOfPair.get(left * this.size + right) ?? none;
  }
}

// Learns byte-pair merges (Sennrich, Haddow & Birch 2016, §3.2): the commonest pair of neighbouring symbols
// becomes a new symbol, again and again.
//
// Counts are kept up to date instead of recounted. Every position belongs to the doubly linked list of the pair
// that starts there, so that a merge touches only the places where its pair stands.

import { PriorityHeap } from './priorityHeap';

/** Words as sequences of symbols (indices into `symbols`), with how often each occurs. */
export interface MergeProblem {
  /** The text of each initial symbol. */
  readonly symbols: readonly string[];
  readonly words: readonly { readonly symbols: readonly number[]; readonly count: number }[];
  /** Learning stops at this many symbols, or when no pair occurs at least twice. */
  readonly size: number;
  /** Called after each merge with the number of symbols made so far and the number wanted. */
  readonly onProgress?: ((made: number, of: number) => void) | undefined;
}

/** The symbols, initial ones first, and the merges in order as pairs of indices into them. */
export interface LearnedMerges {
  readonly symbols: string[];
  readonly merges: [left: number, right: number][];
}

const none = -1;
/** Wider than any vocabulary, so that two symbols pack into one exact number. */
const keyStride = 2 ** 24;

/**
 * Learns merges. Of pairs with equal counts the one with the larger text goes first (left part, then right part,
 * by UTF-16 units), so that the result depends on the counts alone; subword-nmt does the same.
 */
export function learnMerges(problem: MergeProblem): LearnedMerges {
  const learner = new MergeLearner(problem);
  const initial = problem.symbols.length;
  const wanted = Math.max(0, problem.size - initial);
  while (learner.symbols.length < problem.size && learner.mergeCommonest()) {
    problem.onProgress?.(learner.symbols.length - initial, wanted);
  }
  return { symbols: learner.symbols, merges: learner.merges };
}

class MergeLearner {
  readonly symbols: string[];
  readonly merges: [left: number, right: number][] = [];

  // One entry a position; `previous` and `next` skip what merges have swallowed.
  private readonly symbolAt: Int32Array;
  private readonly weightAt: Int32Array;
  private readonly previous: Int32Array;
  private readonly next: Int32Array;
  private readonly pairAt: Int32Array;
  private readonly previousSame: Int32Array;
  private readonly nextSame: Int32Array;

  // One entry a pair.
  private readonly pairOfKey = new Map<number, number>();
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly counts: number[] = [];
  private readonly firstPlace: number[] = [];

  private readonly heap = new PriorityHeap((pair, other) => this.precedes(pair, other));
  /** Pairs whose counts have grown since the heap last saw them. */
  private readonly grown = new Set<number>();

  constructor({ symbols, words }: MergeProblem) {
    this.symbols = [...symbols];
    const length = words.reduce((sum, word) => sum + word.symbols.length, 0);
    this.symbolAt = new Int32Array(length);
    this.weightAt = new Int32Array(length);
    this.previous = new Int32Array(length).fill(none);
    this.next = new Int32Array(length).fill(none);
    this.pairAt = new Int32Array(length).fill(none);
    this.previousSame = new Int32Array(length).fill(none);
    this.nextSame = new Int32Array(length).fill(none);
    let position = 0;
    for (const word of words) {
      const start = position;
      for (const symbol of word.symbols) {
        this.symbolAt[position] = symbol;
        this.weightAt[position] = word.count;
        if (position > start) {
          this.previous[position] = position - 1;
          this.next[position - 1] = position;
        }
        position++;
      }
    }
    for (let place = 0; place < length; place++) this.link(place);
    this.offerGrown();
  }

  /** Merges the commonest pair everywhere; false when none occurs at least twice. */
  mergeCommonest(): boolean {
    for (;;) {
      const top = this.heap.pop();
      if (top === undefined) return false;
      const count = this.counts[top.item]!;
      if (count < 2) continue;
      if (count < top.priority) this.heap.push(count, top.item);
      else if (count === top.priority) {
        this.merge(top.item);
        return true;
      }
    }
  }

  private merge(pair: number): void {
    const left = this.left[pair]!;
    const right = this.right[pair]!;
    // A text is made by one merge only: between borders that no merge has crossed, merging goes the same way
    // everywhere. So this symbol is new, and the pair will not come back.
    const symbol = this.symbols.length;
    this.symbols.push(this.symbols[left]! + this.symbols[right]!);
    this.merges.push([left, right]);

    const places: number[] = [];
    for (let place = this.firstPlace[pair]!; place !== none; place = this.nextSame[place]!)
      places.push(place);
    // In “aaa” the first two merge, as they do when encoding.
    if (left === right) places.sort((a, b) => a - b);
    for (const place of places) {
      if (this.pairAt[place] === pair) this.mergeAt(place, symbol);
    }
    this.offerGrown();
  }

  private mergeAt(place: number, symbol: number): void {
    const swallowed = this.next[place]!;
    const before = this.previous[place]!;
    const after = this.next[swallowed]!;
    if (before !== none) this.unlink(before);
    this.unlink(place);
    this.unlink(swallowed);
    this.symbolAt[place] = symbol;
    this.next[place] = after;
    if (after !== none) this.previous[after] = place;
    if (before !== none) this.link(before);
    this.link(place);
  }

  /** Counts the pair that starts at a place, if one does. */
  private link(place: number): void {
    const next = this.next[place]!;
    if (next === none) return;
    const pair = this.pairOf(this.symbolAt[place]!, this.symbolAt[next]!);
    const first = this.firstPlace[pair]!;
    this.pairAt[place] = pair;
    this.previousSame[place] = none;
    this.nextSame[place] = first;
    if (first !== none) this.previousSame[first] = place;
    this.firstPlace[pair] = place;
    this.counts[pair] = this.counts[pair]! + this.weightAt[place]!;
    this.grown.add(pair);
  }

  private unlink(place: number): void {
    const pair = this.pairAt[place]!;
    if (pair === none) return;
    const previous = this.previousSame[place]!;
    const next = this.nextSame[place]!;
    if (previous === none) this.firstPlace[pair] = next;
    else this.nextSame[previous] = next;
    if (next !== none) this.previousSame[next] = previous;
    this.pairAt[place] = none;
    this.counts[pair] = this.counts[pair]! - this.weightAt[place]!;
  }

  private pairOf(left: number, right: number): number {
    const key = left * keyStride + right;
    let pair = this.pairOfKey.get(key);
    if (pair === undefined) {
      pair = this.left.length;
      this.pairOfKey.set(key, pair);
      this.left.push(left);
      this.right.push(right);
      this.counts.push(0);
      this.firstPlace.push(none);
    }
    return pair;
  }

  private offerGrown(): void {
    for (const pair of this.grown) {
      const count = this.counts[pair]!;
      if (count >= 2) this.heap.push(count, pair);
    }
    this.grown.clear();
  }

  private precedes(pair: number, other: number): boolean {
    const left = this.left[pair]!;
    const otherLeft = this.left[other]!;
    if (left !== otherLeft) return this.symbols[left]! > this.symbols[otherLeft]!;
    return this.symbols[this.right[pair]!]! > this.symbols[this.right[other]!]!;
  }
}

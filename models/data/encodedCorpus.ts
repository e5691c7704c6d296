/** Encoded pairs in memory, in one flat array: those of a batch, or all that are validated on. */

export interface EncodedPair {
  /** Token ids, without start and end. */
  readonly source: ArrayLike<number> & Iterable<number>;
  readonly target: ArrayLike<number> & Iterable<number>;
}

export class EncodedCorpus {
  private constructor(
    private readonly tokens: Int32Array,
    /** Pair i: source from starts[2i] to starts[2i+1], target from there to starts[2i+2]. */
    private readonly starts: Uint32Array,
  ) {}

  static from(pairs: Iterable<EncodedPair>): EncodedCorpus {
    let tokens = new Int32Array(1 << 12);
    let count = 0;
    const starts: number[] = [0];
    const append = (ids: EncodedPair['source']): void => {
      while (count + ids.length > tokens.length) {
        const larger = new Int32Array(tokens.length * 2);
        larger.set(tokens);
        tokens = larger;
      }
      tokens.set(ids, count);
      count += ids.length;
      starts.push(count);
    };
    for (const { source, target } of pairs) {
      append(source);
      append(target);
    }
    return new EncodedCorpus(tokens.slice(0, count), Uint32Array.from(starts));
  }

  get size(): number {
    return (this.starts.length - 1) / 2;
  }

  source(pair: number): Int32Array {
    return this.tokens.subarray(this.starts[2 * pair], this.starts[2 * pair + 1]);
  }

  target(pair: number): Int32Array {
    return this.tokens.subarray(this.starts[2 * pair + 1], this.starts[2 * pair + 2]);
  }

  sourceLength(pair: number): number {
    return this.starts[2 * pair + 1]! - this.starts[2 * pair]!;
  }

  targetLength(pair: number): number {
    return this.starts[2 * pair + 2]! - this.starts[2 * pair + 1]!;
  }
}

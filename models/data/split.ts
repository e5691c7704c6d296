/** What is trained on and what is validated on: no source sentence in both. */
import path from 'node:path';
import { UserError } from '../userError';
import { TextSet } from './pairSet';
import { randomWords, shuffle } from './random';
import type { SentencePair } from './readers/candidates';
import { readSpool } from './spool';

/** Spools in a folder; that of validation pairs is there where a person gave some. */
export const spoolNames = { training: 'training.pairs', validation: 'validation.pairs' } as const;

/** What was read into the spools of a folder. */
export interface SpoolCounts {
  /** Pairs of each training corpus. */
  readonly pairs: readonly number[];
  /** Pairs to validate on that a person gave; 0: some of the training pairs are held out. */
  readonly validationPairs: number;
}

export interface SplitOptions {
  /** How many to hold out where no validation pairs were given, as far as there are enough: `heldOutOf`. */
  readonly heldOut: number;
  readonly seed: number;
}

/** Of a small corpus no more than this is held out: what is left must be worth training on. */
const mostHeldOut = 0.2;

/** How many of so many pairs are held out where `wanted` are asked for; at least one. */
export function heldOutOf(pairs: number, wanted: number): number {
  return Math.min(wanted, Math.max(1, Math.floor(pairs * mostHeldOut)));
}

export class Split {
  /** Numbers of the training pairs that are held out. */
  private readonly heldOut: ReadonlySet<number>;
  private readonly validationSources = new TextSet();
  /** Training pairs left out so far because their source is validated on; whole once `training` has ended. */
  shared = 0;

  /** @throws UserError where there is nothing to hold out */
  constructor(
    private readonly folder: string,
    private readonly counts: SpoolCounts,
    { heldOut, seed }: SplitOptions,
  ) {
    const total = counts.pairs.reduce((sum, pairs) => sum + pairs, 0);
    if (counts.validationPairs === 0 && total < 2) {
      throw new UserError(
        `The corpus has ${total === 1 ? 'one pair' : 'no pairs'}, and some must be held out to validate on: give more.`,
      );
    }
    const chosen = counts.validationPairs > 0 ? 0 : heldOutOf(total, heldOut);
    this.heldOut = new Set(choose(chosen, total, seed));
    for (const { source } of this.validation()) this.validationSources.add(source);
  }

  *validation(): Generator<SentencePair, void, undefined> {
    if (this.counts.validationPairs > 0) {
      yield* readSpool(path.join(this.folder, spoolNames.validation));
      return;
    }
    let number = 0;
    for (const pair of this.spooled()) if (this.heldOut.has(number++)) yield pair;
  }

  /** The pairs to train on, in their order, each with the number of its corpus. */
  *training(): Generator<SentencePair & { readonly corpus: number }, void, undefined> {
    this.shared = 0;
    let number = 0;
    let corpus = 0;
    let last = this.counts.pairs[0] ?? 0;
    for (const pair of this.spooled()) {
      while (number >= last) last += this.counts.pairs[++corpus] ?? Infinity;
      if (this.heldOut.has(number++)) continue;
      if (this.validationSources.has(pair.source)) this.shared++;
      else yield { ...pair, corpus };
    }
  }

  private spooled(): Generator<SentencePair, void, undefined> {
    return readSpool(path.join(this.folder, spoolNames.training));
  }
}

/** Some of the numbers below `total`, each as likely as any other. */
function choose(count: number, total: number, seed: number): Uint32Array {
  const numbers = Uint32Array.from({ length: total }, (_, number) => number);
  shuffle(numbers, randomWords(seed, 0x4e1d));
  return numbers.slice(0, count);
}

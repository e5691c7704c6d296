/** Sentence pairs as token ids, with the spans that both sides share behind placeholders. */
import { protectPair } from '../text/protectedSpans';
import type { Piece } from '../text/pieces';
import { placeholderCount } from '../text/reservedTokens';
import type { Vocabulary } from '../text/vocabulary';
import type { SentencePair } from './readers/candidates';
import type { EncodedPair } from './encodedCorpus';
import { randomWords } from './random';

export interface ProtectedPair {
  readonly source: readonly Piece[];
  readonly target: readonly Piece[];
}

/**
 * Half of the pairs number their placeholders from 0, as a translation does; the others start anywhere, so that the
 * rarer numbers are learned too.
 */
export function* protectPairs(pairs: Iterable<SentencePair>, seed: number): Generator<ProtectedPair> {
  const words = randomWords(seed, 0x5a5a);
  for (const { source, target } of pairs) {
    const word = words();
    const offset = word & 1 ? (word >>> 8) % placeholderCount : 0;
    yield protectPair(source, target, offset);
  }
}

/** A result a pair: undefined for one that has more tokens than `longest` on a side, or none. */
export function* encodePairs(
  pairs: Iterable<ProtectedPair>,
  vocabulary: Vocabulary,
  longest: number,
): Generator<EncodedPair | undefined> {
  for (const pair of pairs) {
    const source = vocabulary.encodeIds(pair.source);
    const target = vocabulary.encodeIds(pair.target);
    const fits = source.length > 0 && target.length > 0 && Math.max(source.length, target.length) <= longest;
    yield fits ? { source, target } : undefined;
  }
}

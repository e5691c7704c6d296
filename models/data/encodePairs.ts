/** Sentence pairs as token ids, with the spans that both sides share behind placeholders. */
import { protectPair } from '../text/protectedSpans';
import type { Piece } from '../text/pieces';
import { placeholderCount } from '../text/reservedTokens';
import type { Vocabulary } from '../text/vocabulary';
import type { SentencePair } from './corpus';
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

/** Pairs with more tokens than `longest` on a side are left out. */
export function* encodePairs(
  pairs: Iterable<ProtectedPair>,
  vocabulary: Vocabulary,
  longest: number,
): Generator<EncodedPair> {
  for (const pair of pairs) {
    const source = vocabulary.encodeIds(pair.source);
    const target = vocabulary.encodeIds(pair.target);
    if (source.length > 0 && target.length > 0 && source.length <= longest && target.length <= longest) {
      yield { source, target };
    }
  }
}

/** Feeds batches: plans an epoch, reads each batch's pairs from the store, and hands it on when there is room. */
import { makeBatch, planEpoch } from '../batches';
import { EncodedCorpus, type EncodedPair } from '../encodedCorpus';
import { EncodedStore } from '../encodedStore';
import { randomWords } from '../random';
import { Vocabulary } from '../../text/vocabulary';
import type { FedBatch, FeedParameters, SubwordDropout } from './door';

/** Keeps these random numbers apart from others with the same seed. */
const subwordKey = 0xb9e;

/**
 * The batches of a store without end. They depend on the store, weights, tokens and seed alone; `epoch` and `batch` say
 * where to begin.
 */
export function* batchesOf(parameters: Omit<FeedParameters, 'ahead'>): Generator<FedBatch, never, undefined> {
  const { folder, header, weights, tokens, seed, framing, subwordDropout } = parameters;
  const resplit = subwordDropout && resplitter(subwordDropout);
  const store = EncodedStore.open(folder, 'training', header.training);
  try {
    const parts = header.parts.map((pairs, corpus) => ({ pairs, weight: weights[corpus] ?? 1 }));
    let first = parameters.batch;
    for (let epoch = parameters.epoch; ; epoch++) {
      const plan = planEpoch(store, { tokens, seed, epoch, parts });
      // It would go round for ever without giving anyone else a turn.
      if (plan.length === 0) throw new Error('There is no pair to train on.');
      for (let position = first; position < plan.length; position++) {
        const stored = store.read(plan[position]!);
        const pairs = resplit?.(stored, randomWords(seed, subwordKey, epoch, position)) ?? stored;
        const batch = makeBatch(
          pairs,
          Array.from({ length: pairs.size }, (_, pair) => pair),
          framing,
        );
        yield { epoch, position, batch };
      }
      first = 0;
    }
  } finally {
    store.close();
  }
}

/** What gives the words of some pairs other pieces. */
function resplitter({ rate, vocabulary, longest }: SubwordDropout) {
  const subwords = Vocabulary.fromJson(vocabulary);
  return (stored: EncodedCorpus, words: () => number): EncodedCorpus => {
    const isDropped = (): boolean => words() / 2 ** 32 < rate;
    return EncodedCorpus.from(
      Array.from({ length: stored.size }, (_, pair): EncodedPair => {
        const source = subwords.resplit(stored.source(pair), isDropped);
        const target = subwords.resplit(stored.target(pair), isDropped);
        return Math.max(source.length, target.length) <= longest
          ? { source, target }
          : { source: stored.source(pair), target: stored.target(pair) };
      }),
    );
  };
}

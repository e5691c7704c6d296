/** Feeds batches: plans an epoch, reads each batch's pairs from the store, and hands it on when there is room. */
import { makeBatch, planEpoch } from '../batches';
import { EncodedStore } from '../encodedStore';
import type { FedBatch, FeedParameters } from './door';

/**
 * The batches of a store without end. They depend on the store, weights, tokens and seed alone; `epoch` and `batch` say
 * where to begin.
 */
export function* batchesOf(parameters: Omit<FeedParameters, 'ahead'>): Generator<FedBatch, never, undefined> {
  const { folder, header, weights, tokens, seed, framing } = parameters;
  const store = EncodedStore.open(folder, 'training', header.training);
  try {
    const parts = header.parts.map((pairs, corpus) => ({ pairs, weight: weights[corpus] ?? 1 }));
    let first = parameters.batch;
    for (let epoch = parameters.epoch; ; epoch++) {
      const plan = planEpoch(store, { tokens, seed, epoch, parts });
      // It would go round for ever without giving anyone else a turn.
      if (plan.length === 0) throw new Error('There is no pair to train on.');
      for (let position = first; position < plan.length; position++) {
        const pairs = store.read(plan[position]!);
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

/**
 * The numbers of each head of a layer. They are counted once, and for the pictures only when the page has nothing else
 * to do: a logarithm of every weight takes about as long as painting them.
 */
import type { Weights } from './messages';
import { statisticsOf, type HeadStatistics } from './statistics';
import { headOf } from './weights';

const counted = new WeakMap<Weights, readonly HeadStatistics[]>();
const waiting = new WeakSet<Weights>();

export function numbersOf(weights: Weights): readonly HeadStatistics[] {
  let numbers = counted.get(weights);
  if (numbers === undefined) {
    numbers = Array.from({ length: weights.heads }, (_, head) => statisticsOf(headOf(weights, head)));
    counted.set(weights, numbers);
  }
  return numbers;
}

/**
 * The numbers, if they have been counted; otherwise that is done soon.
 *
 * @param then is called when they are there
 */
export function numbersSoon(weights: Weights, then: () => void): readonly HeadStatistics[] | undefined {
  const known = counted.get(weights);
  if (known !== undefined || waiting.has(weights)) return known;
  waiting.add(weights);
  requestIdleCallback(() => {
    numbersOf(weights);
    then();
  });
  return undefined;
}

/**
 * Attention weights as the engine sends them, `[head, query, key]`, and what is read off them.
 */
import type { Weights } from './messages';

/** One head, or a mean of heads: `values` `[query, key]`, each row summing to 1. */
export interface Matrix {
  readonly queries: number;
  readonly keys: number;
  readonly values: Float32Array;
}

/** What is shown is told by its matrix: a head that was shown before is the same one. */
const views = new WeakMap<Weights, Map<number, Matrix>>();

/** A view of one head, always the same; nothing is copied. */
export function headOf(weights: Weights, head: number): Matrix {
  const { heads, queries, keys, weights: values } = weights;
  const at = Math.min(head, heads - 1);
  const known = views.get(weights) ?? new Map<number, Matrix>();
  views.set(weights, known);
  let matrix = known.get(at);
  if (matrix === undefined) {
    const size = queries * keys;
    known.set(at, (matrix = { queries, keys, values: values.subarray(at * size, (at + 1) * size) }));
  }
  return matrix;
}

/** Of so many heads those that are shown: of the chosen ones those that there are; where none is chosen, all. */
export function shownHeads(chosen: readonly number[], heads: number): number[] {
  return chosen.length > 0
    ? chosen.filter((head) => head < heads)
    : Array.from({ length: heads }, (_, head) => head);
}

/** The mean of some heads, as far as they are there; of all, where none is named. */
export function meanOf(weights: Weights, heads: readonly number[]): Matrix {
  const named = shownHeads(heads, weights.heads);
  if (named.length === 1) return headOf(weights, named[0]!);
  const { queries, keys } = weights;
  const values = new Float32Array(queries * keys);
  for (const head of named) {
    const of = headOf(weights, head).values;
    for (let at = 0; at < values.length; at++) values[at]! += of[at]! / named.length;
  }
  return { queries, keys, values };
}

export function weightAt({ keys, values }: Matrix, query: number, key: number): number {
  return values[query * keys + key] ?? 0;
}

/** The same mean is not taken twice. */
const means = new WeakMap<Weights, Map<string, Matrix>>();

/** The mean of the heads that are shown. */
export function shownMatrix(weights: Weights, heads: readonly number[]): Matrix {
  const known = means.get(weights) ?? new Map<string, Matrix>();
  means.set(weights, known);
  const key = heads.join();
  let matrix = known.get(key);
  if (matrix === undefined) known.set(key, (matrix = meanOf(weights, heads)));
  return matrix;
}

/** What a query looks at most, or by which queries a key is looked at most: the most first, and none that is nothing. */
export function strongest(
  matrix: Matrix,
  side: 'queries' | 'keys',
  index: number,
  most: number,
): { index: number; weight: number }[] {
  const weightOf = (other: number): number =>
    side === 'queries' ? weightAt(matrix, index, other) : weightAt(matrix, other, index);
  const others = side === 'queries' ? matrix.keys : matrix.queries;
  return Array.from({ length: others }, (_, other) => ({ index: other, weight: weightOf(other) }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .slice(0, most);
}

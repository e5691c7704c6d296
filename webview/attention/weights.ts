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

/** A view of one head; nothing is copied. */
export function headOf({ heads, queries, keys, weights }: Weights, head: number): Matrix {
  const size = queries * keys;
  const at = Math.min(head, heads - 1) * size;
  return { queries, keys, values: weights.subarray(at, at + size) };
}

/** The mean of some heads; of all, where none is named. */
export function meanOf(weights: Weights, heads: readonly number[]): Matrix {
  const chosen = heads.filter((head) => head < weights.heads);
  const named = chosen.length > 0 ? chosen : Array.from({ length: weights.heads }, (_, head) => head);
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

/** The keys of a query that get most, the most first. */
export function strongest(matrix: Matrix, query: number, most: number): { key: number; weight: number }[] {
  return Array.from({ length: matrix.keys }, (_, key) => ({ key, weight: weightAt(matrix, query, key) }))
    .sort((one, other) => other.weight - one.weight)
    .slice(0, most);
}

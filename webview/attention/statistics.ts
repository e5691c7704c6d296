/**
 * What a head does, in three numbers, each a mean over its queries.
 */
import type { Matrix } from './weights';

export interface HeadStatistics {
  /** How widely a query looks, in bits: 0 at one key, log₂ of the keys when at all alike. */
  readonly entropy: number;
  /** How far from its own place a query looks, in tokens. Where both sides differ in length, places are scaled. */
  readonly distance: number;
  /** The share of the weight at the query's own place and its two neighbours, 0 … 1. */
  readonly diagonal: number;
}

/** How far from the place itself still counts as the diagonal, in tokens. */
const diagonalReach = 1;

/**
 * @param ownPlace which key stands where a query stands: its own token in self-attention; in cross-attention the one as
 *   far along
 */
export function statisticsOf(
  { queries, keys, values }: Matrix,
  ownPlace: (query: number) => number = alongside(queries, keys),
): HeadStatistics {
  let [entropy, distance, diagonal] = [0, 0, 0];
  for (let query = 0; query < queries; query++) {
    const place = ownPlace(query);
    for (let key = 0; key < keys; key++) {
      const weight = values[query * keys + key]!;
      if (!(weight > 0)) continue;
      entropy -= weight * Math.log2(weight);
      distance += weight * Math.abs(key - place);
      if (Math.abs(key - place) <= diagonalReach) diagonal += weight;
    }
  }
  const of = (sum: number): number => (queries === 0 ? 0 : sum / queries);
  return { entropy: of(entropy), distance: of(distance), diagonal: of(diagonal) };
}

/** The key that is as far along the keys as the query along the queries. */
function alongside(queries: number, keys: number): (query: number) => number {
  const scale = queries > 1 ? (keys - 1) / (queries - 1) : 0;
  return (query) => query * scale;
}

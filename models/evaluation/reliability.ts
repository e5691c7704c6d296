/** Whether a confidence means what it says: beside the quality that was reached, bin by bin, and in order. */

export interface Rated {
  /** 0 … 1 */
  readonly confidence: number;
  /** 0 … 1 */
  readonly quality: number;
}

/** What of the ratings falls within [from, to). */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means of the bin. */
  readonly confidence: number;
  readonly quality: number;
}

const bins = 10;

/** Ten bins of equal width, the last with its upper end; those that hold something. */
export function reliabilityTable(rated: readonly Rated[]): ReliabilityBin[] {
  const table = Array.from({ length: bins }, (_, bin) => {
    const members = rated.filter(
      ({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === bin,
    );
    return {
      from: bin / bins,
      to: (bin + 1) / bins,
      count: members.length,
      confidence: mean(members.map(({ confidence }) => confidence)),
      quality: mean(members.map(({ quality }) => quality)),
    };
  });
  return table.filter(({ count }) => count > 0);
}

/** Spearman's rank correlation, equal values sharing their mean rank; undefined where one side never changes. */
export function rankCorrelation(rated: readonly Rated[]): number | undefined {
  const a = centredRanks(rated.map(({ confidence }) => confidence));
  const b = centredRanks(rated.map(({ quality }) => quality));
  const scale = Math.sqrt(dot(a, a) * dot(b, b));
  return scale === 0 ? undefined : dot(a, b) / scale;
}

function centredRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let first = 0; first < order.length;) {
    let next = first + 1;
    while (next < order.length && values[order[next]!] === values[order[first]!]) next++;
    for (const index of order.slice(first, next)) ranks[index] = (first + next - 1) / 2;
    first = next;
  }
  return ranks.map((rank) => rank - (values.length - 1) / 2);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

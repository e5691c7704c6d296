// Numbers of many rounds in few: the median, and how far they lie apart.

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number} value */
export const round = (value) => Number(value.toPrecision(3));

/**
 * The median with a tenth of the values below `low` and a tenth above `high`: the least and the most of few.
 *
 * @param {readonly number[]} values
 */
export function spreadOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (share) => sorted[Math.round(share * (sorted.length - 1))];
  const [low, high] = sorted.length < 10 ? [0, 1] : [0.1, 0.9];
  return { median: round(median(values)), low: round(place(low)), high: round(place(high)) };
}

/**
 * A long curve for few pixels: of all points over a pixel only the lowest and the highest stay, and the first and the
 * last, so that the line drawn through what stays covers the same pixels as the line through all of them.
 */

/** A column of values. */
export type Numbers = Float64Array | Float32Array;

/** Where a curve is looked at: [low, high] of its x values over so many pixels. */
export interface Window {
  readonly low: number;
  readonly high: number;
  readonly pixels: number;
  /** Equal factors take equal widths, and not equal differences. */
  readonly logarithmic: boolean;
}

/**
 * Which points to draw.
 *
 * @param x ascending; only the first `length` count
 * @param y as long; NaN where there is no value
 * @returns indices, ascending: those in the window, and one on either side of it so that the line leaves the picture
 */
export function decimate(
  x: Float64Array,
  y: Numbers,
  length: number,
  { low, high, pixels, logarithmic }: Window,
): number[] {
  const first = Math.max(0, firstAtLeast(x, low, 0, length) - 1);
  const end = Math.min(length, firstAtLeast(x, high, first, length) + 2);
  if (end - first <= 2 * pixels || !(high > low)) return everyIndex(first, end);
  const chosen: number[] = [];
  const borders = logarithmic && low > 0 ? geometric(low, high, pixels) : arithmetic(low, high, pixels);
  let start = first;
  for (let pixel = 1; pixel <= pixels + 1 && start < end; pixel++) {
    const border = pixel > pixels ? Infinity : borders(pixel);
    const next = firstAtLeast(x, border, start, end);
    if (next > start) addExtremes(chosen, y, start, next);
    start = next;
  }
  return chosen;
}

/** The first index from `from` on whose value is not below; `to` where there is none. */
export function firstAtLeast(sorted: Float64Array, value: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const arithmetic =
  (low: number, high: number, pixels: number) =>
  (pixel: number): number =>
    low + ((high - low) * pixel) / pixels;

const geometric =
  (low: number, high: number, pixels: number) =>
  (pixel: number): number =>
    low * (high / low) ** (pixel / pixels);

/** Of the points [start, end): the first, the lowest, the highest and the last, in their order. */
function addExtremes(chosen: number[], y: Numbers, start: number, end: number): void {
  let [lowest, highest, least, greatest] = [-1, -1, Infinity, -Infinity];
  // What is no number is neither less nor greater. Every point that is seen comes by here, each frame.
  for (let index = start; index < end; index++) {
    const value = y[index]!;
    if (value < least) {
      least = value;
      lowest = index;
    }
    if (value > greatest) {
      greatest = value;
      highest = index;
    }
  }
  let last = -1;
  for (const index of [start, Math.min(lowest, highest), Math.max(lowest, highest), end - 1]) {
    if (index > last) {
      chosen.push(index);
      last = index;
    }
  }
}

function everyIndex(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}

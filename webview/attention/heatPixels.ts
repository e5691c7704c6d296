/**
 * A heat map as pixels of the screen, whatever its number of cells: a cell that is larger than a pixel is painted
 * whole; of cells that share a pixel the strongest is seen, so that no peak is lost.
 */
import { steps } from '../components/colourScale';
import type { Matrix } from './weights';

/** Weights are small where there are many keys: the root shows them without ever changing their order. */
export function stepOf(weight: number): number {
  const step = Math.round(Math.sqrt(weight) * (steps - 1));
  return step > 0 ? Math.min(step, steps - 1) : 0;
}

/** The first cell of each pixel, and one past the last cell of the last one. */
function firstCells(cells: number, pixels: number): Int32Array {
  return Int32Array.from({ length: pixels + 1 }, (_, pixel) => Math.floor((pixel * cells) / pixels));
}

/** A scale's colours as whole pixels, of which each canvas needs the same. */
const wholePixels = new WeakMap<Uint8ClampedArray, Uint32Array>();

function coloursOf(scale: Uint8ClampedArray): Uint32Array {
  let colours = wholePixels.get(scale);
  if (colours === undefined) wholePixels.set(scale, (colours = new Uint32Array(scale.slice().buffer)));
  return colours;
}

/**
 * @param scale `[256, 4]`, as colourScale makes it
 * @returns `[height, width, 4]`, for ImageData
 */
export function heatPixels(
  { queries, keys, values }: Matrix,
  width: number,
  height: number,
  scale: Uint8ClampedArray,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  if (queries === 0 || keys === 0) return pixels;
  const painted = new Uint32Array(pixels.buffer);
  const colours = coloursOf(scale);
  const [columns, rows] = [firstCells(keys, width), firstCells(queries, height)];
  const strongest = new Float32Array(keys);
  let above = -1;
  for (let y = 0; y < height; y++) {
    const [first, last] = [rows[y]!, Math.max(rows[y + 1]!, rows[y]! + 1)];
    const line = y * width;
    if (first === above && last === first + 1) {
      // The same cells as the line above.
      painted.copyWithin(line, line - width, line);
      continue;
    }
    strongest.set(values.subarray(first * keys, (first + 1) * keys));
    for (let query = first + 1; query < last; query++) {
      for (let key = 0, at = query * keys; key < keys; key++, at++) {
        if (values[at]! > strongest[key]!) strongest[key] = values[at]!;
      }
    }
    for (let x = 0; x < width; x++) {
      let most = strongest[columns[x]!]!;
      for (let key = columns[x]! + 1; key < columns[x + 1]!; key++) {
        if (strongest[key]! > most) most = strongest[key]!;
      }
      painted[line + x] = colours[stepOf(most)]!;
    }
    above = last === first + 1 ? first : -1;
  }
  return pixels;
}

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
  const colours = new Uint32Array(scale.slice().buffer);
  const painted = new Uint32Array(pixels.buffer);
  if (queries === 0 || keys === 0) return pixels;
  const [columns, rows] = [firstCells(keys, width), firstCells(queries, height)];
  let above = -1;
  for (let y = 0; y < height; y++) {
    const [first, last] = [rows[y]!, Math.max(rows[y + 1]!, rows[y]! + 1)];
    const line = y * width;
    if (first === above && last === first + 1) {
      // The same cells as the line above.
      painted.copyWithin(line, line - width, line);
      continue;
    }
    for (let x = 0; x < width; x++) {
      const end = Math.max(columns[x + 1]!, columns[x]! + 1);
      let most = 0;
      for (let query = first; query < last; query++) {
        for (let key = columns[x]!; key < end; key++) {
          const weight = values[query * keys + key]!;
          if (weight > most) most = weight;
        }
      }
      painted[line + x] = colours[stepOf(most)]!;
    }
    above = last === first + 1 ? first : -1;
  }
  return pixels;
}

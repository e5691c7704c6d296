import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate, firstAtLeast } from '../../../webview/training/numbers/decimate';

const linear = { low: 0, high: 100, pixels: 10, logarithmic: false };

/** x of a pixel's left border. */
const pixelOf = (x: number, { low, high, pixels }: typeof linear): number =>
  Math.floor(((x - low) / (high - low)) * pixels);

describe('thinning a curve', () => {
  it('leaves a curve with few points as it is', () => {
    const x = Float64Array.of(1, 2, 50, 99);
    expect(decimate(x, x, 4, linear)).toEqual([0, 1, 2, 3]);
    expect(decimate(x, x, 3, linear)).toEqual([0, 1, 2]);
    expect(decimate(x, x, 0, linear)).toEqual([]);
  });

  it('takes one point on either side of the window, so that the line leaves the picture', () => {
    const x = Float64Array.from({ length: 20 }, (_, index) => index * 10);
    expect(decimate(x, x, 20, { ...linear, low: 45, high: 72 })).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('keeps the peaks of a million points', () => {
    const length = 1_000_000;
    const x = Float64Array.from({ length }, (_, index) => index);
    const y = Float64Array.from({ length }, (_, index) => Math.sin(index / 1000));
    y[123_456] = 50;
    y[654_321] = -50;
    const chosen = decimate(x, y, length, { low: 0, high: length, pixels: 1000, logarithmic: false });
    expect(chosen).toContain(123_456);
    expect(chosen).toContain(654_321);
    expect(chosen.length).toBeLessThanOrEqual(4 * 1001);
  });

  const curve = fc
    .array(fc.record({ gap: fc.integer({ min: 1, max: 5 }), y: fc.double({ min: -1e6, max: 1e6 }) }), {
      minLength: 1,
      maxLength: 400,
    })
    .map((points) => {
      let at = 0;
      const x = Float64Array.from(points, ({ gap }) => (at += gap));
      return { x, y: Float64Array.from(points, ({ y }) => y) };
    });

  it.each([false, true])(
    'covers every pixel from its lowest to its highest point (logarithmic: %s)',
    (logarithmic) => {
      fc.assert(
        fc.property(curve, fc.integer({ min: 1, max: 50 }), ({ x, y }, pixels) => {
          const window = { low: x[0]!, high: x.at(-1)! + 1, pixels, logarithmic };
          const chosen = decimate(x, y, x.length, window);
          expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
          const scaled = (value: number): number => (logarithmic ? Math.log(value) : value);
          const shown = { ...linear, low: scaled(window.low), high: scaled(window.high), pixels };
          const extent = new Map<number, [number, number]>();
          const widen = (index: number): void => {
            const pixel = pixelOf(scaled(x[index]!), shown);
            const [low, high] = extent.get(pixel) ?? [Infinity, -Infinity];
            extent.set(pixel, [Math.min(low, y[index]!), Math.max(high, y[index]!)]);
          };
          x.forEach((_, index) => widen(index));
          const all = new Map(extent);
          extent.clear();
          chosen.forEach(widen);
          // A value on a border may be counted to either side by rounding.
          if (!logarithmic) expect(extent).toEqual(all);
          else
            expect([...extent.values()].flat().sort()).toEqual(
              expect.arrayContaining([Math.min(...y), Math.max(...y)]),
            );
        }),
        { seed: 1, numRuns: 300 },
      );
    },
  );

  it('passes over what is no number', () => {
    const length = 1000;
    const x = Float64Array.from({ length }, (_, index) => index);
    const y = new Float64Array(length).fill(NaN);
    y[500] = 1;
    expect(decimate(x, y, length, { low: 0, high: 1000, pixels: 10, logarithmic: false })).toContain(500);
  });

  it('finds its place in a sorted column', () => {
    const x = Float64Array.of(1, 3, 3, 5);
    expect([0, 1, 2, 3, 4, 5, 6].map((value) => firstAtLeast(x, value, 0, 4))).toEqual([0, 0, 1, 1, 3, 3, 4]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  extentOf,
  isSameCurve,
  rangeOf,
  seenOf,
  tableOf,
  within,
  zoomed,
  type Curve,
} from '../../../webview/training/curves/series';

const curve = (x: number[], y: number[], smooth?: number[]): Curve => ({
  x: Float64Array.from(x),
  y: Float64Array.from(y),
  smooth: smooth && Float64Array.from(smooth),
  length: x.length,
  generation: 0,
});
const window = { low: 0, high: 10, pixels: 100, logarithmic: false };
const plain = { logarithmic: false, hasSmooth: false, ignoreOutliers: false };
const logarithmic = { ...plain, logarithmic: true };

describe('what a chart draws', () => {
  it('is one table over the steps of all runs', () => {
    const curves = [curve([1, 2, 4], [10, 20, 40]), curve([2, 3], [200, 300])];
    expect(tableOf(curves, window, plain)).toEqual([
      [1, 2, 3, 4],
      [10, 20, undefined, 40],
      [undefined, 200, 300, undefined],
    ]);
  });

  it('has a column more for each smooth curve', () => {
    expect(tableOf([curve([1, 2], [10, 20], [11, 12])], window, { ...plain, hasSmooth: true })).toEqual([
      [1, 2],
      [10, 20],
      [11, 12],
    ]);
  });

  it('has one smooth point a pixel, the last', () => {
    const x = Array.from({ length: 100 }, (_, index) => index / 10);
    const y = x.map((_, index) => index % 2);
    const curves = [curve(x, y, x)];
    const [rows, raw, smooth] = tableOf(curves, { ...window, pixels: 10 }, { ...plain, hasSmooth: true });
    expect(raw!.filter((value) => typeof value === 'number').length).toBeGreaterThan(20);
    expect(rows.filter((_, row) => typeof smooth![row] === 'number')).toEqual([
      0.9, 1.9, 2.9, 3.9, 4.9, 5.9, 6.9, 7.9, 8.9, 9.9,
    ]);
  });

  it('leaves gaps where there is no number, or no logarithm', () => {
    const curves = [curve([1, 2, 3, 4], [NaN, 0, -1, 5])];
    expect(tableOf(curves, window, plain)[1]).toEqual([null, 0, -1, 5]);
    expect(tableOf(curves, window, logarithmic)[1]).toEqual([null, null, null, 5]);
  });

  it('has as few rows as pixels want, of a million points', () => {
    const length = 1_000_000;
    const x = Float64Array.from({ length }, (_, index) => index);
    const long: Curve = { x, y: x.map((value) => Math.sin(value)), smooth: undefined, length, generation: 0 };
    const [rows] = tableOf([long, long], { low: 0, high: length, pixels: 800, logarithmic: false }, plain);
    expect(rows.length).toBeLessThanOrEqual(4 * 801);
  });

  it('reaches from the first to the last point', () => {
    expect(extentOf([])).toBeUndefined();
    expect(extentOf([curve([], [])])).toBeUndefined();
    expect(extentOf([curve([3, 9], [1, 1]), curve([1, 4], [1, 1]), curve([], [])])).toEqual([1, 9]);
    expect(extentOf([curve([5], [1])])).toEqual([4.5, 5.5]);
  });

  it('is as high as what is seen of it, with some room', () => {
    const table = tableOf([curve([1, 5, 9], [1000, 10, 20])], window, plain);
    expect(rangeOf(table, [4, 10], plain)).toEqual([9.5, 20.5]);
    expect(rangeOf(table, [0, 10], plain)).toEqual([10 - 49.5, 1000 + 49.5]);
    expect(rangeOf(table, [20, 30], plain)).toBeUndefined();
    const [least, greatest] = rangeOf(table, [0, 10], logarithmic)!;
    expect(least).toBeLessThan(10);
    expect(least).toBeGreaterThan(5);
    expect(greatest).toBeGreaterThan(1000);
    expect(rangeOf(tableOf([curve([1], [0])], window, plain), [0, 10], plain)).toEqual([-1, 1]);
  });

  it('is as high as most values want it, where outliers do not count', () => {
    const x = Array.from({ length: 200 }, (_, index) => index / 20);
    // Two that leap, and a start far above.
    const y = x.map((at) => (at === 3 || at === 4 ? 500 : 2 + Math.sin(at)));
    const smooth = x.map((at) => 40 * Math.exp(-at) + 2);
    const picture = { ...plain, hasSmooth: true };
    const table = tableOf([curve(x, y, smooth)], window, picture);
    expect(rangeOf(table, [0, 10], picture)![1]).toBeGreaterThan(500);
    const [least, greatest] = rangeOf(table, [0, 10], { ...picture, ignoreOutliers: true })!;
    // The smooth line is seen from its start all the same.
    expect(greatest).toBeGreaterThan(42);
    expect(greatest).toBeLessThan(50);
    expect(least).toBeLessThan(1.1);
    // Few values have no outliers among them.
    const few = tableOf([curve([1, 2, 3], [1, 2, 900])], window, plain);
    expect(rangeOf(few, [0, 10], { ...plain, ignoreOutliers: true })![1]).toBeGreaterThan(900);
  });

  it('is the same picture as long as no point has come or changed', () => {
    const [before, after] = [curve([1, 2], [3, 4]), curve([1, 2], [3, 4])];
    expect(isSameCurve(before, { ...before })).toBe(true);
    expect(isSameCurve(before, after)).toBe(false);
    expect(isSameCurve(before, { ...before, length: 1 })).toBe(false);
    expect(isSameCurve(before, { ...before, generation: 1 })).toBe(false);
  });

  it('is all of it where nothing is in the stretch that was chosen', () => {
    expect(seenOf(null, [0, 100])).toEqual([0, 100]);
    expect(seenOf([20, 30], [0, 100])).toEqual([20, 30]);
    expect(seenOf([90, 200], [0, 100])).toEqual([90, 200]);
    expect(seenOf([5000, 6000], [0, 100])).toEqual([0, 100]);
    expect(seenOf([0, 100], [5000, 6000])).toEqual([5000, 6000]);
  });

  it('is moved and zoomed within what there is', () => {
    expect(within([-5, 5], [0, 100])).toEqual([0, 10]);
    expect(within([95, 105], [0, 100])).toEqual([90, 100]);
    expect(within([-50, 500], [0, 100])).toEqual([0, 100]);
    expect(zoomed([0, 100], 25, 0.5)).toEqual([12.5, 62.5]);
  });
});

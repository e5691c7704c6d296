/**
 * What a chart draws: for each run the points that are seen, thinned to the pixels that there are, as one table over the
 * x values of all of them.
 */
import type { StepColumn, ValidationColumn } from '../messages';
import { decimate, type Numbers, type Window } from '../numbers/decimate';
import type { RunCurves } from '../numbers/histories';
import type { Smoothed } from '../numbers/smooth';

/** What a chart's x axis counts. */
export const axes = ['step', 'seconds', 'targetTokens'] as const;
export type Axis = (typeof axes)[number];

/** Curves of updates that can be chosen. */
export const metrics = [
  'loss',
  'perplexity',
  'gradientNorm',
  'targetTokensPerSecond',
] as const satisfies readonly StepColumn[];
export type Metric = (typeof metrics)[number];

export const validationMetrics = [
  'loss',
  'perplexity',
  'bleu',
  'chrf',
] as const satisfies readonly ValidationColumn[];
export type ValidationMetric = (typeof validationMetrics)[number];

/** One run's curve in a chart: x ascending, of which only the first `length` count. */
export interface Curve {
  readonly x: Float64Array;
  readonly y: Numbers;
  /** As long; undefined where nothing is smoothed. */
  readonly smooth: Float64Array | undefined;
  readonly length: number;
  /** Another one when other values stand in the same columns. */
  readonly generation: number;
}

export function stepCurve(
  { steps, generation }: RunCurves,
  axis: Axis,
  column: StepColumn,
  smoothed: Smoothed | undefined,
): Curve {
  const y = steps.columns[column];
  const { length } = steps;
  const smooth = smoothed === undefined || smoothed.weight === 0 ? undefined : smoothed.of(y, length);
  return { x: steps.columns[axis], y, smooth, length, generation };
}

export function validationCurve(
  { validations, generation }: RunCurves,
  axis: Axis,
  metric: ValidationMetric,
): Curve {
  const { columns, length } = validations;
  return { x: columns[axis], y: columns[metric], smooth: undefined, length, generation };
}

/** Whether both are the same points: then there is nothing to draw anew. */
export function isSameCurve(one: Curve, other: Curve): boolean {
  return (['x', 'y', 'smooth', 'length', 'generation'] as const).every((part) => one[part] === other[part]);
}

/** [low, high] */
export type Range = readonly [number, number];

/** From the first to the last x of all curves; undefined where there are no points. */
export function extentOf(curves: readonly Curve[]): Range | undefined {
  const filled = curves.filter(({ length }) => length > 0);
  const lows = filled.map(({ x }) => x[0]!).filter(Number.isFinite);
  const highs = filled.map(({ x, length }) => x[length - 1]!).filter(Number.isFinite);
  if (lows.length === 0 || highs.length === 0) return undefined;
  const [low, high] = [Math.min(...lows), Math.max(...highs)];
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

/** A table as uPlot takes it: x, then for each curve its values and its smooth values; undefined between its points. */
export type ChartTable = [x: number[], ...columns: (number | null | undefined)[][]];

/** How y is drawn. */
export interface Heights {
  /** Values that have no logarithm are left out. */
  readonly logarithmic: boolean;
  /** Curves have a column of smooth values. */
  readonly hasSmooth: boolean;
  readonly ignoreOutliers: boolean;
}

export function tableOf(
  curves: readonly Curve[],
  window: Window,
  { logarithmic, hasSmooth }: Omit<Heights, 'ignoreOutliers'>,
): ChartTable {
  const value = (number: number): number | null =>
    Number.isFinite(number) && (!logarithmic || number > 0) ? number : null;
  const chosen = curves.map((curve) => decimate(curve.x, curve.y, curve.length, window));
  const x = merge(curves.map((curve, index) => chosen[index]!.map((point) => curve.x[point]!)));
  const columns: (number | null | undefined)[][] = [];
  for (const [index, curve] of curves.entries()) {
    const raw = new Array<number | null | undefined>(x.length).fill(undefined);
    const smooth = new Array<number | null | undefined>(x.length).fill(undefined);
    const points = chosen[index]!;
    let row = 0;
    for (const [place, point] of points.entries()) {
      const at = curve.x[point]!;
      while (x[row]! < at) row++;
      raw[row] = value(curve.y[point]!);
      // One point a pixel is enough for a curve that does not jitter, and more would make it do so.
      const next = points[place + 1];
      const isLast = next === undefined || pixelOf(curve.x[next]!, window) > pixelOf(at, window);
      if (curve.smooth !== undefined && isLast) smooth[row] = value(curve.smooth[point]!);
    }
    columns.push(raw);
    if (hasSmooth) columns.push(smooth);
  }
  return [x, ...columns];
}

function pixelOf(x: number, { low, high, pixels }: Window): number {
  return Math.floor(((x - low) / (high - low)) * pixels);
}

/** The values of sorted lists, each once, sorted. */
function merge(lists: readonly (readonly number[])[]): number[] {
  const [first = []] = lists;
  if (lists.length === 1) return [...first];
  const sorted = Float64Array.from(lists.flat()).sort();
  return [...sorted.filter((value, index) => index === 0 || value !== sorted[index - 1])];
}

/** Of so many values of a curve, the greatest and as many of the least are outliers: one in a hundred each. */
const outliersIn = (count: number): number => Math.floor(count / 100);

/**
 * From the least to the greatest value that is seen, with some room; undefined where none is.
 *
 * @param ignoreOutliers a few values of each curve do not count; smooth curves are seen whole all the same
 */
export function rangeOf(
  [x, ...columns]: ChartTable,
  [low, high]: Range,
  { logarithmic, hasSmooth, ignoreOutliers }: Heights,
): Range | undefined {
  let [least, greatest] = [Infinity, -Infinity];
  for (const [index, column] of columns.entries()) {
    const seen = column.filter(
      (value, row): value is number => typeof value === 'number' && x[row]! >= low && x[row]! <= high,
    );
    if (seen.length === 0) continue;
    const sorted = Float64Array.from(seen).sort();
    const isSmooth = hasSmooth && index % 2 === 1;
    const outliers = ignoreOutliers && !isSmooth ? outliersIn(sorted.length) : 0;
    least = Math.min(least, sorted[outliers]!);
    greatest = Math.max(greatest, sorted.at(-1 - outliers)!);
  }
  if (greatest < least) return undefined;
  if (logarithmic) {
    const room = Math.max(1.05, (greatest / least) ** 0.05);
    return [least / room, greatest * room];
  }
  const room = greatest > least ? 0.05 * (greatest - least) : Math.abs(greatest) * 0.1 || 1;
  return [least - room, greatest + room];
}

/** What is seen of all that there is: the chosen stretch, unless nothing is in it. */
export function seenOf(chosen: Range | null, extent: Range): Range {
  const isFilled = chosen !== null && chosen[0] < extent[1] && chosen[1] > extent[0];
  return isFilled ? chosen : extent;
}

/** A range that is a part of another one, as wide, moved to where it has room. */
export function within([low, high]: Range, [least, greatest]: Range): Range {
  const width = Math.min(high - low, greatest - least);
  const start = Math.min(Math.max(low, least), greatest - width);
  return [start, start + width];
}

/** Made larger or smaller around a point that stays where it is. */
export function zoomed([low, high]: Range, around: number, factor: number): Range {
  return [around - (around - low) * factor, around + (high - around) * factor];
}

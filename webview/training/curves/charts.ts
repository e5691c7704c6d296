/** The three charts of the page, as what they draw: the chosen curve, the validations, the learning rate. */
import type { Ground } from '../../components/colourScale';
import { thingColour } from '../../components/colourScale';
import { isDark, isHighContrast, type Theme } from '../../components/theme';
import type { RunSummary } from '../messages';
import { firstAtLeast } from '../numbers/decimate';
import type { Formats } from '../numbers/format';
import type { RunCurves } from '../numbers/histories';
import type { ChartModel } from './chart';
import type { CurveLook } from './chartPicture';
import {
  extentOf,
  seenOf,
  stepCurve,
  validationCurve,
  type Axis,
  type Curve,
  type Metric,
  type Range,
  type ValidationMetric,
} from './series';
import type { CurvesSession } from './session';

/** Whole, dashed, dotted, …: the second sign of a run beside its colour. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [12, 5]];

export interface ShownRun {
  readonly run: RunSummary;
  readonly look: CurveLook;
  readonly curves: RunCurves | undefined;
}

/** @param place among all runs, the oldest first: a run keeps its look, whichever are shown and whichever come */
export function lookOf(place: number, theme: Theme): CurveLook {
  const ground: Ground = {
    background: theme.background,
    dark: isDark(theme),
    highContrast: isHighContrast(theme),
  };
  // Eight colours, then each of them with the next dash.
  return {
    colour: thingColour(place, ground),
    dash: dashes[(place + Math.floor(place / 8)) % dashes.length]!,
  };
}

export interface Charts {
  readonly main: ChartModel;
  readonly validation: ChartModel;
  readonly schedule: ChartModel;
}

/** Undefined where there is nothing to draw yet. */
export function chartsOf(
  shown: readonly ShownRun[],
  session: CurvesSession,
  theme: Theme,
  formats: Formats,
): Charts | undefined {
  const { view, range } = session.state;
  const filled = shown.filter(
    (one): one is ShownRun & { curves: RunCurves } => (one.curves?.steps.length ?? 0) > 0,
  );
  const main = filled.map(({ curves }) =>
    stepCurve(curves, view.axis, view.metric, session.smoothedOf(curves, view.metric)),
  );
  const extent = extentOf(main);
  if (extent === undefined) return undefined;
  const looks = filled.map(({ look }) => look);
  const common = {
    looks,
    range: seenOf(range, extent),
    extent,
    theme,
    formatX: (value: number) => formatAxis(view.axis, value, formats),
  };
  return {
    main: {
      ...common,
      curves: main,
      logarithmic: view.logarithmic,
      hasSmooth: view.smoothing > 0,
      ignoreOutliers: view.ignoreOutliers,
      dots: false,
      formatY: (value) => formatMetric(view.metric, value, formats),
    },
    validation: {
      ...common,
      curves: filled.map(({ curves }) => validationCurve(curves, view.axis, view.validation)),
      logarithmic: view.logarithmic && (view.validation === 'loss' || view.validation === 'perplexity'),
      hasSmooth: false,
      ignoreOutliers: false,
      dots: filled.every(({ curves }) => curves.validations.length <= 60),
      formatY: (value) => formatValidation(view.validation, value, formats),
    },
    schedule: {
      ...common,
      curves: filled.map(({ curves }) => stepCurve(curves, view.axis, 'learningRate', undefined)),
      logarithmic: false,
      hasSmooth: false,
      ignoreOutliers: false,
      dots: false,
      formatY: (value) => formats.rate(value),
    },
  };
}

export function formatAxis(axis: Axis, value: number, formats: Formats): string {
  switch (axis) {
    case 'step':
      return Math.abs(value) >= 100_000 ? formats.roughly(value) : formats.count(Math.round(value));
    case 'seconds':
      return formats.duration(value);
    case 'targetTokens':
      return formats.roughly(Math.round(value));
  }
}

export function formatMetric(metric: Metric, value: number, formats: Formats): string {
  return metric === 'targetTokensPerSecond' ? formats.roughly(value) : formats.figure(value);
}

export function formatValidation(metric: ValidationMetric, value: number, formats: Formats): string {
  return metric === 'bleu' || metric === 'chrf' ? formats.score(value) : formats.figure(value);
}

/** What a run's curves say at an x value, or at their end. */
export interface Reading {
  /** Which of its updates. */
  readonly index: number;
  readonly step: number;
  readonly x: number;
  readonly value: number;
  readonly smooth: number;
}

export function readingOf(
  curve: Curve,
  steps: Float64Array,
  at: number | null,
  seen: Range,
): Reading | undefined {
  if (curve.length === 0) return undefined;
  const index = at === null ? lastWithin(curve, seen) : nearest(curve, at);
  if (index === undefined) return undefined;
  return {
    index,
    step: steps[index]!,
    x: curve.x[index]!,
    value: curve.y[index]!,
    smooth: curve.smooth?.[index] ?? NaN,
  };
}

function lastWithin({ x, length }: Curve, [, high]: Range): number | undefined {
  const next = firstAtLeast(x, high, 0, length);
  const index = next < length && x[next] === high ? next : next - 1;
  return index < 0 ? undefined : index;
}

/** Undefined beyond the curve's ends: there it says nothing. */
function nearest({ x, length }: Curve, at: number): number | undefined {
  const next = firstAtLeast(x, at, 0, length);
  if (next === 0) return x[0] === at ? 0 : undefined;
  if (next === length) return undefined;
  return at - x[next - 1]! <= x[next]! - at ? next - 1 : next;
}

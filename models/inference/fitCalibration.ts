/**
 * A calibration from segments whose chrF is known: a linear score that follows the chrF, then a map from score to
 * expected chrF that never falls.
 */
import { featureNames, type Calibration, type Features, type Knot } from '../storage/calibration';
import { scoreOf } from './confidence';

export interface Example {
  readonly features: Features;
  /** How good the translation was, 0 … 1. */
  readonly quality: number;
}

/** Ridge regression's penalty, in examples: it only matters where there are few, or where features say the same. */
const ridge = 1;
const rounds = 200;
/** Features are of the order of 1. */
const leastDeviation = 1e-4;
/** Enough to draw the curve, few enough for each to rest on a hundred segments of a corpus of two thousand. */
const groups = 20;

/** @throws RangeError without examples */
export function fitCalibration(examples: readonly Example[]): Calibration {
  if (examples.length === 0) throw new RangeError('A calibration needs examples.');
  const weights = fitWeights(examples);
  return { weights, knots: fitKnots(examples, weights) };
}

/**
 * Ridge regression of the quality on the standardised features, by coordinate descent (Friedman et al. 2010), with no
 * weight below 0: where a feature gets better, the confidence does not fall, whatever a corpus has by chance.
 */
function fitWeights(examples: readonly Example[]): Features {
  const columns = featureNames.map((name) => standardise(examples.map(({ features }) => features[name])));
  const residual = standardise(examples.map(({ quality }) => quality)).centred;
  const weights = columns.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    columns.forEach(({ values }, column) => {
      const before = weights[column]!;
      const pull = dot(values, residual) + before * dot(values, values);
      const after = Math.max(0, pull / (dot(values, values) + ridge));
      weights[column] = after;
      values.forEach((value, index) => (residual[index]! += (before - after) * value));
    });
  }
  return Object.fromEntries(
    featureNames.map((name, column) => [name, rounded(weights[column]! / columns[column]!.deviation)]),
  ) as Features;
}

/** Of a feature that hardly changes, only noise would be left: its values become 0. */
function standardise(values: readonly number[]): { values: number[]; centred: number[]; deviation: number } {
  const centre = mean(values);
  const centred = values.map((value) => value - centre);
  const deviation = Math.sqrt(dot(centred, centred) / values.length);
  if (deviation < leastDeviation) return { values: values.map(() => 0), centred, deviation: 1 };
  return { values: centred.map((value) => value / deviation), centred, deviation };
}

/**
 * Isotonic regression (pool adjacent violators) over groups of examples with like scores; each pool is a knot. Pools of
 * one score become one: a map gives one answer.
 */
function fitKnots(examples: readonly Example[], weights: Features): Knot[] {
  const scored = examples
    .map(({ features, quality }) => ({ score: scoreOf(features, weights), quality }))
    .sort((a, b) => a.score - b.score);
  const pools: { score: number; quality: number; size: number }[] = [];
  for (let group = 0; group < groups; group++) {
    const share = (of: number): number => Math.floor((of * scored.length) / groups);
    const members = scored.slice(share(group), share(group + 1));
    if (members.length === 0) continue;
    let pool = {
      score: mean(members.map(({ score }) => score)),
      quality: mean(members.map(({ quality }) => quality)),
      size: members.length,
    };
    for (let last = pools.at(-1); last && mustPool(last, pool); last = pools.at(-1)) {
      pools.pop();
      const size = last.size + pool.size;
      const joint = (key: 'score' | 'quality'): number =>
        (last[key] * last.size + pool[key] * pool.size) / size;
      pool = { score: joint('score'), quality: joint('quality'), size };
    }
    pools.push(pool);
  }
  return pools.map(({ score, quality }) => ({ score: rounded(score), confidence: rounded(quality) }));
}

function mustPool(a: { score: number; quality: number }, b: { score: number; quality: number }): boolean {
  return rounded(b.score) <= rounded(a.score) || rounded(b.quality) <= rounded(a.quality);
}

/** As it stands in the file: what was fitted is what will be read (JSON knows no −0). */
function rounded(value: number): number {
  return Number(value.toFixed(5)) + 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

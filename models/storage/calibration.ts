/**
 * confidence.json of a model's folder: how what was seen while a segment was decoded becomes a confidence. The file may
 * be missing. It belongs to one set of weights, which it knows by the SHA-256 of model.safetensors.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parseStrictJson } from '../text/strictJson';
import { show, UserError } from '../userError';
import { writeFileAtomically } from './atomic';
import { readForeignText } from './foreignFile';
import { files, hashOfWeights } from './modelFolder';

export const calibrationFileName = 'confidence.json';
const calibrationVersion = 1;

/** What a confidence is made of (models/inference/confidence.ts says how each is measured); more is better in each. */
export const featureNames = ['probability', 'familiarity', 'coverage'] as const;
export type FeatureName = (typeof featureNames)[number];
export type Features = Readonly<Record<FeatureName, number>>;

export interface Knot {
  readonly score: number;
  /** 0 … 1 */
  readonly confidence: number;
}

export interface Calibration {
  /** The score is the weighted sum of the features; no weight is negative. */
  readonly weights: Features;
  /** Scores rise, confidences do not fall; straight lines between, and the outermost confidences beyond. */
  readonly knots: readonly Knot[];
}

const mostBytes = 64 * 1024;
const mostKnots = 1000;
/** Features are of the order of 1, and so is a score. */
const largestNumber = 1e6;

/**
 * The calibration of a model's folder; undefined where there is no confidence.json.
 *
 * @param hash that of the folder's weights, where it is known already
 * @throws UserError where the file is damaged, or was made for other weights than those beside it
 */
export async function readCalibration(folder: string, hash?: string): Promise<Calibration | undefined> {
  const file = path.join(folder, calibrationFileName);
  if (!(await exists(file))) return undefined;
  const text = await readForeignText(file, { mostBytes });
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch (error) {
    throw new UserError(`${file} is no sound JSON: ${(error as Error).message}.`);
  }
  const { formatVersion, weightsSha256, weights, knots } = (value ?? {}) as Record<string, unknown>;
  if (formatVersion !== calibrationVersion) {
    throw new UserError(
      `${file} has format version ${show(formatVersion)}; this Polyhead reads version ${calibrationVersion}.`,
    );
  }
  const calibration = { weights: checkWeights(weights, file), knots: checkKnots(knots, file) };
  if (weightsSha256 !== (hash ?? (await hashOfWeights(folder)))) {
    throw new UserError(
      `${file} was made for other weights than the ${files.weights} beside it; run polyhead calibrate again.`,
    );
  }
  return calibration;
}

/** For the weights that the folder holds now. The file appears whole or stays as it was. */
export async function writeCalibration(folder: string, { weights, knots }: Calibration): Promise<void> {
  const content = {
    formatVersion: calibrationVersion,
    weightsSha256: await hashOfWeights(folder),
    weights,
    knots,
  };
  await writeFileAtomically(path.join(folder, calibrationFileName), [
    `${JSON.stringify(content, undefined, 2)}\n`,
  ]);
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new UserError(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

function checkWeights(value: unknown, file: string): Features {
  const weights = asObject(value);
  const fault = (what: string): UserError =>
    new UserError(
      `${file}: “weights” ${what}; it must give ${featureNames.join(', ')} a number of at least 0 each.`,
    );
  if (weights === undefined) throw fault('is no object');
  const unknown = Object.keys(weights).find((name) => !featureNames.some((known) => known === name));
  if (unknown !== undefined) throw fault(`names ${show(unknown)}, which is no feature`);
  for (const name of featureNames) {
    const weight = weights[name];
    if (!isNumber(weight) || weight < 0) throw fault(`has ${show(weight)} for ${name}`);
  }
  return Object.fromEntries(featureNames.map((name) => [name, weights[name]])) as Features;
}

function checkKnots(value: unknown, file: string): Knot[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostKnots)
    throw new UserError(
      `${file}: “knots” must be a list of 1 to ${mostKnots} pairs of score and confidence.`,
    );
  const knots = value.map((entry: unknown, index): Knot => {
    const { score, confidence } = asObject(entry) ?? {};
    if (isNumber(score) && isNumber(confidence) && confidence >= 0 && confidence <= 1)
      return { score, confidence };
    throw new UserError(
      `${file}: knot ${index + 1} is ${show(entry)}; it must hold a “score” and a “confidence” from 0 to 1.`,
    );
  });
  knots.forEach(({ score, confidence }, index) => {
    const before = knots[index - 1];
    if (before && (score <= before.score || confidence < before.confidence)) {
      throw new UserError(
        `${file}: knot ${index + 1} does not follow the one before; scores must rise and confidences not fall.`,
      );
    }
  });
  return knots;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= largestNumber;
}

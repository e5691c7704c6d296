/**
 * Whether a graphics card can train: some drivers compute wrong numbers without a word. A few steps of a tiny model are
 * made on it and on the processor, and compared.
 */
import type { Batch } from '../data/batches';
import { randomWords } from '../data/random';
import { reasonOf } from '../runtime/reason';
import { presetConfig, type TransformerConfig } from '../transformer/config';
import { parameterShapes } from '../transformer/model';
import { UserError } from '../userError';
import { CpuTrainingState } from './cpuTrainingState';
import { GpuTrainingState } from './gpuTrainingState';
import { initialWeights } from './initialise';
import type { Precision } from './precision';
import type { StepOptions } from './trainStep';
import type { TrainingState } from './trainingState';

const vocabularySize = 64;
const config = presetConfig('tiny', vocabularySize, {
  dModel: 16,
  heads: 2,
  dFf: 32,
  encoderLayers: 1,
  decoderLayers: 1,
});
const options: StepOptions = {
  dropout: { residual: 0.1, attention: 0.1, feedForward: 0.1 },
  labelSmoothing: 0.1,
  lossChunks: 2,
};
const steps = 3;
/** So that an update that is wrong shows in the next loss. */
const learningRate = 0.01;

/** Relative to the processor's: the same sums in another order differ by far less, a wrong kernel by far more. */
export const mostDifference = 1e-3;

/** The same where products are in float16. */
const mostMixedDifference = 0.05;

/** How far the card's losses and gradients were from the processor's, relative to them. */
export interface Verdict {
  readonly difference: number;
}

/** The state of a card; another one in tests. */
type OpenCard = (of: TransformerConfig, how: StepOptions) => Promise<TrainingState>;

const openCard: OpenCard = (of, how) => GpuTrainingState.create(of, how);

/** @throws UserError where there is no card that can be used, or it computes other numbers than the processor */
export async function verifyGraphicsCard(
  open = openCard,
  precision: Precision = 'float32',
): Promise<Verdict> {
  const difference = await compareGraphicsCard(
    (...of) =>
      open(...of).catch((error: unknown) => {
        throw new UserError(`This machine has no graphics card that can train: ${reasonOf(error)}.`);
      }),
    precision,
  );
  const allowed = precision === 'mixed' ? mostMixedDifference : mostDifference;
  if (!(difference <= allowed))
    throw new UserError(
      `The graphics card computes other numbers than the processor (they differ by ${difference.toExponential(1)} of their size, where ${allowed} is allowed), so that nothing is trained on it: another version of its driver may do better.`,
    );
  return { difference };
}

/**
 * How far the card's losses and gradients are from the processor's, relative to them.
 *
 * @throws what `open` throws where there is no card that can be used; a UserError where it has no float16, and needs it
 */
export async function compareGraphicsCard(
  open = openCard,
  precision: Precision = 'float32',
): Promise<number> {
  const how = { ...options, precision };
  const card = await open(config, how);
  const processor = await CpuTrainingState.create(config, how, 1);
  try {
    const [wanted, found] = [await trained(processor), await trained(card).catch(refuseFloat16)];
    return Math.max(...wanted.map((values, index) => distance(values, found[index]!)));
  } finally {
    await card.dispose();
    await processor.dispose();
  }
}

/** @throws UserError where the card computes float32 alone; the error itself where it says something else */
function refuseFloat16(error: unknown): never {
  if (!(error instanceof Error) || !error.message.includes('requires f16')) throw error;
  throw new UserError(
    'This graphics card, or its driver, does not compute in float16: train in float32, without --precision mixed.',
  );
}

/**
 * The losses and norms of some steps, and the gradients of the first. Not the weights: those whose true gradient is
 * nothing, as the keys' biases, are moved by what rounding leaves of it.
 */
async function trained(state: TrainingState): Promise<Float32Array[]> {
  await state.writeWeights(initialWeights(parameterShapes(config), 1));
  const numbers: number[] = [];
  let gradients: Float32Array | undefined;
  for (let step = 1; step <= steps; step++) {
    const batch = batchOf(step);
    const { smoothed } = await state.computeGradients(batch, 1 / batch.labels.length, step);
    gradients ??= await state.readGradients();
    const { gradientNorm } = await state.applyGradients({ step, learningRate, clipNorm: 1 });
    numbers.push(smoothed, gradientNorm);
  }
  return [Float32Array.from(numbers), gradients!];
}

/** Six pairs of random tokens, two of them padded. */
function batchOf(seed: number): Batch {
  const words = randomWords(seed, 0x9a6e);
  const [size, sourceLength, targetLength] = [6, 9, 8];
  const token = (): number => 3 + (words() % (vocabularySize - 3));
  const lengthOf = (pair: number, longest: number): number => (pair < 2 ? longest - 3 : longest);
  const ids = (longest: number): Int32Array =>
    Int32Array.from({ length: size * longest }, (_, place) =>
      place % longest < lengthOf(Math.floor(place / longest), longest) ? token() : 0,
    );
  const rows = Int32Array.from({ length: size * targetLength }, (_, place) => place).filter(
    (place) => place % targetLength < lengthOf(Math.floor(place / targetLength), targetLength),
  );
  return {
    size,
    sourceLength,
    targetLength,
    sourceIds: ids(sourceLength),
    targetIds: ids(targetLength),
    rows,
    labels: rows.map(token),
  };
}

/** |a − b| / |a|; infinite where a number is none. */
export function distance(a: Float32Array, b: Float32Array): number {
  const difference = Math.sqrt(a.reduce((sum, value, index) => sum + (value - b[index]!) ** 2, 0));
  const size = Math.sqrt(a.reduce((sum, value) => sum + value ** 2, 0));
  const relative = size === 0 ? difference : difference / size;
  return Number.isNaN(relative) ? Infinity : relative;
}

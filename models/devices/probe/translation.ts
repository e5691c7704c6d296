/** Whether a device can translate: its numbers beside the processor's, and how quick it is with a model as those that ship. */
import { randomWords } from '../../data/random';
import { Decoder } from '../../inference/decoder';
import { logProbabilitiesOf } from '../../inference/decoderOutput';
import { reasonOf } from '../../runtime/reason';
import { quantiseWeights } from '../../storage/storedWeights';
import { distance } from '../../training/deviceProbe';
import { initialWeights } from '../../training/initialise';
import { presetConfig, type TransformerConfig } from '../../transformer/config';
import { parameterShapes } from '../../transformer/model';
import type { MixedWeights } from '../../transformer/parameters';
import type { OtherDevice, Pace } from '../verdict';

/** Relative to the processor's: float32 in another order differs by far less, a wrong kernel by far more. */
export const mostDifference = 1e-3;
/** Rounding to 8 bits differs from machine to machine: as often as far as the processor's own is allowed. */
const mostOfRounding = 2;

const tiny = presetConfig('tiny', 96, { dModel: 32, heads: 2, dFf: 64, encoderLayers: 1, decoderLayers: 1 });
const usual = presetConfig('small', 8000);

/** A device's decoder; another one in tests. */
type OpenDecoder = (config: TransformerConfig, weights: MixedWeights) => Promise<Decoder>;

export class NoSuchDevice extends Error {
  override readonly name = 'NoSuchDevice';
}

/**
 * How far the device's numbers are from the processor's in a few steps of a tiny model: a batch of sentences that are
 * padded, reordered and finish.
 *
 * @throws NoSuchDevice where no session can be made for it
 */
export async function compareDecoding(
  device: OtherDevice,
  open: OpenDecoder = (config, weights) => Decoder.create(config, weights, 0, device),
): Promise<number> {
  const weights = initialWeights(parameterShapes(tiny), 3);
  const found = await open(tiny, weights).catch((error: unknown) => {
    throw new NoSuchDevice(reasonOf(error));
  });
  const wanted = await Decoder.create(tiny, weights, 1);
  try {
    return furthest(await severalSteps(wanted), await severalSteps(found));
  } finally {
    await wanted.dispose();
    await found.dispose();
  }
}

/** Of each step, what may follow, and where the model looked for it. */
async function severalSteps(decoder: Decoder): Promise<Float32Array[]> {
  const { vocabularySize } = decoder.config;
  const token = (index: number): number => 3 + ((index * 31) % (vocabularySize - 3));
  const state = await decoder.begin(
    [3, 7, 5].map((length) => Array.from({ length }, (_, place) => token(place + length))),
  );
  try {
    const steps = [
      await state.step([1, 1, 1], [0, 1, 2]),
      await state.step([token(1), token(2), token(3)], [0, 1, 2]),
      await state.step([token(4), token(5), token(6)], [2, 2, 0]),
    ];
    await state.keepSources([2, 0]);
    steps.push(await state.step([token(7), token(8)], [1, 2]));
    return steps.flatMap((step) => [logProbabilitiesOf(step, vocabularySize), step.crossAttention.data]);
  } finally {
    state.dispose();
  }
}

function furthest(wanted: readonly Float32Array[], found: readonly Float32Array[]): number {
  return Math.max(...wanted.map((values, index) => distance(values, found[index]!)));
}

/** So many sentences make a batch that is timed, and so many tokens a sentence and its translation. */
const batchSize = 16;
const sourceTokens = 20;
const targetTokens = 24;
/** As greedy decoding asks for. */
const candidates = 2;
/** What takes longer is not quick, and need not be timed to its end. */
const patienceMs = 4000;

export interface MeasuredDecoding {
  /** How far the numbers of a model of the usual size are from the processor's. */
  readonly difference: number;
  readonly paces: { readonly alone: Pace; readonly batch: Pace };
  readonly keepsBytes: boolean;
}

/** Tokens a second of a model of the size that ships: the processor with bytes, the device with what suits it. */
export async function measureDecoding(device: OtherDevice): Promise<MeasuredDecoding> {
  const weights = initialWeights(parameterShapes(usual), 3);
  const bytes = quantiseWeights(weights, usual);
  const withBytes = await timed('cpu', bytes);
  const exact = await numbersOf('cpu', weights);
  const onDevice = await timed(device, weights);
  const difference = furthest(exact, onDevice.numbers);
  const rounding = furthest(exact, withBytes.numbers);
  // Bytes need kernels of their own, which a device may not have, or have wrong.
  const bytesOnDevice = await timed(device, bytes).catch(() => undefined);
  const keepsBytes =
    bytesOnDevice !== undefined &&
    furthest(exact, bytesOnDevice.numbers) <= mostOfRounding * rounding &&
    bytesOnDevice.alone >= onDevice.alone &&
    bytesOnDevice.batch >= onDevice.batch;
  const best = keepsBytes ? bytesOnDevice : onDevice;
  return {
    difference,
    paces: {
      alone: { device: best.alone, processor: withBytes.alone },
      batch: { device: best.batch, processor: withBytes.batch },
    },
    keepsBytes,
  };
}

async function numbersOf(device: OtherDevice | 'cpu', weights: MixedWeights): Promise<Float32Array[]> {
  const decoder = await Decoder.create(usual, weights, 0, device);
  try {
    return await severalSteps(decoder);
  } finally {
    await decoder.dispose();
  }
}

async function timed(
  device: OtherDevice | 'cpu',
  weights: MixedWeights,
): Promise<{ numbers: Float32Array[]; alone: number; batch: number }> {
  const decoder = await Decoder.create(usual, weights, 0, device);
  try {
    const numbers = await severalSteps(decoder);
    return { numbers, alone: await paceOf(decoder, 1), batch: await paceOf(decoder, batchSize) };
  } finally {
    await decoder.dispose();
  }
}

/** Tokens a second, the second time: the first one prepares what it needs. */
async function paceOf(decoder: Decoder, sentences: number): Promise<number> {
  await decode(decoder, sentences);
  return decode(decoder, sentences);
}

async function decode(decoder: Decoder, sentences: number): Promise<number> {
  const words = randomWords(sentences);
  const token = (): number => 3 + (words() % (decoder.config.vocabularySize - 3));
  const rows = Array.from({ length: sentences }, (_, row) => row);
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  const state = await decoder.begin(rows.map(() => Array.from({ length: sourceTokens }, token)));
  try {
    let steps = 0;
    while (steps < targetTokens && elapsed() < patienceMs) {
      await state.step(rows.map(token), rows, candidates);
      steps++;
    }
    return (1000 * sentences * steps) / elapsed();
  } finally {
    state.dispose();
  }
}

/** One point of `npm run bench -- costs`: the training steps of one model on one batch. */
import type { Batch } from '../../../models/data/batches';
import { randomWords } from '../../../models/data/random';
import { endId, firstLearnedId, startId } from '../../../models/text/reservedTokens';
import { CpuTrainingState } from '../../../models/training/cpuTrainingState';
import { lossChunks } from '../../../models/training/loss';
import { initialWeights } from '../../../models/training/initialise';
import type { TransformerConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';

export interface StepSizes {
  /** Tokens of a sentence with its end, in source and target each. */
  readonly length: number;
  /** Sentences. */
  readonly batch: number;
  readonly width: number;
  /** Layers of the encoder, and of the decoder. */
  readonly depth: number;
  readonly vocabulary: number;
}

/** Sentences of random tokens, all of one length. */
function randomBatch({ length, batch, vocabulary }: StepSizes): Batch {
  const words = randomWords(1, 2);
  const token = (): number => firstLearnedId + (words() % (vocabulary - firstLearnedId));
  const ids = (place: number, special: number): Int32Array =>
    Int32Array.from({ length: batch * length }, (_, index) => (index % length === place ? special : token()));
  const targetIds = ids(0, startId);
  return {
    size: batch,
    sourceLength: length,
    targetLength: length,
    sourceIds: ids(length - 1, endId),
    targetIds,
    rows: Int32Array.from({ length: batch * length }, (_, index) => index),
    labels: Int32Array.from({ length: batch * length }, (_, index) =>
      index % length === length - 1 ? endId : targetIds[index + 1]!,
    ),
  };
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** MiB at most so far. */
function peakMebibytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/**
 * The median processor time of forward, backward and update, and the largest memory beyond what the process had before.
 *
 * @param milliseconds that steps are repeated for, at least three of them
 */
export async function measureStep(
  config: TransformerConfig,
  sizes: StepSizes,
  threads: number,
  milliseconds: number,
): Promise<{ milliseconds: number; mebibytes: number }> {
  const weights = initialWeights(parameterShapes(config), 1);
  const batch = randomBatch(sizes);
  const before = peakMebibytes();
  const state = await CpuTrainingState.create(
    config,
    {
      dropout: { residual: 0.1, attention: 0.1, feedForward: 0.1 },
      labelSmoothing: 0.1,
      lossChunks: lossChunks(sizes.length * sizes.batch),
    },
    threads,
  );
  await state.writeWeights(weights);
  const times: number[] = [];
  for (let step = 1, spent = 0; step <= 4 || spent < milliseconds; step++) {
    const begun = processorMs();
    await state.computeGradients(batch, 1 / batch.rows.length, step);
    await state.applyGradients({ step, learningRate: 1e-4, clipNorm: 1 });
    // The first step lays out memory.
    if (step === 1) continue;
    times.push(processorMs() - begun);
    spent += times.at(-1)!;
  }
  await state.dispose();
  return {
    milliseconds: times.toSorted((a, b) => a - b)[times.length >> 1]!,
    mebibytes: peakMebibytes() - before,
  };
}

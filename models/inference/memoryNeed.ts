/**
 * How much memory a model takes, by its configuration alone: one that says of itself that it is a hundred times what the
 * machine has is refused before it is loaded, and takes neither the engine nor the editor along.
 */
import { totalmem } from 'node:os';
import type { ModelConfig } from '../storage/modelFolder';
import type { TransformerConfig } from '../transformer/config';
import { parameterShapes } from '../transformer/model';
import { elementCount } from '../transformer/parameters';
import { UserError } from '../userError';

const bytesPerNumber = 4;
/** As they are read, and in the sessions of encoder and decoder. */
const copiesOfWeights = 3;
/** Keys and values of source and target, each beside what it is made of. */
const copiesOfMemories = 4;

/** What is decoded side by side at most: hypotheses, their padded source tokens, and those of the longest of them. */
export const largestBatch = { rows: 64, tokens: 2000, longestRow: 150 } as const;

/**
 * Bytes that a model takes at most while it is loaded and decodes the largest batch: a bound, not a measurement.
 *
 * @param beamSize hypotheses of a source: of one source they are decoded side by side, however many that are
 */
export function memoryNeed(config: TransformerConfig, beamSize = 1): number {
  const { vocabularySize, dModel, heads, dKey, dValue, dFf, decoderLayers } = config;
  const { longestRow } = largestBatch;
  const rows = Math.max(largestBatch.rows, beamSize);
  // With its end, and padding.
  const tokens = Math.max(largestBatch.tokens, beamSize * (longestRow + 2));
  const memories = decoderLayers * heads * (dKey + dValue) * tokens;
  const oneLayer = tokens * (dModel + dFf + heads * (dKey + dValue + longestRow));
  const numbers =
    copiesOfWeights * countParameters(config).all +
    copiesOfMemories * memories +
    2 * oneLayer +
    3 * rows * vocabularySize;
  return numbers * bytesPerNumber;
}

/** onnxruntime reads programs of up to 2 GB, and the weights of encoder or decoder are part of theirs. */
const largestProgram = 2 ** 31 - 2 ** 20;

/** Parameters of the whole model, and of the larger of encoder and decoder; both hold the embeddings. */
function countParameters(config: TransformerConfig): { all: number; inOneProgram: number } {
  const counts = { encoder: 0, decoder: 0, both: 0 };
  for (const { name, shape } of parameterShapes(config)) {
    const part = name.startsWith('encoder.') ? 'encoder' : name.startsWith('decoder.') ? 'decoder' : 'both';
    counts[part] += elementCount(shape);
  }
  const { encoder, decoder, both } = counts;
  return { all: encoder + decoder + both, inOneProgram: Math.max(encoder, decoder) + both };
}

/**
 * @param beamSize hypotheses of a source that are decoded side by side
 * @param available bytes; by default what this machine, or the container that this process runs in, has
 * @throws UserError for a model that needs more, or that onnxruntime does not read
 */
export function checkMemory(
  { transformer }: ModelConfig,
  folder: string,
  beamSize = 1,
  available = memoryOfMachine(),
): void {
  const program = countParameters(transformer).inOneProgram * bytesPerNumber;
  if (program > largestProgram) {
    throw new UserError(
      `The model in ${folder} is too large: its encoder or decoder takes ${inGigabytes(program)} GB, and onnxruntime reads ` +
        '2 GB at most. Use a smaller model.',
    );
  }
  const needed = memoryNeed(transformer, beamSize);
  if (needed <= available) return;
  throw new UserError(
    `The model in ${folder} needs up to ${inGigabytes(needed)} GB of memory, and ${inGigabytes(available)} GB are there. ` +
      'Use a smaller model.',
  );
}

function memoryOfMachine(): number {
  // Without a limit of its own a process is told none, or one beyond all memory.
  const limit = process.constrainedMemory() || Infinity;
  return Math.min(totalmem(), limit);
}

function inGigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0);
}

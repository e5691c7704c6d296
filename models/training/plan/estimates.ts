/** What a training takes of memory and disk, by its sizes: estimates, fitted to measured trainings. */
import type { TransformerConfig } from '../../transformer/config';
import { parameterCount } from '../../transformer/model';
import { bytesOfCheckpoint } from '../leg';
import { rowsOfChunk } from '../loss';

const float = 4;

/** The process itself with onnxruntime, and that of the corpus, which keeps some bytes a pair. */
const processBytes = 160e6;
const corpusProcessBytes = 120e6;
const corpusBytesPerPair = 16;

/**
 * Float32 numbers for each weight at the peak: the weight, its gradient and two moments; the graph's gradients before
 * they are written; copies while a checkpoint is made and validated.
 */
const copiesOfWeights = 8;
/** Of a chunk's logits; with R-Drop twice as many, since their difference, and what is made of it, is there too. */
const copiesOfLogits = 4;

/** Numbers that a layer keeps for the way back for each token: so many times dModel, and dFf. */
const encoderStates = 19;
const decoderStates = 26;
const feedForwardStates = 3;

export interface TrainingSize {
  readonly transformer: TransformerConfig;
  /** Padded positions of a batch on either side. */
  readonly batchTokens: number;
  /** Of a step. */
  readonly passes: number;
  /** Whether an update has several batches: their gradients are added up in one more copy. */
  readonly accumulates: boolean;
  /** Of the corpus. */
  readonly pairs: number;
  /** Mean length of a pair's longer side, in tokens. */
  readonly length: number;
}

/** Bytes at the peak, of the training's process and the one that feeds it. */
export function trainingMemory({
  transformer,
  batchTokens,
  passes,
  accumulates,
  pairs,
  length,
}: TrainingSize): number {
  const { dModel, dFf, heads, encoderLayers, decoderLayers, vocabularySize } = transformer;
  const parameters = parameterCount(transformer);
  const states =
    (encoderLayers * encoderStates + decoderLayers * decoderStates) * dModel +
    (encoderLayers + decoderLayers) * feedForwardStates * dFf +
    (encoderLayers + 2 * decoderLayers) * heads * length;
  const numbers =
    (copiesOfWeights + (accumulates ? 1 : 0)) * parameters +
    passes * batchTokens * states +
    passes * copiesOfLogits * Math.min(rowsOfChunk, batchTokens) * vocabularySize;
  return processBytes + corpusProcessBytes + corpusBytesPerPair * pairs + float * numbers;
}

export interface DiskSize {
  readonly parameters: number;
  readonly pairs: number;
  /** Tokens of both sides of a pair, and its UTF-8 bytes; means. */
  readonly tokensPerPair: number;
  readonly textBytes: number;
  readonly keepCheckpoints: number;
  /** Updates of which metrics are written; undefined where there is no end. */
  readonly steps: number | undefined;
}

/** Bytes that an update leaves in metrics.jsonl and TensorBoard's file. */
const metricsBytesPerStep = 1100;
/** Where nobody says when it is over. */
const stepsWithoutEnd = 100_000;

/**
 * Bytes on the disk: the encoded corpus, or its text while it is encoded besides; the last checkpoints, the best, the
 * one that is being written, and the model that a validation loads; metrics.
 */
export function trainingDisk(size: DiskSize): number {
  const { parameters, pairs, tokensPerPair, textBytes, keepCheckpoints, steps } = size;
  const bytesPerToken = 2;
  const encoded = pairs * (bytesPerToken * tokensPerPair + 4);
  const spool = pairs * (textBytes + 8);
  const checkpoints = (keepCheckpoints + 2) * bytesOfCheckpoint(parameters) + float * parameters;
  return encoded + spool + checkpoints + metricsBytesPerStep * (steps ?? stepsWithoutEnd);
}

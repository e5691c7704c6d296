/** A model small enough for a graphics card in software, where each kernel takes a millisecond, and what it is trained on. */
import { makeBatch, type Batch } from '../../../models/data/batches';
import { EncodedCorpus } from '../../../models/data/encodedCorpus';
import { randomWords } from '../../../models/data/random';
import type { StepOptions } from '../../../models/training/trainStep';
import { presetConfig } from '../../../models/transformer/config';
import { tinySizes } from '../tinyModel';

const vocabularySize = 40;
export const config = presetConfig('tiny', vocabularySize, tinySizes);
const framing = { padding: 0, start: 1, end: 2 };
export const options: StepOptions = {
  dropout: { residual: 0.1, attention: 0.1, feedForward: 0.1 },
  labelSmoothing: 0.1,
  lossChunks: 2,
};

/** Of several lengths, so that some are padded. */
const corpus = (() => {
  const words = randomWords(8);
  const tokens = (length: number): number[] =>
    Array.from({ length }, () => 3 + (words() % (vocabularySize - 3)));
  return EncodedCorpus.from(
    Array.from({ length: 12 }, (_, pair) => ({ source: tokens(2 + pair), target: tokens(3 + (pair % 7)) })),
  );
})();
export const batchOf = (pairs: readonly number[]): Batch => makeBatch(corpus, [...pairs], framing);
export const whole = batchOf([0, 1, 2, 3, 4]);

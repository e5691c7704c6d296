/**
 * The batches that the bench trains on: pairs with the lengths of a real corpus (test/fixtures/lengths), of tokens at
 * random, the low ids commoner than the high ones as in a vocabulary (Zipf's law).
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { makeBatch, planEpoch, type Batch } from '../../../models/data/batches';
import { EncodedCorpus } from '../../../models/data/encodedCorpus';
import { randomWords } from '../../../models/data/random';
import { endId, firstLearnedId, paddingId, startId } from '../../../models/text/reservedTokens';

/** As `train` leaves out by itself. */
const longest = 200;
const batchesWanted = 8;

interface Lengths {
  readonly source: number;
  readonly target: number;
  /** Pairs that are no longer, in the table's order. */
  readonly upTo: number;
}

function readLengths(file: string): Lengths[] {
  let upTo = 0;
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  return lines.flatMap((line) => {
    const [source, target, pairs] = line.split(' ').map(Number) as [number, number, number];
    if (Math.max(source, target) >= longest) return [];
    upTo += pairs;
    return [{ source, target, upTo }];
  });
}

/**
 * Some batches as `train` cuts them, always the same ones; the last of the epoch is never among them, which is smaller.
 *
 * @param tokens padded positions of a batch on either side, at most
 */
export function makeBatches(lengthsFile: string, tokens: number, vocabularySize: number): Batch[] {
  const lengths = readLengths(lengthsFile);
  const words = randomWords(tokens, vocabularySize);
  const uniform = (): number => words() / 2 ** 32;
  const learned = vocabularySize - firstLearnedId;
  const ids = (count: number): number[] =>
    Array.from({ length: count }, () => firstLearnedId + Math.floor((learned + 1) ** uniform()) - 1);
  const pairOf = (place: number) => lengths.find(({ upTo }) => place < upTo)!;
  const pairs = Math.ceil((2 * batchesWanted * tokens) / 10);
  const corpus = EncodedCorpus.from(
    Array.from({ length: pairs }, () => {
      const { source, target } = pairOf(Math.floor(uniform() * lengths.at(-1)!.upTo));
      return { source: ids(source), target: ids(target) };
    }),
  );
  const framing = { padding: paddingId, start: startId, end: endId };
  return planEpoch(corpus, { tokens, seed: 1, epoch: 0 })
    .map((chosen) => makeBatch(corpus, chosen, framing))
    .filter(({ size, targetLength }) => size * targetLength >= 0.6 * tokens)
    .slice(0, batchesWanted);
}

export function batchAsJson({ sourceIds, targetIds, rows, labels, ...sizes }: Batch): object {
  const plain = { sourceIds, targetIds, rows, labels };
  return {
    ...sizes,
    ...Object.fromEntries(Object.entries(plain).map(([name, ids]) => [name, [...ids]])),
  };
}

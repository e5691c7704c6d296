/**
 * Dropout, §5.4, from a counter-based generator: an element's fate is a hash of (seed, site, row, column), so that a
 * step repeats exactly and no generator's state has to be kept. The hash uses 32-bit products, sums and quotients
 * alone, which every execution provider computes with the same bits.
 */
import * as graph from '../graph/operators';
import { product, type Dimension } from '../graph/shape';
import { constant, type Tensor } from '../graph/tensor';

export interface DropoutRates {
  /** On the output of each sub-layer and on the embeddings (the paper's P_drop). */
  readonly residual: number;
  /** On attention weights. */
  readonly attention: number;
  /** Between the two maps of the feed-forward network. */
  readonly feedForward: number;
}

export interface Dropout {
  residual(x: Tensor): Tensor;
  attention(x: Tensor): Tensor;
  feedForward(x: Tensor): Tensor;
}

const same = (x: Tensor): Tensor => x;

export const noDropout: Dropout = { residual: same, attention: same, feedForward: same };

/**
 * What a mask is while its parts are put together: `truth` takes a quarter of the memory, but graphics cards put no truth
 * values together and would leave it to the processor; nor do they shift bits, which is quicker than to divide. The same
 * places are dropped.
 */
export type MaskKind = 'truth' | 'number';

/** @param seed uint32 without axes, another one for each step; each call is a new site */
export function seededDropout(seed: Tensor, rates: DropoutRates, mask: MaskKind = 'truth'): Dropout {
  let site = 0;
  const at = (rate: number) => (x: Tensor) => (rate === 0 ? x : dropout(x, rate, seed, ++site, mask));
  return {
    residual: at(rates.residual),
    attention: at(rates.attention),
    feedForward: at(rates.feedForward),
  };
}

const word = (value: number): Tensor => constant('uint32', [], [value >>> 0]);
const halfBits = 16;
const half = 2 ** halfBits;

/** x·(2x + 1), the mixing function of RC6 (Rivest et al. 1998); a permutation of the 32-bit words. */
function mix(x: Tensor): Tensor {
  return graph.multiply(x, graph.add(graph.multiply(x, word(2)), word(1)));
}

function swapHalves(x: Tensor, mask: MaskKind): Tensor {
  const upper = mask === 'truth' ? graph.shiftRight(x, word(halfBits)) : graph.divide(x, word(half));
  return graph.add(graph.multiply(x, word(half)), upper);
}

/** Three rounds: every bit of the result depends on every bit of x. */
function hash(x: Tensor, mask: MaskKind): Tensor {
  const round = (word: Tensor): Tensor => swapHalves(mix(word), mask);
  return round(round(round(x)));
}

/** Hashes of 0, 1, … under a key: `[size]`. */
function hashedIndices(size: Tensor, key: Tensor, dimension: Dimension, mask: MaskKind): Tensor {
  const indices = graph.cast(graph.range(size, 'int32', dimension), 'uint32');
  // Odd multiplier of Knuth's multiplicative hashing: neighbours start far apart.
  return hash(graph.add(graph.multiply(indices, word(2_654_435_761)), key), mask);
}

/**
 * Keeps each element with probability 1 − rate (to 1/65536) and scales what is kept by 1/(1 − rate).
 *
 * Rows and columns are hashed apart and their sum mixed twice; each word of the result decides two elements, one
 * with each half, in row r and in row r + rows/2.
 */
export function dropout(
  x: Tensor,
  rate: number,
  seed: Tensor,
  site: number,
  mask: MaskKind = 'truth',
): Tensor {
  const keep = keepMask(x, rate, seed, site, mask);
  const factor = graph.multiply(graph.cast(keep, x.type), graph.constantLike(1 / (1 - rate), x));
  return graph.multiply(x, graph.reshapeLike(factor, x));
}

/** What is kept, as bool or as x's 1 and 0: `[rows, columns]`, where columns is x's last axis and rows all the others. */
function keepMask(x: Tensor, rate: number, seed: Tensor, site: number, mask: MaskKind): Tensor {
  const rowName = product(x.shape.slice(0, -1));
  const columnName = x.shape.at(-1)!;
  const rows = x.shape
    .slice(0, -1)
    .map((_, axis) => graph.sizeOf(x, axis))
    .reduce((a, b) => graph.multiply(a, b));
  const one = constant('int64', [1], [1]);
  const halfRows = graph.divide(graph.add(rows, one), constant('int64', [1], [2]));
  const halfName = `half of ${rowName} at site ${site}`;

  const key = hash(graph.add(hash(seed, mask), word(site)), mask);
  const columnKey = hash(graph.add(key, word(1)), mask);
  const rowHashes = graph.unsqueeze(hashedIndices(halfRows, key, halfName, mask), [1]);
  const columnHashes = graph.unsqueeze(hashedIndices(graph.sizeOf(x, -1), columnKey, columnName, mask), [0]);
  const words = mix(swapHalves(mix(graph.add(rowHashes, columnHashes)), mask));

  // dropped: the half, as a number below 65536, is below rate·65536; compared in the upper half, no division needed.
  const threshold = word(Math.round(rate * half) * half);
  const halves = [words, graph.multiply(words, word(half))].map((value) => graph.less(value, threshold));
  const wholeOf = (parts: readonly Tensor[]): Tensor =>
    graph.slice(graph.concat(parts, 0, `twice ${halfName}`), 0, constant('int64', [1], [0]), rows, rowName);
  if (mask === 'truth') return graph.not(wholeOf(halves));
  return wholeOf(halves.map((dropped) => graph.cast(graph.not(dropped), x.type)));
}

// Cuts a corpus into training, validation and test parts, and keeps them apart.
import { createHash } from 'node:crypto';

/** @typedef {import('./sources.mjs').RawPair} RawPair */
/** @typedef {{ train: RawPair[], valid: RawPair[], test: RawPair[] }} Splits */

const heldOutPairs = 1500;
const mostHeldOut = 0.05;
/** Words of the sequences by which near duplicates are told. */
const sequence = 4;
/** From this share of the longer text's sequences on that both have, they are near duplicates. */
const nearDuplicate = 0.7;

/**
 * Where a text falls, from 0 to below 1: the same text always in the same place, whatever else is in the corpus and
 * whatever it is translated into.
 * @param {string} source
 */
export function placeOf(source) {
  return createHash('sha256').update(source).digest().readUInt32BE() / 2 ** 32;
}

/**
 * Test and validation get 1,500 pairs each as their places have it, but not more than 5 % of all.
 * @param {readonly RawPair[]} pairs
 * @returns {Splits}
 */
export function split(pairs) {
  const share = Math.min(mostHeldOut, heldOutPairs / Math.max(1, pairs.length));
  /** @type {Splits} */
  const splits = { train: [], valid: [], test: [] };
  for (const pair of pairs) {
    const place = placeOf(pair.source);
    if (place < share) splits.test.push(pair);
    else if (place >= 0.5 && place < 0.5 + share) splits.valid.push(pair);
    else splits.train.push(pair);
  }
  return splits;
}

/** Finds out which texts are near duplicates of held-out ones. */
export class HeldOut {
  /** @type {Map<string, number[]>} sequences of words, with the held-out texts that have them */
  #texts = new Map();
  /** @type {number[]} how many different sequences each text has */
  #sizes = [];

  /** @param {Iterable<string>} sources */
  constructor(sources) {
    for (const source of sources) {
      const found = sequencesOf(source);
      for (const one of found) {
        const texts = this.#texts.get(one);
        if (texts === undefined) this.#texts.set(one, [this.#sizes.length]);
        else texts.push(this.#sizes.length);
      }
      this.#sizes.push(found.size);
    }
  }

  /**
   * Whether a held-out text has 70 % of this one's four-word sequences, and this one 70 % of that one's. Shorter
   * texts are one sequence.
   * @param {string} source
   */
  resembles(source) {
    const own = sequencesOf(source);
    /** @type {Map<number, number>} */
    const common = new Map();
    for (const one of own) {
      for (const text of this.#texts.get(one) ?? []) common.set(text, (common.get(text) ?? 0) + 1);
    }
    for (const [text, count] of common) {
      if (count >= nearDuplicate * Math.max(own.size, this.#sizes[text] ?? 0)) return true;
    }
    return false;
  }
}

/** @param {string} text @returns {Set<string>} */
function sequencesOf(text) {
  // Chinese sources do not occur; names of options and the like count as words.
  const words = text
    .toLowerCase()
    .replace(/\d+/g, '0')
    .split(/[^\p{L}\p{N}%<>]+/u)
    .filter((word) => word !== '');
  if (words.length <= sequence) return new Set([words.join(' ')]);
  const found = new Set();
  for (let start = 0; start + sequence <= words.length; start++)
    found.add(words.slice(start, start + sequence).join(' '));
  return found;
}

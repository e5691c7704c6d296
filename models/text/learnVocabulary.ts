// Learns a vocabulary from texts: counts words, chooses the alphabet, learns merges.

import { learnMerges } from './mergeLearner';
import type { MergeProblem } from './mergeLearner';
import { fusePieces } from './pieces';
import type { Piece } from './pieces';
import { splitWords, toTokenCharacter } from './preTokenizer';
import { firstLearnedId } from './reservedTokens';
import { Vocabulary } from './vocabulary';

export interface LearnOptions {
  /** Tokens wanted, the reserved ones included; fewer come out where the texts do not hold enough. */
  readonly size: number;
  /**
   * The share of all characters that the alphabet covers, from 0 to 1; the rarest are left to bytes. Chinese has
   * thousands of characters that are hardly used: each would cost a token. Default 0.9995, as SentencePiece has it.
   */
  readonly characterCoverage?: number;
  /** Called after each merge with the tokens made so far and those wanted. */
  readonly onProgress?: (merges: number, of: number) => void;
}

/**
 * Learns a vocabulary, a joint one if the texts are of two languages. The result depends on the texts and options
 * alone, not on the order of the texts. A RangeError for a size with no room for learned tokens or a coverage outside 0 … 1.
 */
export function learnVocabulary(
  texts: Iterable<string | readonly Piece[]>,
  options: LearnOptions,
): Vocabulary {
  const { size, characterCoverage = 0.9995, onProgress } = options;
  if (!Number.isInteger(size) || size <= firstLearnedId) {
    throw new RangeError(
      `A vocabulary of ${size} tokens is too small: ${firstLearnedId} are reserved, so ask for more than that.`,
    );
  }
  if (!(characterCoverage >= 0 && characterCoverage <= 1)) {
    throw new RangeError(`The character coverage is ${characterCoverage}; it has to be from 0 to 1.`);
  }
  const wordCounts = countWords(texts);
  const room = size - firstLearnedId;
  const alphabet = chooseAlphabet(wordCounts, characterCoverage, room);
  const words = wordsInSymbols(wordCounts, alphabet);
  const { symbols, merges } = learnMerges({ symbols: alphabet, words, size: room, onProgress });
  return Vocabulary.fromMerges(
    symbols,
    merges.map(([left, right]) => [left + firstLearnedId, right + firstLearnedId]),
  );
}

function countWords(texts: Iterable<string | readonly Piece[]>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const piece of typeof text === 'string' ? [text] : fusePieces(text)) {
      if (typeof piece !== 'string') continue;
      for (const word of splitWords(piece)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

/** The commonest characters, as they are written in tokens, until they cover enough or half of the room is taken. */
function chooseAlphabet(wordCounts: ReadonlyMap<string, number>, coverage: number, room: number): string[] {
  const counts = new Map<string, number>();
  let total = 0;
  for (const [word, count] of wordCounts) {
    for (const character of word) {
      const marked = toTokenCharacter(character);
      if (marked === undefined) continue;
      counts.set(marked, (counts.get(marked) ?? 0) + count);
      total += count;
    }
  }
  const byCount = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  const alphabet: string[] = [];
  let covered = 0;
  for (const [character, count] of byCount) {
    if (covered >= coverage * total || alphabet.length >= Math.ceil(room / 2)) break;
    alphabet.push(character);
    covered += count;
  }
  return alphabet.sort();
}

/** The words as alphabet indices; a character outside the alphabet is never part of a merge, so it ends a word. */
function wordsInSymbols(
  wordCounts: ReadonlyMap<string, number>,
  alphabet: readonly string[],
): MergeProblem['words'] {
  const symbolOf = new Map(alphabet.map((character, symbol) => [character, symbol]));
  const words: { symbols: number[]; count: number }[] = [];
  for (const [word, count] of wordCounts) {
    let symbols: number[] = [];
    const finish = (): void => {
      if (symbols.length > 1) words.push({ symbols, count });
      symbols = [];
    };
    for (const character of word) {
      const marked = toTokenCharacter(character);
      const symbol = marked === undefined ? undefined : symbolOf.get(marked);
      if (symbol === undefined) finish();
      else symbols.push(symbol);
    }
    finish();
  }
  return words;
}

/**
 * Which sentence pairs are worth training on. Made for messages of software, nearly half of which have at most three
 * words: what is odd in a long sentence (the same on both sides, three times as long) is common in a short one.
 */
import { TextSet } from './pairSet';

export interface FilterOptions {
  /**
   * A side with more words than this drops the pair; 100 unless given. Since some languages have no spaces, more than
   * ten characters a word count as too long as well.
   */
  readonly maximumWords?: number;
  /**
   * How many times as long as the other a side may be, in characters (Chinese ones count 2.6 times, kana 1.7); 3.2 unless given.
   * Pairs whose longer side has at most 20 characters are kept: Cut, Ausschneiden.
   */
  readonly maximumLengthRatio?: number;
}

/** Why a pair is dropped: the names of the counts in a report. */
export type DropReason = 'empty' | 'identical' | 'tooLong' | 'ratio' | 'duplicate';

const maximumCharactersPerWord = 10;
/** A translation into Chinese needs about this many times fewer characters. */
const chineseCharacterLength = 2.6;
/** Up to here the longer side may be any number of times as long as the other. */
const ratioMatters = 20;
/** A kana is a syllable. */
const kanaLength = 1.7;
/** Names, commands and placeholders are the same in both languages; longer copies teach a model to leave sentences be. */
const identicalWords = 3;
/** As many characters where no spaces tell the words. */
const identicalUnspaced = 12;

export const defaultFilter = { maximumWords: 100, maximumLengthRatio: 3.2 } as const satisfies FilterOptions;

/**
 * Makes a filter that remembers the pairs it let through, to drop repetitions of them.
 *
 * @returns why a pair is to be dropped, undefined where it is to be kept
 */
export function createPairFilter(
  options: FilterOptions = {},
): (source: string, target: string) => DropReason | undefined {
  const { maximumWords, maximumLengthRatio } = { ...defaultFilter, ...options };
  const seen = new TextSet();

  return (source, target) => {
    const sourceWords = countWords(source);
    const targetWords = countWords(target);
    if (sourceWords === 0 || targetWords === 0) return 'empty';
    const sourceLength = lengthOf(source);
    const targetLength = lengthOf(target);
    const longer = Math.max(sourceLength, targetLength);
    if (Math.max(sourceWords, targetWords) > maximumWords) return 'tooLong';
    if (longer > maximumCharactersPerWord * maximumWords) return 'tooLong';
    if (source === target && (sourceWords > identicalWords || countUnspaced(source) > identicalUnspaced))
      return 'identical';
    if (longer > ratioMatters && longer > maximumLengthRatio * Math.min(sourceLength, targetLength))
      return 'ratio';
    return seen.add(source, target) ? undefined : 'duplicate';
  };
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Characters of scripts that put no spaces between words: Han, kana, Thai, Lao, Burmese, Khmer, Tibetan. */
function countUnspaced(text: string): number {
  return text.match(unspaced)?.length ?? 0;
}

const chinese = /[\u3400-\u9FFF\uF900-\uFAFF]/g;
const kana = /[\u3041-\u3096\u30A1-\u30FA\u30FC]/g;
const unspaced =
  /[\u0E00-\u0FFF\u1000-\u109F\u1780-\u17FF\u3041-\u3096\u30A1-\u30FA\u30FC\u3400-\u9FFF\uF900-\uFAFF]/g;

/**
 * Length in characters, as many as a language with an alphabet would need: those of Chinese counted 2.6 times (rare
 * ones beyond the basic plane as two halves), kana, a syllable each, 1.7 times.
 */
function lengthOf(text: string): number {
  // The commonest case by far.
  if (!/[\u3041-\uFAFF]/.test(text)) return text.length;
  const of = (characters: RegExp): number => text.match(characters)?.length ?? 0;
  return text.length + (chineseCharacterLength - 1) * of(chinese) + (kanaLength - 1) * of(kana);
}

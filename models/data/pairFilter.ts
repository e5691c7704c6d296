/**
 * Which sentence pairs are worth training on. Made for messages of software, nearly half of which have at most three
 * words: what is odd in a long sentence (the same on both sides, three times as long) is common in a short one.
 */

export interface FilterOptions {
  /**
   * A side with more words than this drops the pair; 100 unless given. Since Chinese has no spaces, more than ten
   * characters a word count as too long as well.
   */
  readonly maximumWords?: number;
  /**
   * How many times as long as the other a side may be, in characters (Chinese ones count 2.6 times); 3.2 unless given.
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
/** Names, commands and placeholders are the same in both languages; longer copies teach a model to leave sentences be. */
const identicalWords = 3;

/**
 * Makes a filter that remembers the pairs it let through, to drop repetitions of them.
 *
 * @returns why a pair is to be dropped, undefined where it is to be kept
 */
export function createPairFilter(
  options: FilterOptions = {},
): (source: string, target: string) => DropReason | undefined {
  const { maximumWords = 100, maximumLengthRatio = 3.2 } = options;
  // Keyed by the source text, which the corpus holds anyway, rather than by a copy of both sides.
  const targetsOf = new Map<string, string | Set<string>>();

  function isRepeated(source: string, target: string): boolean {
    const known = targetsOf.get(source);
    if (known === undefined) {
      targetsOf.set(source, target);
    } else if (typeof known === 'string') {
      if (known === target) return true;
      targetsOf.set(source, new Set([known, target]));
    } else {
      if (known.has(target)) return true;
      known.add(target);
    }
    return false;
  }

  return (source, target) => {
    const sourceWords = countWords(source);
    const targetWords = countWords(target);
    if (sourceWords === 0 || targetWords === 0) return 'empty';
    const sourceLength = lengthOf(source);
    const targetLength = lengthOf(target);
    const longer = Math.max(sourceLength, targetLength);
    if (Math.max(sourceWords, targetWords) > maximumWords) return 'tooLong';
    if (longer > maximumCharactersPerWord * maximumWords) return 'tooLong';
    if (sourceWords > identicalWords && source === target) return 'identical';
    if (longer > ratioMatters && longer > maximumLengthRatio * Math.min(sourceLength, targetLength))
      return 'ratio';
    return isRepeated(source, target) ? 'duplicate' : undefined;
  };
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Length in characters, Chinese ones counted 2.6 times (rare ones beyond the basic plane as two halves). */
function lengthOf(text: string): number {
  const chinese = text.match(/[\u3400-\u9FFF\uF900-\uFAFF]/g)?.length ?? 0;
  return text.length + (chineseCharacterLength - 1) * chinese;
}

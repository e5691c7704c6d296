/** The best translations of a whole text, where there are several of each of its segments. */
import type { DecodedSegment } from './joinSegments';

export interface Combination {
  /** In the source's order. */
  readonly parts: readonly (string | DecodedSegment)[];
  /** The sum of its segments'. */
  readonly penalisedScore: number;
}

/** The choices up to a part; those before it are shared with others. */
interface Chain {
  readonly before?: Chain;
  readonly choice?: string | DecodedSegment;
  /** How many of them were cut. */
  readonly truncated: number;
  readonly penalisedScore: number;
}

/**
 * The best combinations in the order of a search, those with the fewest cut segments first and then those with the
 * highest sum of scores; equal ones in the order of their first segments. Segments do not depend on each other: what is
 * not among the best up to one of them cannot become so behind it.
 *
 * @param parts text that stays, and of each segment at least one translation, best first
 * @param count so many at most; never none
 */
export function bestCombinations(
  parts: readonly (string | readonly DecodedSegment[])[],
  count: number,
): Combination[] {
  let best: Chain[] = [{ truncated: 0, penalisedScore: 0 }];
  for (const part of parts) {
    const choices = typeof part === 'string' ? [part] : part;
    best = best
      .flatMap((before) => choices.map((choice) => extend(before, choice)))
      .sort((a, b) => a.truncated - b.truncated || b.penalisedScore - a.penalisedScore)
      .slice(0, count);
  }
  return best.map((chain) => ({ parts: choicesOf(chain), penalisedScore: chain.penalisedScore }));
}

function extend(before: Chain, choice: string | DecodedSegment): Chain {
  const { truncated, penalisedScore } = before;
  if (typeof choice === 'string') return { before, choice, truncated, penalisedScore };
  return {
    before,
    choice,
    truncated: truncated + Number(choice.hypothesis.truncated),
    penalisedScore: penalisedScore + choice.hypothesis.penalisedScore,
  };
}

function choicesOf(chain: Chain): (string | DecodedSegment)[] {
  const choices: (string | DecodedSegment)[] = [];
  for (let link: Chain | undefined = chain; link?.choice !== undefined; link = link.before)
    choices.push(link.choice);
  return choices.reverse();
}

/** Runaway repetition: a model that has lost its way says the same words for ever. */

/** Longer cycles are not looked for: the longest length ends them. */
const longestCycle = 12;
/** A cycle must be said so often, and fill so many tokens, before it counts: "no, no, no" is a sentence. */
const leastRepeats = 4;
const leastTokens = 12;

/**
 * How many tokens at the end are to be cut, since they only repeat what stands before them; 0 where nothing runs away.
 * What stays is said once, or for as long as the source repeats itself.
 *
 * @param natural the source's `longestRepetition`: so many tokens more may repeat each other
 */
export function repeatedTail(tokens: readonly number[], natural = 0): number {
  for (let cycle = 1; cycle <= longestCycle; cycle++) {
    const needed = Math.max(leastRepeats * cycle, leastTokens + natural);
    if (tokens.length < needed) return 0;
    let repeated = 0;
    while (repeated < tokens.length - cycle && isRepeated(tokens, tokens.length - 1 - repeated, cycle))
      repeated++;
    if (repeated + cycle >= needed) return repeated + cycle - Math.max(cycle, natural);
  }
  return 0;
}

/** The longest run of tokens that is a cycle said twice or more, such as a dotted line in a table of contents. */
export function longestRepetition(tokens: readonly number[]): number {
  let longest = 0;
  for (let cycle = 1; cycle <= longestCycle; cycle++) {
    let repeated = 0;
    for (let place = cycle; place < tokens.length; place++) {
      repeated = isRepeated(tokens, place, cycle) ? repeated + 1 : 0;
      if (repeated >= cycle) longest = Math.max(longest, repeated + cycle);
    }
  }
  return longest;
}

function isRepeated(tokens: readonly number[], place: number, cycle: number): boolean {
  return tokens[place] === tokens[place - cycle];
}

/** Runaway repetition: a model that has lost its way says the same words for ever. */

const longestCycle = 12;
/** A cycle must be said so often, and fill so many tokens, before it counts: "no, no, no" is a sentence. */
const leastRepeats = 4;
const leastTokens = 12;

/**
 * How many tokens at the end only repeat what stands before them; 0 where nothing runs away. One copy is not counted,
 * so that cutting them leaves it.
 */
export function repeatedTail(tokens: readonly number[]): number {
  for (let cycle = 1; cycle <= longestCycle; cycle++) {
    const needed = Math.max(leastRepeats * cycle, leastTokens);
    if (tokens.length < needed) return 0;
    let repeated = 0;
    while (repeated < tokens.length - cycle && isSame(tokens, repeated, cycle)) repeated++;
    if (repeated + cycle >= needed) return repeated;
  }
  return 0;
}

/** Whether the token so far from the end equals the one a cycle earlier. */
function isSame(tokens: readonly number[], fromEnd: number, cycle: number): boolean {
  const place = tokens.length - 1 - fromEnd;
  return tokens[place] === tokens[place - cycle];
}

/** Whether something takes time in proportion to its input: by the processor's time and by ratio, whatever else runs. */

/** How often both sizes are tried before it is said to take too long: caches that others empty only add to either. */
const attempts = 8;
/** Of four times the input, where four would be in proportion and sixteen quadratic. */
const mostTimes = 9;
/** Less tells nothing. */
const leastMs = 5;

/**
 * Throws where it takes more than in proportion.
 *
 * @param of what is measured, for the message
 * @param run takes an input of so many times the smallest
 */
export function expectLinear(of: string, run: (times: number) => void): void {
  let [small, large] = [Infinity, Infinity];
  for (let attempt = 0; attempt < attempts; attempt++) {
    small = Math.min(small, processorMs(run, 1));
    large = Math.min(large, processorMs(run, 4));
    if (large <= leastMs + mostTimes * small) return;
  }
  throw new Error(`${of}: ${small.toFixed(1)} ms, and ${large.toFixed(1)} ms for four times as much.`);
}

/** Vitest gives each file a process of its own. */
function processorMs(run: (times: number) => void, times: number): number {
  const before = process.cpuUsage();
  run(times);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

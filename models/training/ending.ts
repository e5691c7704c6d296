/** When a leg is over: its budget is used up, somebody asks, or the machine does not let it go on. */
import { statfs } from 'node:fs/promises';
import type { LegOptions, LegOutcome } from './runEvents';
import type { Progress } from './trainer';

/** Why a leg ends, before it is known after which step. */
export type End = Omit<LegOutcome, 'step'>;

/** Bytes that a training leaves free on its disk, besides what a checkpoint takes. */
export const usualLeastFree = 256 * 2 ** 20;

/** How often disk and power are looked at between checkpoints. */
const machineEveryMs = 15_000;
const mebibyte = 2 ** 20;

/** Somebody has asked for the end. */
export function askedEnd({ signal }: LegOptions): End | undefined {
  return signal?.aborted === true ? { kind: 'paused', reason: 'asked' } : undefined;
}

/** Its clock runs from when it is made. */
export class Ending {
  private readonly began = performance.now();
  private lookedAt = -Infinity;

  /** @param checkpointBytes what a checkpoint takes on the disk, about */
  constructor(
    private readonly folder: string,
    private readonly leg: LegOptions,
    private readonly begin: Progress,
    private readonly checkpointBytes: number,
  ) {}

  /**
   * Why the leg ends here, if it does.
   *
   * @param beforeSaving a checkpoint is to be written next: whether there is room for one more is looked at now
   */
  async after({ step, seconds }: Progress, beforeSaving: boolean): Promise<End | undefined> {
    const { steps, minutes, totalMinutes } = this.leg;
    if (step >= (steps ?? Infinity)) return { kind: 'finished', reason: 'steps' };
    if (this.elapsed() >= (minutes ?? Infinity) * 60 || seconds >= (totalMinutes ?? Infinity) * 60)
      return { kind: 'finished', reason: 'minutes' };
    const asked = askedEnd(this.leg);
    if (asked) return asked;
    if (!beforeSaving && performance.now() - this.lookedAt < machineEveryMs) return undefined;
    this.lookedAt = performance.now();
    return (await this.wantOfDisk()) ?? (await this.wantOfMains());
  }

  /** Seconds to the end of the leg, by its minutes and by its steps at the speed so far; whichever ends sooner. */
  secondsLeft({ step, seconds }: Progress): number | undefined {
    const { steps, minutes, totalMinutes } = this.leg;
    const elapsed = this.elapsed();
    const bySteps = (((steps ?? Infinity) - step) * elapsed) / (step - this.begin.step);
    const byMinutes = (minutes ?? Infinity) * 60 - elapsed;
    // Validations and checkpoints take their time besides.
    const stretch = elapsed / (seconds - this.begin.seconds);
    const byTotal = ((totalMinutes ?? Infinity) * 60 - seconds) * Math.max(1, stretch);
    const left = Math.max(0, Math.min(bySteps, byMinutes, byTotal));
    return Number.isFinite(left) ? left : undefined;
  }

  private elapsed(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** One checkpoint must still fit, and the person's own work besides. */
  private async wantOfDisk(): Promise<End | undefined> {
    const { leastFree } = this.leg;
    if (leastFree === undefined) return undefined;
    const { bavail, bsize } = await statfs(this.folder);
    const [free, needed] = [bavail * bsize, this.checkpointBytes + leastFree];
    if (free >= needed) return undefined;
    const [is, should] = [free, needed].map((bytes) => Math.ceil(bytes / mebibyte));
    return {
      kind: 'paused',
      reason: 'disk',
      sentence: `The disk of ${this.folder} has ${is!} MB free, and a training should leave ${should!}: it pauses. Make room there, then go on.`,
    };
  }

  private async wantOfMains(): Promise<End | undefined> {
    if ((await this.leg.isOnBattery?.()) !== true) return undefined;
    return {
      kind: 'paused',
      reason: 'battery',
      sentence: 'The machine runs on its battery: the training pauses.',
    };
  }
}

/** What a probing process is asked, and what it answers: one job a process. */
import type { Measure, OtherDevice, Pace, Purpose } from '../verdict';

export interface ProbeJob {
  readonly device: OtherDevice;
  readonly purpose: Purpose;
  /** Whether speeds are measured too, or only numbers compared. */
  readonly measure: boolean;
  /** The process ends itself then, also where its owner is gone. */
  readonly limitMs: number;
}

/** What a process finds; without an answer it has died. */
export type Finding =
  | {
      readonly outcome: 'right' | 'wrong';
      readonly difference: number;
      readonly paces?: Readonly<Partial<Record<Measure, Pace>>>;
      readonly keepsBytes?: boolean;
    }
  | { readonly outcome: 'absent' | 'broken'; readonly reason: string };

/** What a leg of a run is told, and what it tells. */
import type { CorpusReport } from '../data/corpus';
import type { StepLine, ValidationLine } from './metrics/lines';
import type { Stage } from './runCorpus';
import type { Device } from '../runtime/session';
import type { StopMeasure } from './selection';
import type { Progress, StepReport } from './trainer';

/** What may differ from leg to leg. */
export interface LegOptions {
  /** Total updates of the run at which it ends. */
  readonly steps?: number | undefined;
  /** Minutes of this leg, from its first step. */
  readonly minutes?: number | undefined;
  /** Minutes of training steps of the whole run, over all its legs, at which it ends. */
  readonly totalMinutes?: number | undefined;
  /** Updates at the end of `steps` over which the learning rate goes to nothing. */
  readonly cooldownSteps?: number | undefined;
  /** The same at the end of `totalMinutes`, in minutes. The rates then depend on how fast the machine is. */
  readonly cooldownMinutes?: number | undefined;
  /** Updates between checkpoints. */
  readonly checkpointEvery: number;
  /** How many checkpoints stay, besides the best. */
  readonly keepCheckpoints: number;
  /** Updates between validations; `checkpointEvery` unless given. A leg's end is validated too. */
  readonly validateEvery?: number | undefined;
  /** Held-out pairs that a validation translates, for BLEU and chrF; none unless given. */
  readonly translatePairs?: number | undefined;
  /** What makes a checkpoint the best: `loss` unless given. `bleu` needs pairs to translate. */
  readonly stopOn?: StopMeasure | undefined;
  /** The run ends after so many validations in a row without a better one; never unless given. */
  readonly patience?: number | undefined;
  /** Threads of one operator; 0: one a physical core. */
  readonly threads: number;
  /** What computes: the processor unless given. A run may change it from leg to leg. */
  readonly device?: Device | undefined;
  /** The bundle that reads corpora and feeds batches, in processes of its own. */
  readonly corpusProcess: string;
  /** Ends the leg after the step in hand, which is saved; without a validation, even one in hand, since somebody waits. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes: with less free on the disk, next to what a checkpoint takes, the leg ends, saved. No limit unless given. */
  readonly leastFree?: number | undefined;
  /** Asked now and then: the leg ends, saved, where the machine runs on its battery. Never unless given. */
  readonly isOnBattery?: (() => Promise<boolean>) | undefined;
}

/**
 * How a leg ended. `finished`: its `steps` or `minutes` are done; `stopped`: it got no better (`patience`); `paused`:
 * it was `asked` to end, or it ended for want of `disk` or mains (`battery`).
 */
export interface LegOutcome {
  readonly kind: 'finished' | 'stopped' | 'paused';
  readonly reason: 'steps' | 'minutes' | 'patience' | 'asked' | 'disk' | 'battery';
  /** Updates done. */
  readonly step: number;
  /** For a person, where the training itself has decided to end before its time. */
  readonly sentence?: string;
}

export type RunEvent =
  /** Pairs, or merges when learning the vocabulary, that are done; of how many, where that is known. */
  | {
      readonly kind: 'preparing';
      readonly stage: Stage;
      readonly done: number;
      readonly of: number | undefined;
    }
  | { readonly kind: 'corpus'; readonly report: CorpusReport }
  | {
      readonly kind: 'prepared';
      readonly pairs: number;
      readonly validationPairs: number;
      /** Pairs left out for too many tokens on a side. */
      readonly overlong: number;
      /** Training pairs left out because their source is validated on. */
      readonly shared: number;
      readonly targetTokens: number;
      readonly vocabularySize: number;
      /** Of a new vocabulary's pieces, those that the initial model knows. */
      readonly keptPieces?: number;
      readonly parameters: number;
      /** What computes. */
      readonly device: 'cpu' | 'webgpu';
    }
  | { readonly kind: 'resumed'; readonly progress: Progress }
  | { readonly kind: 'warning'; readonly sentence: string }
  | { readonly kind: 'step'; readonly report: StepReport; readonly metrics: StepLine }
  | ValidationLine
  | { readonly kind: 'checkpoint'; readonly folder: string; readonly progress: Progress }
  /** The leg ends before its time: it gets no better, or the machine does not let it go on. */
  | { readonly kind: 'stopped'; readonly sentence: string };

export type OnRunEvent = (event: RunEvent) => void;

/** What a leg of a run is told, and what it tells. */
import type { CorpusReport } from '../data/corpus';
import type { StepLine, ValidationLine } from './metrics/lines';
import type { Stage } from './runCorpus';
import type { StopMeasure } from './selection';
import type { Progress, StepReport } from './trainer';

/** What may differ from leg to leg. */
export interface LegOptions {
  /** Total updates of the run at which it ends. */
  readonly steps?: number | undefined;
  /** Minutes of this leg, from its first step. */
  readonly minutes?: number | undefined;
  /** Updates at the end of `steps` over which the learning rate goes to nothing. */
  readonly cooldownSteps?: number | undefined;
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
  /** The bundle that reads corpora and feeds batches, in processes of its own. */
  readonly corpusProcess: string;
  readonly signal?: AbortSignal | undefined;
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
      readonly parameters: number;
    }
  | { readonly kind: 'resumed'; readonly progress: Progress }
  | { readonly kind: 'warning'; readonly sentence: string }
  | { readonly kind: 'step'; readonly report: StepReport; readonly metrics: StepLine }
  | ValidationLine
  | { readonly kind: 'checkpoint'; readonly folder: string; readonly progress: Progress }
  /** The run ends before its time, since it gets no better. */
  | { readonly kind: 'stopped'; readonly sentence: string };

export type OnRunEvent = (event: RunEvent) => void;

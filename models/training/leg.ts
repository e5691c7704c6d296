/** One leg of a run: steps, validations and checkpoints, until it is over. */
import { CorpusProcessEnded, FeedFailed, type BatchFeed } from '../data/process/client';
import type { Model, ModelConfig } from '../storage/modelFolder';
import type { Vocabulary } from '../text/vocabulary';
import { parameterCount } from '../transformer/model';
import { UserError } from '../userError';
import type { Contest } from './best';
import { listCheckpoints, noteBest, writeCheckpoint } from './checkpoints';
import { askedEnd, Ending, type End } from './ending';
import { heldOutTexts, translateHeldOut, type HeldOutTexts } from './heldOut';
import { flopsPerTargetToken } from './metrics/flops';
import { RunMetrics } from './metrics/runMetrics';
import { passesOf } from './rDrop';
import type { RunCorpus } from './runCorpus';
import type { LegOptions, LegOutcome, OnRunEvent } from './runEvents';
import type { RunLock } from './runLock';
import type { RunSettings } from './runSettings';
import { bestValidation, validationsSinceBest } from './selection';
import {
  trainSteps,
  TrainingDiverged,
  validate,
  type Progress,
  type StepReport,
  type TrainerOptions,
} from './trainer';
import type { NamedValues, TrainingState } from './trainingState';

/** A run that is ready for its next step. */
export interface ReadyRun {
  readonly folder: string;
  readonly settings: RunSettings;
  readonly leg: LegOptions;
  readonly onEvent: OnRunEvent;
  readonly corpus: RunCorpus;
  readonly state: TrainingState;
  readonly config: ModelConfig;
  readonly vocabulary: Vocabulary;
  readonly progress: Progress;
  /** Held until the leg is over. */
  readonly lock: Pick<RunLock, 'check'>;
  readonly options: TrainerOptions;
  /** Opens the batches from `progress` on. */
  readonly openFeed: () => BatchFeed;
}

/** Trains until the leg is over; what it did is saved then. The state is disposed of in any case. */
export async function runLeg(run: ReadyRun): Promise<LegOutcome> {
  try {
    const leg = new Leg(run, await openMetrics(run));
    try {
      return await leg.train();
    } finally {
      await leg.close();
    }
  } finally {
    await run.state.dispose();
  }
}

function openMetrics({ folder, settings, config, corpus, progress, leg }: ReadyRun): Promise<RunMetrics> {
  const { training } = corpus.header;
  return writing(folder, progress.step, () =>
    RunMetrics.open(folder, progress.step, {
      parameters: parameterCount(config.transformer),
      trainingPairs: training.pairs,
      validationPairs: corpus.validation.size,
      device: leg.device ?? 'cpu',
      flopsPerTargetToken: flopsPerTargetToken(
        config.transformer,
        {
          source: training.sourceTokens / training.pairs + 1,
          target: training.targetTokens / training.pairs + 1,
        },
        passesOf(settings.rDrop),
      ),
    }),
  );
}

/** What a validation says of the weights; `dropped`: nothing, since somebody wants the leg to end. */
type Validated = 'best' | 'no better' | 'dropped';

class Leg {
  private readonly texts: HeldOutTexts | undefined;
  private readonly validateEvery: number;
  private progress: Progress;
  private saved: number;

  constructor(
    private readonly run: ReadyRun,
    private readonly metrics: RunMetrics,
  ) {
    const { leg, corpus, vocabulary, progress } = run;
    this.progress = progress;
    this.saved = progress.step;
    this.validateEvery = leg.validateEvery ?? leg.checkpointEvery;
    if (leg.translatePairs) this.texts = heldOutTexts(corpus.validation, vocabulary, leg.translatePairs);
  }

  async close(): Promise<void> {
    await this.metrics.close();
  }

  async train(): Promise<LegOutcome> {
    try {
      const end = (await this.makeUpForValidation()) ?? (await this.takeSteps());
      if (end.sentence !== undefined) this.run.onEvent({ kind: 'stopped', sentence: end.sentence });
      return { ...end, step: this.progress.step };
    } catch (error) {
      if (error instanceof TrainingDiverged) throw await spoilt(this.run.folder, error.message);
      throw error instanceof FeedFailed ? await this.saveDespite(error) : error;
    }
  }

  private async takeSteps(): Promise<End> {
    const { folder, leg, config, state, options, openFeed } = this.run;
    const checkpointBytes = bytesOfCheckpoint(parameterCount(config.transformer));
    const ending = new Ending(folder, leg, this.progress, checkpointBytes);
    const atOnce = (await ending.after(this.progress, true)) ?? this.patienceEnd();
    if (atOnce) return atOnce;
    for await (const report of trainSteps(state, openFeed(), options, this.progress)) {
      await this.take(report, ending.secondsLeft(report.progress));
      const isTurn = report.progress.step % leg.checkpointEvery === 0;
      const end = await this.writing(() => ending.after(this.progress, isTurn));
      const over = await this.afterStep(isTurn, end);
      if (over) return over;
    }
    throw new Error('The steps have come to an end.');
  }

  /** What a feed gave before it failed is sound, and what was made of it. @returns what to say of the failure */
  private async saveDespite({ cause }: FeedFailed): Promise<Error> {
    const { step } = this.progress;
    if (step > this.saved) await this.save(false);
    if (!(cause instanceof UserError || cause instanceof CorpusProcessEnded)) return cause;
    return new UserError(
      `${cause.message} The training stopped after step ${step}${step > 0 ? ', which is saved: go on with --resume' : ''}.`,
    );
  }

  /**
   * A validation that was due when the leg before had to end in a hurry.
   *
   * @returns that this one has to as well; all is saved then
   */
  private async makeUpForValidation(): Promise<End | undefined> {
    const { leg, folder, lock } = this.run;
    const { step } = this.progress;
    const isDue = step > 0 && (step % this.validateEvery === 0 || step === leg.steps);
    if (!isDue || this.metrics.validations.some((validation) => validation.step === step)) return undefined;
    const validated = await this.validate();
    if (validated === 'dropped') return askedEnd(leg);
    if (validated === 'best') {
      await lock.check();
      await this.writing(async () => {
        await this.metrics.flush();
        await noteBest(folder, leg.keepCheckpoints, this.contest);
      });
    }
    return undefined;
  }

  private async take(report: StepReport, secondsLeft: number | undefined): Promise<void> {
    this.progress = report.progress;
    const metrics = await this.writing(() => this.metrics.step(report, secondsLeft));
    this.run.onEvent({ kind: 'step', report, metrics });
  }

  /** Validates and saves where it is time to. @returns why the leg ends here, if it does */
  private async afterStep(isTurn: boolean, end: End | undefined): Promise<End | undefined> {
    const { step } = this.progress;
    // Who pauses it waits: a validation that was due is then made up for by the next leg.
    const isTime = end === undefined ? step % this.validateEvery === 0 : end.kind === 'finished';
    const validated = isTime ? await this.validate() : undefined;
    const { leg } = this.run;
    const over = (validated === 'dropped' ? undefined : end) ?? this.patienceEnd() ?? askedEnd(leg);
    const inTurn = isTurn || over !== undefined;
    if (inTurn || validated === 'best') await this.save(!inTurn);
    // Asked while it was saved: there is nothing more to save before the next step.
    return over ?? askedEnd(leg);
  }

  /** Validates, unless somebody asks for the end before that is done. */
  private async validate(): Promise<Validated> {
    const { signal } = this.run.leg;
    try {
      return await this.judge();
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) return 'dropped';
      throw error;
    }
  }

  private async judge(): Promise<Exclude<Validated, 'dropped'>> {
    const { state, corpus, options, folder, leg, onEvent } = this.run;
    const { step } = this.progress;
    const result = await validate(state, corpus.validation, options, leg.signal);
    // The last update may have been the one that spoilt the weights: they must not push good checkpoints out.
    if (!Number.isFinite(result.loss)) throw new TrainingDiverged(step);
    const translated = this.texts
      ? await this.writing(async () =>
          translateHeldOut(folder, await this.model(), this.texts!, leg.threads, leg.signal),
        )
      : { bleu: null, chrf: null, translatedPairs: 0, samples: [] };
    const line = await this.writing(() => this.metrics.validation({ step, ...result, ...translated }));
    onEvent(line);
    const { validations, measure } = this.contest;
    return bestValidation(validations, measure)?.step === step ? 'best' : 'no better';
  }

  private get contest(): Contest {
    return { validations: this.metrics.validations, measure: this.run.leg.stopOn ?? 'loss' };
  }

  /** Where the patience is used up. */
  private patienceEnd(): End | undefined {
    const { patience, stopOn = 'loss' } = this.run.leg;
    const { validations } = this.metrics;
    const since = validationsSinceBest(validations, stopOn, this.validateEvery);
    if (patience === undefined || since < patience) return undefined;
    const best = bestValidation(validations, stopOn)!;
    const value =
      stopOn === 'loss' ? `a loss of ${best.loss!.toFixed(4)}` : `a BLEU of ${best.bleu!.toFixed(2)}`;
    return {
      kind: 'stopped',
      reason: 'patience',
      sentence: `No validation has been better than that after step ${best.step}, ${value}, for ${since} times: the training stops. To go on, --resume with a larger --patience.`,
    };
  }

  private async model(): Promise<Model> {
    const { config, vocabulary, state } = this.run;
    return { config, vocabulary, weights: await state.readWeights() };
  }

  private async save(outOfTurn: boolean): Promise<void> {
    const { folder, leg, state, onEvent, lock } = this.run;
    const { progress } = this;
    await lock.check();
    const model = await this.model();
    const moments = await state.readMoments();
    for (const [what, values] of [
      ['the weights', model.weights],
      ['the optimiser’s first moments', moments.first],
      ['the optimiser’s second moments', moments.second],
    ] as const) {
      const name = notFinite(values);
      if (name !== undefined)
        throw await spoilt(
          folder,
          `After step ${progress.step} ${what} of “${name}” are not all finite numbers.`,
        );
    }
    const standing = { ...this.contest, outOfTurn };
    const written = await this.writing(async () => {
      await this.metrics.flush();
      return writeCheckpoint(folder, { model, moments, progress }, leg.keepCheckpoints, standing);
    });
    this.saved = progress.step;
    onEvent({ kind: 'checkpoint', folder: written, progress });
  }

  private writing<Result>(work: () => Promise<Result>): Promise<Result> {
    return writing(this.run.folder, this.progress.step, work);
  }
}

/** Weights and two moments in float32, and what little comes besides. */
export function bytesOfCheckpoint(parameters: number): number {
  return 12 * parameters + 4 * 2 ** 20;
}

/** The name of a parameter with a number that is NaN or infinite. */
function notFinite(all: NamedValues): string | undefined {
  for (const [name, values] of all) if (!values.every(Number.isFinite)) return name;
  return undefined;
}

/** Work that writes into the run's folder: where the system refuses, a sentence says how the run can go on. */
export async function writing<Result>(
  folder: string,
  step: number,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const cause = code === 'ENOSPC' ? 'The disk is full' : `The system refuses: ${message}`;
    const [newest] = await listCheckpoints(folder).catch(() => []);
    const way = newest
      ? `The last checkpoint is ${newest}: make room there, then go on with --resume.`
      : 'There is no checkpoint yet: make room there, then start again.';
    throw new UserError(
      `${cause}: the training stopped after step ${step}, whose results cannot be written to ${folder}. ${way}`,
    );
  }
}

async function spoilt(folder: string, sentence: string): Promise<UserError> {
  const [newest] = await listCheckpoints(folder);
  const way = newest
    ? `The last good checkpoint is ${newest}. From there --resume takes the same steps again; to take others, start a new run with a lower --peak-learning-rate.`
    : 'There is no checkpoint yet: start again with a lower --peak-learning-rate.';
  return new UserError(`${sentence} ${way}`);
}

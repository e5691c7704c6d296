/** One leg of a run: steps, validations and checkpoints, until it is over. */
import { CorpusProcessEnded, type BatchFeed } from '../data/process/client';
import type { Model, ModelConfig } from '../storage/modelFolder';
import type { Vocabulary } from '../text/vocabulary';
import { parameterCount } from '../transformer/model';
import { UserError } from '../userError';
import { listCheckpoints, writeCheckpoint } from './checkpoints';
import { Ending, type End } from './ending';
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

class Leg {
  private readonly ending: Ending;
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
    const checkpointBytes = bytesOfCheckpoint(parameterCount(run.config.transformer));
    this.ending = new Ending(run.folder, leg, progress, checkpointBytes);
    if (leg.translatePairs) this.texts = heldOutTexts(corpus.validation, vocabulary, leg.translatePairs);
  }

  async close(): Promise<void> {
    await this.metrics.close();
  }

  async train(): Promise<LegOutcome> {
    await this.makeUpForValidation();
    const atOnce = (await this.ending.after(this.progress, true)) ?? this.patienceEnd();
    if (atOnce) return this.ended(atOnce);
    try {
      for await (const report of trainSteps(
        this.run.state,
        this.run.openFeed(),
        this.run.options,
        this.progress,
      )) {
        await this.take(report);
        const isTurn = report.progress.step % this.run.leg.checkpointEvery === 0;
        const end = await this.writing(() => this.ending.after(this.progress, isTurn));
        const early = await this.afterStep(isTurn, end);
        if (end ?? early) return this.ended((end ?? early)!);
      }
      throw new Error('The steps have come to an end.');
    } catch (error) {
      if (error instanceof TrainingDiverged) throw await spoilt(this.run.folder, error.message);
      if (!(error instanceof CorpusProcessEnded)) throw error;
      if (this.progress.step > this.saved) await this.save(false);
      const { step } = this.progress;
      throw new UserError(
        `${error.message} The training stopped after step ${step}${step > 0 ? ', which is saved: go on with --resume' : ''}.`,
      );
    }
  }

  /** A validation that was due when the leg before had to end in a hurry. */
  private async makeUpForValidation(): Promise<void> {
    const { step } = this.progress;
    const isDue = step > 0 && step % this.validateEvery === 0;
    if (isDue && !this.metrics.validations.some((validation) => validation.step === step))
      await this.validate();
  }

  private ended(end: End): LegOutcome {
    if (end.sentence !== undefined) this.run.onEvent({ kind: 'stopped', sentence: end.sentence });
    return { ...end, step: this.progress.step };
  }

  private async take(report: StepReport): Promise<void> {
    this.progress = report.progress;
    const metrics = await this.writing(() =>
      this.metrics.step(report, this.ending.secondsLeft(report.progress)),
    );
    this.run.onEvent({ kind: 'step', report, metrics });
  }

  /** Validates and saves where it is time to. @returns that the run has stopped getting better, where it has */
  private async afterStep(isTurn: boolean, end: End | undefined): Promise<End | undefined> {
    const { step } = this.progress;
    // Who pauses it waits: a validation that was due is then made up for by the next leg.
    const isTime = end === undefined ? step % this.validateEvery === 0 : end.kind === 'finished';
    const isBest = isTime && (await this.validate());
    const early = end === undefined ? this.patienceEnd() : undefined;
    const inTurn = isTurn || end !== undefined || early !== undefined;
    if (inTurn || isBest) await this.save(!inTurn);
    return early;
  }

  /** @returns whether these are the best weights so far */
  private async validate(): Promise<boolean> {
    const { state, corpus, options, folder, leg, onEvent } = this.run;
    const { step } = this.progress;
    const result = await validate(state, corpus.validation, options);
    // The last update may have been the one that spoilt the weights: they must not push good checkpoints out.
    if (!Number.isFinite(result.loss)) throw new TrainingDiverged(step);
    const translated = this.texts
      ? await this.writing(async () => translateHeldOut(folder, await this.model(), this.texts!, leg.threads))
      : { bleu: null, chrf: null, translatedPairs: 0, samples: [] };
    const line = await this.writing(() => this.metrics.validation({ step, ...result, ...translated }));
    onEvent(line);
    return bestValidation(this.metrics.validations, leg.stopOn ?? 'loss')?.step === step;
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
    const standing = {
      validations: this.metrics.validations,
      measure: leg.stopOn ?? 'loss',
      outOfTurn,
    };
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

/** What a leg writes down: the lines of metrics.jsonl, and the same for TensorBoard. */
import type { StepReport } from '../trainer';
import { EventFile } from './eventFile';
import type { LegLine, MetricsLine, StepLine, ValidationLine } from './lines';
import { metricsSchema } from './lines';
import { MetricsWriter, readMetrics } from './metricsFile';

/** What the newest loss counts in the smoothed one. */
const smoothing = 0.02;

/** What a leg says of itself. */
export type LegFacts = Omit<LegLine, 'kind' | 'schema' | 'time' | 'step'>;

export class RunMetrics {
  private constructor(
    private readonly file: MetricsWriter,
    private readonly events: EventFile,
    private readonly facts: LegFacts,
    private readonly validated: ValidationLine[],
    private smoothedLoss: number | undefined,
  ) {}

  /**
   * Goes on in a run's folder after a step; what was written of later ones is cut off, since they will be taken again.
   * After step 0 nothing is kept.
   */
  static async open(run: string, step: number, facts: LegFacts): Promise<RunMetrics> {
    const before = await readMetrics(run, step === 0 ? -1 : step);
    const time = now();
    const file = await MetricsWriter.open(run, before);
    try {
      const events = await EventFile.create(run, before.lines, time);
      const steps = before.lines.filter((line) => line.kind === 'step');
      const validations = before.lines.filter((line) => line.kind === 'validation');
      const metrics = new RunMetrics(
        file,
        events,
        facts,
        validations,
        steps.at(-1)?.smoothedLoss ?? undefined,
      );
      await metrics.append({ kind: 'leg', schema: metricsSchema, time, step, ...facts });
      return metrics;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Of the whole run, in order. */
  get validations(): readonly ValidationLine[] {
    return this.validated;
  }

  /** Takes a step down. @param secondsLeft to the end of the leg, as far as one is set */
  async step(report: StepReport, secondsLeft: number | undefined): Promise<StepLine> {
    const { progress, loss } = report;
    this.smoothedLoss =
      this.smoothedLoss === undefined ? loss : this.smoothedLoss + smoothing * (loss - this.smoothedLoss);
    const line: StepLine = {
      kind: 'step',
      time: now(),
      step: progress.step,
      epoch: progress.epoch + 1,
      loss,
      smoothedLoss: this.smoothedLoss,
      perplexity: report.perplexity,
      learningRate: report.learningRate,
      targetTokensPerSecond: (report.targetTokens / report.milliseconds) * 1000,
      paddingShare: 1 - report.filled,
      gradientNorm: report.gradientNorm,
      targetTokens: progress.targetTokens,
      seconds: progress.seconds,
      secondsLeft: secondsLeft ?? null,
      flops: this.facts.flopsPerTargetToken * progress.targetTokens,
      ...(progress.lossScale && {
        lossScale: progress.lossScale.scale,
        skippedSteps: progress.lossScale.skipped,
      }),
    };
    await this.append(line);
    return line;
  }

  async validation(validation: Omit<ValidationLine, 'kind' | 'time'>): Promise<ValidationLine> {
    const line: ValidationLine = { kind: 'validation', time: now(), ...validation };
    await this.append(line);
    this.validated.push(line);
    return line;
  }

  /** Puts metrics.jsonl on the disk: before a checkpoint, so that none is there without its steps. */
  async flush(): Promise<void> {
    await this.file.flush();
  }

  async close(): Promise<void> {
    await this.file.close();
    await this.events.close();
  }

  private async append(line: MetricsLine): Promise<void> {
    await this.file.append(line);
    await this.events.append(line);
  }
}

/** Seconds since 1970. */
function now(): number {
  return Date.now() / 1000;
}

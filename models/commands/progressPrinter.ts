/** A run's events as text: one living line on a terminal, a line now and then elsewhere. */
import type { CorpusReport } from '../data/corpus';
import type { StepReport } from '../training/trainer';
import type { OnRunEvent, RunEvent } from '../training/trainingRun';

const terminalEvery = 250;
const fileEvery = 15_000;
/** Weight of the newest step in the running averages. */
const smoothing = 0.02;

export class ProgressPrinter {
  private loss: number | undefined;
  private tokensPerSecond: number | undefined;
  private lastPrinted = 0;
  private lineOpen = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly describeReport: (report: CorpusReport) => string,
  ) {}

  readonly onEvent: OnRunEvent = (event) => {
    if (event.kind === 'step') this.step(event.report);
    else if (event.kind === 'preparing') this.living(describeStage(event));
    else this.line(this.describe(event));
  };

  /** Ends the living line. */
  close(): void {
    if (this.lineOpen) this.stream.write('\n');
    this.lineOpen = false;
  }

  private describe(event: Exclude<RunEvent, { kind: 'step' | 'preparing' }>): string {
    switch (event.kind) {
      case 'corpus':
        return this.describeReport(event.report);
      case 'prepared':
        return `${event.pairs} pairs (${(event.targetTokens / 1e6).toFixed(2)} M target tokens), ${event.validationPairs} to validate on${leftOut(event)}; vocabulary ${event.vocabularySize}; ${(event.parameters / 1e6).toFixed(2)} M parameters`;
      case 'resumed':
        return `Going on after step ${event.progress.step} (${(event.progress.targetTokens / 1e6).toFixed(2)} M target tokens, ${(event.progress.seconds / 60).toFixed(1)} minutes).`;
      case 'warning':
        return `Warning: ${event.sentence}`;
      case 'validation':
        return `step ${event.step}: validation loss ${event.loss.toFixed(4)}, perplexity ${event.perplexity.toFixed(2)}`;
      case 'checkpoint':
        return `step ${event.progress.step}: ${event.folder} (${(event.progress.targetTokens / 1e6).toFixed(2)} M target tokens, ${(event.progress.seconds / 60).toFixed(1)} minutes)`;
    }
  }

  private step(report: StepReport): void {
    const speed = (report.targetTokens / report.milliseconds) * 1000;
    this.loss = average(this.loss, report.loss);
    this.tokensPerSecond = average(this.tokensPerSecond, speed);
    const { progress, learningRate, gradientNorm } = report;
    const text = [
      `step ${progress.step}`,
      `epoch ${progress.epoch + 1}`,
      `loss ${this.loss.toFixed(3)}`,
      `gradient ${gradientNorm.toFixed(2)}`,
      `learning rate ${learningRate.toExponential(2)}`,
      `${Math.round(this.tokensPerSecond)} target tokens/s`,
      `${(progress.targetTokens / 1e6).toFixed(2)} M`,
      `${(progress.seconds / 60).toFixed(1)} min`,
    ].join(' · ');
    this.living(text);
  }

  /** Shows a text that soon gives way to its next version, where it is time for one. */
  private living(text: string): void {
    const now = performance.now();
    if (now - this.lastPrinted < (this.stream.isTTY ? terminalEvery : fileEvery)) return;
    this.lastPrinted = now;
    if (!this.stream.isTTY) {
      this.stream.write(`${text}\n`);
      return;
    }
    this.stream.write(`\r\u001b[2K${text.slice(0, (this.stream.columns || 200) - 1)}`);
    this.lineOpen = true;
  }

  private line(text: string): void {
    this.close();
    this.stream.write(`${text}\n`);
  }
}

function describeStage({ stage, done, of }: Extract<RunEvent, { kind: 'preparing' }>): string {
  const sofar = of === undefined ? `${done}` : `${done} of ${of}`;
  switch (stage) {
    case 'reading':
      return `reading the corpus: ${sofar} pairs`;
    case 'learning':
      return of === undefined ? `counting words: ${sofar} pairs` : `learning the vocabulary: ${sofar} merges`;
    case 'encoding':
      return `encoding the corpus: ${sofar} pairs`;
  }
}

function leftOut({ overlong, shared }: Extract<RunEvent, { kind: 'prepared' }>): string {
  const reasons = [
    ...(overlong > 0 ? [`${overlong} with too many tokens`] : []),
    ...(shared > 0 ? [`${shared} whose source is validated on`] : []),
  ];
  return reasons.length === 0 ? '' : ` (left out: ${reasons.join(', ')})`;
}

function average(before: number | undefined, value: number): number {
  return before === undefined ? value : before + smoothing * (value - before);
}

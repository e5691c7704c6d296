/** A run's events as text: one living line on a terminal, a line now and then elsewhere. */
import type { CorpusReport } from '../data/corpus';
import type { StepLine, ValidationLine } from '../training/metrics/lines';
import type { OnRunEvent, RunEvent } from '../training/trainingRun';

const terminalEvery = 250;
const fileEvery = 15_000;
/** Weight of the newest step in the running average of the speed. */
const smoothing = 0.02;

export class ProgressPrinter {
  private tokensPerSecond: number | undefined;
  private lastPrinted = 0;
  private lineOpen = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly describeReport: (report: CorpusReport) => string,
  ) {}

  readonly onEvent: OnRunEvent = (event) => {
    if (event.kind === 'step') this.step(event.metrics);
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
        return `${event.pairs} pairs (${(event.targetTokens / 1e6).toFixed(2)} M target tokens), ${event.validationPairs} to validate on${leftOut(event)}; vocabulary ${event.vocabularySize}${known(event)}; ${(event.parameters / 1e6).toFixed(2)} M parameters`;
      case 'resumed':
        return `Going on after step ${event.progress.step} (${(event.progress.targetTokens / 1e6).toFixed(2)} M target tokens, ${(event.progress.seconds / 60).toFixed(1)} minutes).`;
      case 'warning':
        return `Warning: ${event.sentence}`;
      case 'stopped':
        return event.sentence;
      case 'validation':
        return describeValidation(event);
      case 'checkpoint':
        return `step ${event.progress.step}: ${event.folder} (${(event.progress.targetTokens / 1e6).toFixed(2)} M target tokens, ${(event.progress.seconds / 60).toFixed(1)} minutes)`;
    }
  }

  private step(metrics: StepLine): void {
    const { step, epoch, smoothedLoss, gradientNorm, learningRate, targetTokens, seconds, secondsLeft } =
      metrics;
    this.tokensPerSecond = average(this.tokensPerSecond, metrics.targetTokensPerSecond!);
    const text = [
      `step ${step}`,
      `epoch ${epoch}`,
      `loss ${smoothedLoss!.toFixed(3)}`,
      `gradient ${gradientNorm!.toFixed(2)}`,
      `learning rate ${learningRate!.toExponential(2)}`,
      `${Math.round(this.tokensPerSecond)} target tokens/s`,
      `${(targetTokens! / 1e6).toFixed(2)} M`,
      `${(seconds! / 60).toFixed(1)} min`,
      ...(secondsLeft === null ? [] : [`${(secondsLeft / 60).toFixed(1)} min left`]),
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

function describeValidation({ step, loss, perplexity, bleu, chrf, samples }: ValidationLine): string {
  const figures = [
    `validation loss ${loss!.toFixed(4)}`,
    `perplexity ${perplexity!.toFixed(2)}`,
    ...(bleu === null ? [] : [`BLEU ${bleu.toFixed(2)}`]),
    ...(chrf === null ? [] : [`chrF ${chrf.toFixed(2)}`]),
  ];
  const examples = samples.flatMap(({ source, reference, translation }) => [
    `    ${source}`,
    `  → ${translation}`,
    `  = ${reference}`,
  ]);
  return [`step ${step}: ${figures.join(', ')}`, ...examples].join('\n');
}

function known({ keptPieces }: { keptPieces?: number }): string {
  return keptPieces === undefined ? '' : ` (${keptPieces} of them known to the initial model)`;
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

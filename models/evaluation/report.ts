/** What `evaluate` prints: the same figures for programs (JSON) and for people (lines). */
import type { BootstrapOptions, Comparison, Interval } from './bootstrap';
import type { BleuScore } from './bleu';
import type { Judged, SystemScores } from './compareSystems';

export interface Evaluation {
  readonly lines: number;
  readonly bootstrap?: BootstrapOptions;
  /** What the systems are compared with. */
  readonly baseline?: NamedSystem;
  readonly systems: readonly NamedSystem[];
}

export interface NamedSystem extends SystemScores {
  readonly file: string;
}

/**
 * As JSON, every score with its signature and to four decimals. One system without a baseline is said plainly (`bleu`,
 * `chrf`); otherwise there is a list, `systems`.
 */
export function reportAsJson({ lines, bootstrap, baseline, systems }: Evaluation): string {
  const rest = { lines, ...(bootstrap && { bootstrap }) };
  const [first, ...others] = systems.map(systemFields);
  const report =
    baseline === undefined && others.length === 0
      ? { ...first, ...rest }
      : { ...(baseline && { baseline: systemFields(baseline) }), systems: [first, ...others], ...rest };
  return JSON.stringify(
    report,
    (_, value: unknown) => (typeof value === 'number' ? rounded(value) : value),
    2,
  );
}

function systemFields({ file, bleu, chrf }: NamedSystem): object {
  const { score, precisions, brevityPenalty, hypothesisLength, referenceLength, signature } = bleu.score;
  const bleuFields = { score, precisions, brevityPenalty, hypothesisLength, referenceLength, signature };
  return { file, bleu: { ...bleuFields, ...chance(bleu) }, chrf: { ...chrf.score, ...chance(chrf) } };
}

function chance({ interval, comparison }: Judged<unknown>): object {
  return { ...(interval && { interval }), ...(comparison && { comparison }) };
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

/** For a terminal: a heading where there are several systems, then two lines a score, the second its signature. */
export function reportAsText({ bootstrap, baseline, systems }: Evaluation): string {
  const all = [...(baseline ? [baseline] : []), ...systems];
  const lines = all.flatMap((system) => [
    ...(all.length === 1 ? [] : [system === baseline ? `${system.file} (baseline)` : system.file]),
    ...scoreLines('BLEU', system.bleu, bleuDetails(system.bleu.score)),
    ...scoreLines(system.chrf.score.name, system.chrf),
  ]);
  if (bootstrap) lines.push(`${bootstrap.resamples} resamples, seed ${bootstrap.seed}`);
  return lines.join('\n');
}

function scoreLines(
  name: string,
  { score, interval, comparison }: Judged<{ readonly score: number; readonly signature: string }>,
  details?: string,
): string[] {
  const figures = [
    `${name} ${score.score.toFixed(2)}`,
    ...(interval ? [`95 %: ${range(interval)}`] : []),
    ...(details === undefined ? [] : [details]),
    ...(comparison ? [comparisonText(comparison)] : []),
  ];
  return [`  ${figures.join(' · ')}`, `    ${score.signature}`];
}

function bleuDetails({ precisions, brevityPenalty, hypothesisLength, referenceLength }: BleuScore): string {
  const byOrder = precisions.map((precision) => precision.toFixed(1)).join('/');
  return `${byOrder}, brevity penalty ${brevityPenalty.toFixed(3)}, ${hypothesisLength} words for ${referenceLength}`;
}

function comparisonText({ difference, interval, wins, pValue }: Comparison): string {
  const won = `higher in ${(100 * wins).toFixed(1)} % of the resamples`;
  return `${signed(difference)} on the baseline (95 %: ${range(interval, signed)}), p = ${pValue.toFixed(4)}, ${won}`;
}

function range({ low, high }: Interval, format = (value: number): string => value.toFixed(2)): string {
  return `${format(low)} to ${format(high)}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

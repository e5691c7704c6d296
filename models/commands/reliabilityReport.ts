/** What `calibrate` prints: each corpus by itself, then all together. */
import { rankCorrelation, reliabilityTable, type Rated } from '../evaluation/reliability';

export interface RatedCorpus {
  readonly file: string;
  readonly segments: number;
  /** Confidence and chrF2 of each line, 0 … 1. */
  readonly lines: readonly Rated[];
}

export function reliabilityAsJson(corpora: readonly RatedCorpus[]): string {
  const report = {
    corpora: corpora.map((corpus) => ({ corpus: corpus.file, ...describe(corpus) })),
    together: describe(together(corpora)),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

export function reliabilityAsText(corpora: readonly RatedCorpus[]): string {
  return [...corpora, ...(corpora.length > 1 ? [together(corpora)] : [])].map(asText).join('\n');
}

function together(corpora: readonly RatedCorpus[]): RatedCorpus {
  return {
    file: 'together',
    segments: corpora.reduce((sum, { segments }) => sum + segments, 0),
    lines: corpora.flatMap(({ lines }) => lines),
  };
}

function describe({ segments, lines }: RatedCorpus) {
  const correlation = rankCorrelation(lines);
  return {
    lines: lines.length,
    segments,
    /** Null where all confidences, or all scores, are the same. */
    rankCorrelation: correlation === undefined ? null : rounded(correlation),
    reliability: reliabilityTable(lines).map(({ from, to, count, confidence, quality }) => ({
      from,
      to,
      lines: count,
      confidence: rounded(confidence),
      chrf: rounded(quality),
    })),
  };
}

function asText(corpus: RatedCorpus): string {
  const { lines, segments, rankCorrelation: correlation, reliability } = describe(corpus);
  const rows = reliability.map((bin) =>
    [
      `${bin.from.toFixed(1)} … ${bin.to.toFixed(1)}`,
      bin.confidence.toFixed(2),
      bin.chrf.toFixed(2),
      String(bin.lines),
    ]
      .map((cell) => cell.padStart(10))
      .join('  '),
  );
  const heads = ['confidence', 'mean', 'chrF2', 'lines'].map((cell) => cell.padStart(10)).join('  ');
  return [
    `${corpus.file}: ${lines} lines in ${segments} segments; rank correlation with sentence chrF2: ${correlation?.toFixed(3) ?? 'none'}`,
    heads,
    ...rows,
    '',
  ].join('\n');
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

/**
 * Parallel corpora for training: files of sentence pairs → the pairs that are worth training on, and an account of
 * the others.
 */
import { UserError } from '../userError';
import { describeFault } from './lines';
import { createPairFilter, type DropReason, type FilterOptions } from './pairFilter';
import type { Candidate, Languages, Omission, SentencePair } from './readers/candidates';
import { formatOf } from './readers/formats';

/** What became of the entries of one corpus: `read` is `kept` and all of `dropped` together. */
export interface CorpusReport {
  /** The corpus as it was named: `a.tsv.gz`, `a.en,a.de`. */
  readonly file: string;
  /** What its entries are: lines, units, messages. */
  readonly entries: string;
  read: number;
  kept: number;
  readonly dropped: Record<DropReason | Omission | 'malformed', number>;
  /** Up to five malformed lines: `file:line: what is wrong`. */
  readonly examples: string[];
}

const maximumExamples = 5;

export interface ReadOptions {
  /** Which languages to take from files that hold several. */
  readonly languages: Languages;
  readonly filter?: FilterOptions;
}

/** Pairs of one corpus that were kept, some thousands at a time. */
export interface KeptPairs {
  /** Which of the corpora, from 0. */
  readonly corpus: number;
  readonly pairs: readonly SentencePair[];
}

/**
 * Reads corpora one after the other; memory does not grow with them but for 64 bits a pair, which tell repetitions.
 * Malformed lines and pairs that the filter drops are counted, not fatal. `onReport` hears of each corpus at its end.
 *
 * @param specifications as `formatOf` takes them
 * @throws UserError where a file is missing or cannot be read to its end, two files of a corpus have unequal numbers
 *   of lines, a format is unknown, or no pair is left
 */
export async function* readCorpora(
  specifications: readonly string[],
  { languages, filter }: ReadOptions,
  onReport: (report: CorpusReport) => void,
): AsyncGenerator<KeptPairs, void, undefined> {
  const formats = specifications.map(formatOf);
  const reports: CorpusReport[] = [];
  const dropReason = createPairFilter(filter);
  for (const [corpus, format] of formats.entries()) {
    const count = new CorpusCount(specifications[corpus]!, format.entries, dropReason);
    reports.push(count.report);
    for await (const candidates of format.read(languages)) {
      const pairs = count.take(candidates);
      if (pairs.length > 0) yield { corpus, pairs };
    }
    onReport(count.report);
  }
  if (reports.every(({ kept }) => kept === 0)) throw nothingLeft(reports);
}

/** The account of one corpus as its entries come along. */
export class CorpusCount {
  readonly report: CorpusReport;

  /** @param dropReason as createPairFilter makes it; the same for all corpora, so that repetitions are found in all */
  constructor(
    file: string,
    entries: string,
    private readonly dropReason: ReturnType<typeof createPairFilter>,
  ) {
    this.report = emptyReport(file, entries);
  }

  /** Those that are kept; the others are counted. */
  take(candidates: readonly Candidate[]): SentencePair[] {
    const { report } = this;
    const pairs: SentencePair[] = [];
    for (const candidate of candidates) {
      report.read++;
      if ('fault' in candidate) {
        report.dropped.malformed++;
        if (report.examples.length < maximumExamples)
          report.examples.push(describeFault(candidate.file, candidate.line, candidate.fault));
        continue;
      }
      const reason =
        'omitted' in candidate ? candidate.omitted : this.dropReason(candidate.source, candidate.target);
      if (reason === undefined) pairs.push(candidate as SentencePair);
      else report.dropped[reason]++;
    }
    report.kept += pairs.length;
    return pairs;
  }
}

function emptyReport(file: string, entries: string): CorpusReport {
  const dropped = Object.fromEntries(Object.keys(dropWords).map((reason) => [reason, 0]));
  return { file, entries, read: 0, kept: 0, dropped: dropped as CorpusReport['dropped'], examples: [] };
}

const dropWords: Readonly<Record<keyof CorpusReport['dropped'], string>> = {
  malformed: 'malformed',
  otherLanguage: 'without both languages',
  obsolete: 'obsolete',
  fuzzy: 'fuzzy',
  empty: 'with an empty side',
  identical: 'the same on both sides',
  tooLong: 'too long',
  ratio: 'of too different lengths',
  duplicate: 'repeated',
};

/** A report as a person reads it: `a.tsv: 10 lines read, 7 pairs kept; dropped: 2 malformed (a.tsv:3: …), 1 too long`. */
export function describeReport({ file, entries, read, kept, dropped, examples }: CorpusReport): string {
  const named =
    examples.length === 0
      ? ''
      : ` (${examples.join('; ')}${dropped.malformed > examples.length ? '; …' : ''})`;
  const reasons = (Object.keys(dropWords) as (keyof typeof dropWords)[])
    .filter((reason) => dropped[reason] > 0)
    .map((reason) => `${dropped[reason]} ${dropWords[reason]}${reason === 'malformed' ? named : ''}`);
  const account = `${file}: ${read} ${entries} read, ${kept} pairs kept`;
  return reasons.length === 0 ? account : `${account}; dropped: ${reasons.join(', ')}`;
}

function nothingLeft(reports: readonly CorpusReport[]): UserError {
  if (reports.length === 0)
    return new UserError('No corpus was given; name at least one file of sentence pairs.');
  return new UserError(`No sentence pair is left to train on. ${reports.map(describeReport).join('. ')}.`);
}

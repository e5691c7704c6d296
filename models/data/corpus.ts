/**
 * Parallel corpora for training: files of sentence pairs → the pairs that are worth training on, and an account of
 * the others.
 */
import { UserError } from '../userError';
import { describeFault, readLines, type Line } from './lines';
import { createPairFilter, type DropReason, type FilterOptions } from './pairFilter';

/** A sentence and its translation, as the corpus has them. */
export interface SentencePair {
  readonly source: string;
  readonly target: string;
}

/** What became of the lines of one corpus: `read` is `kept` and all of `dropped` together. */
export interface CorpusReport {
  /** The corpus as it was named: `a.tsv.gz`, `a.en,a.de`. */
  readonly file: string;
  read: number;
  kept: number;
  readonly dropped: Record<DropReason | 'malformed', number>;
  /** Up to five malformed lines: `file:line: what is wrong`. */
  readonly examples: string[];
}

const maximumExamples = 5;

/** A pair, or what is wrong with the line: a predicate, and the file that it is said of. */
type Candidate = SentencePair | { readonly file: string; readonly fault: string };

/**
 * Reads corpora one after the other. Malformed lines and pairs that the filter drops are counted, not fatal.
 *
 * @param specifications each one either a TSV file (source TAB target; further columns are ignored) or two files with
 *   as many lines, named with a comma between: `a.en,a.de`. Plain or gzip (`.gz`), UTF-8, lines ending in LF or CRLF.
 * @throws UserError where a file is missing or cannot be read to its end, two files of a corpus have unequal numbers
 *   of lines, or no pair is left
 */
export async function readCorpus(
  specifications: readonly string[],
  filter: FilterOptions = {},
): Promise<{ pairs: SentencePair[]; reports: CorpusReport[] }> {
  const pairs: SentencePair[] = [];
  const reports: CorpusReport[] = [];
  const dropReason = createPairFilter(filter);
  for (const specification of specifications) {
    const report = emptyReport(specification);
    reports.push(report);
    for await (const batch of readCandidates(specification)) {
      for (const candidate of batch) {
        report.read++;
        if ('fault' in candidate) {
          noteFault(report, candidate.file, candidate.fault);
          continue;
        }
        const reason = dropReason(candidate.source, candidate.target);
        if (reason !== undefined) {
          report.dropped[reason]++;
          continue;
        }
        report.kept++;
        pairs.push(candidate);
      }
    }
  }
  if (pairs.length === 0) throw nothingLeft(reports);
  return { pairs, reports };
}

function emptyReport(file: string): CorpusReport {
  const dropped = { malformed: 0, empty: 0, identical: 0, tooLong: 0, ratio: 0, duplicate: 0 };
  return { file, read: 0, kept: 0, dropped, examples: [] };
}

function noteFault(report: CorpusReport, file: string, fault: string): void {
  report.dropped.malformed++;
  if (report.examples.length < maximumExamples) report.examples.push(describeFault(file, report.read, fault));
}

function readCandidates(specification: string): AsyncGenerator<Candidate[], void, undefined> {
  const [first = '', second, ...more] = specification.split(',');
  if (second === undefined) return readTable(first);
  if (first === '' || second === '' || more.length > 0) {
    throw new UserError(
      `The corpus "${specification}" is neither a TSV file nor two files with a comma between, such as a.en,a.de.`,
    );
  }
  return readAligned(first, second);
}

async function* readTable(file: string): AsyncGenerator<Candidate[], void, undefined> {
  for await (const lines of readLines(file)) yield lines.map((line) => tableRow(line, file));
}

function tableRow(line: Line, file: string): Candidate {
  if (typeof line !== 'string') return { file, fault: line.fault };
  // An empty line is no row gone wrong; the filter counts it as empty.
  if (line === '') return { source: '', target: '' };
  const tab = line.indexOf('\t');
  if (tab === -1) return { file, fault: 'has no tab between source and target' };
  const end = line.indexOf('\t', tab + 1);
  return { source: line.slice(0, tab), target: line.slice(tab + 1, end === -1 ? undefined : end) };
}

async function* readAligned(
  sourceFile: string,
  targetFile: string,
): AsyncGenerator<Candidate[], void, undefined> {
  const sourceBatches = readLines(sourceFile);
  const targetBatches = readLines(targetFile);
  try {
    let aligned = 0;
    let sources: readonly Line[] = [];
    let targets: readonly Line[] = [];
    for (;;) {
      if (sources.length === 0) sources = await nextBatch(sourceBatches);
      if (targets.length === 0) targets = await nextBatch(targetBatches);
      const both = Math.min(sources.length, targets.length);
      if (both === 0) break;
      yield sources
        .slice(0, both)
        .map((source, index) => align(source, targets[index]!, sourceFile, targetFile));
      aligned += both;
      sources = sources.slice(both);
      targets = targets.slice(both);
    }
    const sourceCount = aligned + sources.length + (await countRest(sourceBatches));
    const targetCount = aligned + targets.length + (await countRest(targetBatches));
    if (sourceCount !== targetCount) {
      throw new UserError(
        `${sourceFile} has ${sourceCount} lines, but ${targetFile} has ${targetCount}: ` +
          'line by line, one must be the translation of the other.',
      );
    }
  } finally {
    // Closes the file that was not read to its end.
    await sourceBatches.return();
    await targetBatches.return();
  }
}

function align(source: Line, target: Line, sourceFile: string, targetFile: string): Candidate {
  if (typeof source !== 'string') return { file: sourceFile, fault: source.fault };
  if (typeof target !== 'string') return { file: targetFile, fault: target.fault };
  return { source, target };
}

/** The next lines, none at the end. */
async function nextBatch(
  batches: AsyncGenerator<readonly Line[], void, undefined>,
): Promise<readonly Line[]> {
  const next = await batches.next();
  return next.done === true ? [] : next.value;
}

async function countRest(batches: AsyncIterable<readonly Line[]>): Promise<number> {
  let count = 0;
  for await (const batch of batches) count += batch.length;
  return count;
}

const dropWords: Readonly<Record<keyof CorpusReport['dropped'], string>> = {
  malformed: 'malformed',
  empty: 'with an empty side',
  identical: 'the same on both sides',
  tooLong: 'too long',
  ratio: 'of too different lengths',
  duplicate: 'repeated',
};

/** A report as a person reads it: `a.tsv: 10 lines read, 7 pairs kept; dropped: 2 malformed, 1 too long`. */
export function describeReport({ file, read, kept, dropped }: CorpusReport): string {
  const reasons = (Object.keys(dropWords) as (keyof typeof dropWords)[])
    .filter((reason) => dropped[reason] > 0)
    .map((reason) => `${dropped[reason]} ${dropWords[reason]}`);
  const account = `${file}: ${read} lines read, ${kept} pairs kept`;
  return reasons.length === 0 ? account : `${account}; dropped: ${reasons.join(', ')}`;
}

function nothingLeft(reports: readonly CorpusReport[]): UserError {
  if (reports.length === 0)
    return new UserError('No corpus was given; name at least one file of sentence pairs.');
  const example = reports.flatMap((report) => report.examples)[0];
  const accounts = [...reports.map(describeReport), ...(example === undefined ? [] : [example])];
  return new UserError(`No sentence pair is left to train on. ${accounts.join('. ')}.`);
}

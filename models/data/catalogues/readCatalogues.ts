/**
 * Parallel text out of a project's own catalogues. They belong together by their paths (`locales/en/…` and
 * `locales/de/…`), or hold both languages themselves. What is broken is named and passed over.
 */
import { UserError } from '../../userError';
import { TextSet } from '../pairSet';
import { describeFault } from '../lines';
import {
  foldLines,
  primaryLanguage,
  type Candidate,
  type Languages,
  type SentencePair,
} from '../readers/candidates';
import { languageOfGettext, readGettext } from '../readers/gettext';
import { readXliff } from '../readers/xliff';
import { findCatalogues, type CatalogueKind, type FoundCatalogue } from './findCatalogues';
import { readKeyedJson } from './keyedJson';
import { languageByPath, languageInPath, pickLanguage } from './languageInPath';

/** What became of a file that speaks of both languages, or could not be read. */
export interface CatalogueReport {
  readonly file: string;
  readonly kind: CatalogueKind;
  /** Pairs that no other file had before. */
  pairs: number;
  /** Why the file was passed over, or the first entry of it that was. */
  fault?: string;
}

export interface CatalogueOptions {
  readonly signal?: AbortSignal | undefined;
  /** Files looked at, of all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Hears of each file at its end. */
  readonly onReport: (report: CatalogueReport) => void;
}

/** The tag of a language that nobody knows (BCP 47). */
const unknownLanguage = 'und';

/** Messages of gettext's catalogues are English, as a rule. */
const messageLanguage = 'en';

/** Pairs of two languages, some at a time, no pair twice. */
export async function* readCatalogues(
  folders: readonly string[],
  languages: Languages,
  { signal, onProgress, onReport }: CatalogueOptions,
): AsyncGenerator<SentencePair[], void, undefined> {
  const seen = new TextSet();
  const works = await plan(await findCatalogues(folders, signal), languages);
  for (const [done, { file, kind, read }] of works.entries()) {
    signal?.throwIfAborted();
    onProgress?.(done, works.length);
    const report: CatalogueReport = { file, kind, pairs: 0 };
    try {
      for await (const block of read(report)) {
        signal?.throwIfAborted();
        const pairs = block.map(tidy).filter(({ source, target }) => isNew(source, target, seen));
        report.pairs += pairs.length;
        if (pairs.length > 0) yield pairs;
      }
    } catch (error) {
      if (signal?.aborted === true || !(error instanceof UserError)) throw error;
      report.fault = error.message;
    }
    onReport(report);
  }
  onProgress?.(works.length, works.length);
}

function tidy({ source, target }: SentencePair): SentencePair {
  // In a table a tab ends a side.
  const clean = (text: string): string => foldLines(text).replaceAll('\t', ' ');
  return { source: clean(source), target: clean(target) };
}

function isNew(source: string, target: string, seen: TextSet): boolean {
  return source !== '' && target !== '' && seen.add(source, target);
}

/** A file that holds pairs, how they are got out of it, and where faults of single entries are told. */
interface Work extends FoundCatalogue {
  readonly read: (report: CatalogueReport) => AsyncGenerator<SentencePair[], void, undefined>;
}

async function plan(found: readonly FoundCatalogue[], languages: Languages): Promise<Work[]> {
  const works: Work[] = [];
  const groups = new Map<string, Map<string, FoundCatalogue>>();
  for (const one of found) {
    const place = languageInPath(one.file, languages);
    if (one.kind === 'xliff') {
      works.push({ ...one, read: (report) => xliffPairs(one.file, languages, report) });
    } else if (one.kind === 'gettext') {
      const language = (await languageOfGettext(one.file)) ?? place?.language;
      if (language !== undefined && isGettextOf(language, languages))
        works.push({ ...one, read: (report) => gettextPairs(one.file, language, languages, report) });
    } else if (place) {
      const group = groups.get(place.stem) ?? new Map<string, FoundCatalogue>();
      groups.set(place.stem, group.set(place.language, one));
    }
  }
  for (const group of groups.values()) {
    const [source, target] = [pickLanguage(group, languages.from), pickLanguage(group, languages.to)];
    const translated = [target, source].find((one) => one && !isUntranslated(one.file)) ?? target;
    if (source && target && translated)
      works.push({ ...translated, read: () => keyedPairs(source.file, target.file) });
    else if (
      translated &&
      isBundle(translated.file) &&
      isSame(translated === source ? languages.to : languages.from, messageLanguage)
    )
      works.push({ ...translated, read: () => bundlePairs(translated.file, translated === source) });
  }
  return works.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Whether a catalogue of English messages in a language makes pairs of two others. */
function isGettextOf(language: string, { from, to }: Languages): boolean {
  return (
    (isSame(from, messageLanguage) && isSame(language, to)) ||
    (isSame(to, messageLanguage) && isSame(language, from))
  );
}

function isSame(a: string, b: string): boolean {
  return primaryLanguage(a) === primaryLanguage(b);
}

const isUntranslated = (file: string): boolean => /[\\/](?:package\.nls|bundle\.l10n)\.json$/.test(file);
const isBundle = (file: string): boolean => /[\\/]bundle\.l10n\.[^\\/]+\.json$/.test(file);

async function* keyedPairs(
  sourceFile: string,
  targetFile: string,
): AsyncGenerator<SentencePair[], void, undefined> {
  const [sources, targets] = [await readKeyedJson(sourceFile), await readKeyedJson(targetFile)];
  const pairs: SentencePair[] = [];
  for (const [key, source] of sources) {
    const target = targets.get(key);
    if (target !== undefined) pairs.push({ source, target });
  }
  yield pairs;
}

/** VS Code's bundle.l10n.de.json without its English one: its keys are the English texts. */
async function* bundlePairs(
  file: string,
  isSource: boolean,
): AsyncGenerator<SentencePair[], void, undefined> {
  yield [...(await readKeyedJson(file))].map(([key, text]) =>
    isSource ? { source: text, target: key } : { source: key, target: text },
  );
}

async function* gettextPairs(
  file: string,
  language: string,
  { to }: Languages,
  report: CatalogueReport,
): AsyncGenerator<SentencePair[], void, undefined> {
  const forward = isSame(language, to);
  for await (const block of readGettext(file, { from: messageLanguage, to: language })) {
    yield pairsOf(block, report).map(({ source, target }) =>
      forward ? { source, target } : { source: target, target: source },
    );
  }
}

async function* xliffPairs(
  file: string,
  languages: Languages,
  report: CatalogueReport,
): AsyncGenerator<SentencePair[], void, undefined> {
  // Beside a project's German file its French one may lie: one that says nothing of its language is what its path says.
  const unnamed = { from: '', to: languageByPath(file, languages) ?? unknownLanguage };
  for await (const block of readXliff(file, languages, undefined, unnamed)) yield pairsOf(block, report);
}

function pairsOf(block: readonly Candidate[], report: CatalogueReport): SentencePair[] {
  return block.filter((candidate): candidate is SentencePair => {
    if ('fault' in candidate && report.fault === undefined)
      report.fault = describeFault(candidate.file, candidate.line, candidate.fault);
    return 'source' in candidate;
  });
}

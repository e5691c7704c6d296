/**
 * The encoded corpus of a run, in its folder beside the checkpoints: made by corpus processes when the run begins, and
 * used again by every later leg for as long as it is what the run's settings and the corpus' files make.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusReport } from '../data/corpus';
import { EncodedStore, isIntact, type PartHeader } from '../data/encodedStore';
import type { EncodedCorpus } from '../data/encodedCorpus';
import { runJob } from '../data/process/client';
import type { FileStamp, Job, ParametersOf, ReplyOf, StoreHeader } from '../data/process/door';
import { heldOutOf, type SpoolCounts } from '../data/split';
import {
  createFolderAtomically,
  removeFolderAtomically,
  removeUnfinished,
  writeFileAtomically,
} from '../storage/atomic';
import { sha256OfReadable } from '../data/fileHash';
import { Vocabulary } from '../text/vocabulary';
import { UserError } from '../userError';
import { absoluteCorpus, type RunSettings } from './runSettings';

/** What a run trains and validates on. */
export interface RunCorpus {
  /** Where the store of the training pairs is. */
  readonly folder: string;
  readonly header: StoreHeader;
  readonly validation: EncodedCorpus;
}

/** What the corpus is prepared for: the stages in their order. */
export type Stage = 'reading' | 'learning' | 'encoding';

export interface CorpusOptions {
  /** The bundle of models/data/process/main.ts. */
  readonly corpusProcess: string;
  /** Stops the preparation at once; nothing of it is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onReport: (report: CorpusReport) => void;
  /** Pairs, or merges when learning, that are done; of how many, where that is known. Once a second. */
  readonly onProgress: (stage: Stage, done: number, of: number | undefined) => void;
  /** A sentence that a person should read. */
  readonly onWarning: (sentence: string) => void;
}

/** Somebody asked for an end while the corpus was being prepared. */
export class PreparationStopped extends UserError {
  constructor() {
    super('Stopped while the corpus was being prepared; nothing of that is kept.');
  }
}

const folderName = 'corpus';
const manifestName = 'corpus.json';
/** Rises when another Polyhead would read, filter, split, encode or store otherwise. */
const formatVersion = 1;

/** What a store was made of, and what is in it. */
interface Manifest {
  /** Over everything but the files' contents that the store depends on. */
  readonly key: string;
  readonly files: readonly FileStamp[];
  readonly header: StoreHeader;
}

/**
 * Reads the corpora, learns a vocabulary from them unless there is one, and encodes them. What was there before is
 * replaced.
 */
export async function makeCorpus(
  runFolder: string,
  settings: RunSettings,
  options: CorpusOptions,
  given?: Vocabulary,
): Promise<{ corpus: RunCorpus; vocabulary: Vocabulary }> {
  let vocabulary = given;
  const corpus = await build(runFolder, settings, options, async (learn) => {
    vocabulary ??= Vocabulary.fromJson(await learn());
    return vocabulary;
  });
  return { corpus, vocabulary: vocabulary! };
}

/** The corpus as the run has it, read anew and encoded with its vocabulary where that is no longer possible. */
export async function findCorpus(
  runFolder: string,
  settings: RunSettings,
  vocabulary: Vocabulary,
  options: CorpusOptions,
): Promise<RunCorpus> {
  const folder = path.join(runFolder, folderName);
  const manifest = await readManifest(folder);
  if (manifest?.key === keyOf(settings, vocabulary)) {
    const fault = (await changeOf(manifest.files, options.onWarning)) ?? (await damageOf(folder, manifest));
    if (fault === undefined) return open(folder, manifest.header);
    options.onWarning(fault);
  }
  return build(runFolder, settings, options, () => Promise.resolve(vocabulary));
}

async function build(
  runFolder: string,
  settings: RunSettings,
  options: CorpusOptions,
  chooseVocabulary: (learn: () => Promise<string>) => Promise<Vocabulary>,
): Promise<RunCorpus> {
  const folder = path.join(runFolder, folderName);
  const { from, to, maximumWords, maximumLengthRatio, heldOut, seed, longest } = settings;
  const split = { heldOut, seed };
  const run = <J extends Job>(stage: Stage, job: J, parameters: ParametersOf<J>): Promise<ReplyOf<J>> => {
    const onProgress = (done: number, of?: number): void => options.onProgress(stage, done, of);
    return runJob(options.corpusProcess, job, parameters, { signal: options.signal, onProgress });
  };
  await removeUnfinished(runFolder);
  let header: StoreHeader | undefined;
  await createFolderAtomically(folder, async (temporary) => {
    const { counts, reports, files } = await run('reading', 'gather', {
      folder: temporary,
      corpora: settings.corpora,
      validation: settings.validation,
      languages: { from, to },
      filter: { maximumWords, maximumLengthRatio },
    });
    reports.forEach(options.onReport);
    warnOfFew(counts, heldOut, options);
    const learn = { folder: temporary, counts, ...split, size: settings.vocabularySize };
    const vocabulary = await chooseVocabulary(() => run('learning', 'learn', learn));
    const json = vocabulary.toJson();
    header = await run('encoding', 'encode', {
      folder: temporary,
      counts,
      ...split,
      vocabulary: json,
      longest,
    });
    const manifest: Manifest = { key: keyOf(settings, vocabulary), files, header };
    await writeFileAtomically(path.join(temporary, manifestName), [JSON.stringify(manifest, undefined, 2)]);
    // Not before all of the new one is there.
    if (await exists(folder)) await removeFolderAtomically(folder);
  }).catch((error: unknown) => {
    throw options.signal?.aborted === true ? new PreparationStopped() : error;
  });
  return open(folder, header!);
}

function warnOfFew({ pairs, validationPairs }: SpoolCounts, wanted: number, options: CorpusOptions): void {
  const total = pairs.reduce((sum, count) => sum + count, 0);
  const heldOut = heldOutOf(total, wanted);
  if (validationPairs > 0 || total < 2 || heldOut === wanted) return;
  options.onWarning(
    `The corpus has ${total} pairs: ${heldOut} of them are held out to validate on, and not ${wanted}.`,
  );
}

function open(folder: string, header: StoreHeader): RunCorpus {
  const store = EncodedStore.open(folder, 'validation', header.validation);
  try {
    const everyPair = Array.from({ length: store.size }, (_, pair) => pair);
    return { folder, header, validation: store.read(everyPair) };
  } finally {
    store.close();
  }
}

function keyOf(settings: RunSettings, vocabulary: Vocabulary): string {
  const { corpora, validation, from, to, maximumWords, maximumLengthRatio, heldOut, seed, longest } =
    settings;
  const parts = [
    formatVersion,
    corpora.map(absoluteCorpus),
    validation.map(absoluteCorpus),
    [from, to, maximumWords, maximumLengthRatio, heldOut, seed, longest],
    vocabulary.toJson(),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Undefined where there is none, or none that can be read. */
async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, manifestName), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

/**
 * A sentence where a file's content has changed, so that all is to be read anew. One that has the size and the time of
 * change that it had is taken for unchanged; one that was only copied or touched is compared as a whole. One that is gone
 * is said, and no hindrance, since what was read of it is there; nothing is read anew then, which would lose that.
 */
async function changeOf(
  files: readonly FileStamp[],
  onWarning: CorpusOptions['onWarning'],
): Promise<string | undefined> {
  const gone: string[] = [];
  const changed: string[] = [];
  for (const { path: file, bytes, modified, sha256 } of files) {
    const now = await stat(file).catch(() => undefined);
    if (!now) gone.push(file);
    else if (now.size === bytes && now.mtimeMs === modified) continue;
    else if (now.size !== bytes || (await sha256OfReadable(file)) !== sha256) changed.push(file);
  }
  const goesOn = 'the run goes on with what was read of it when it began.';
  for (const file of gone) onWarning(`The corpus file ${file} is gone; ${goesOn}`);
  if (gone.length === 0)
    return changed[0] === undefined
      ? undefined
      : `The corpus file ${changed[0]} has changed since it was read: it is read anew, and from here on the steps are other ones than they would have been.`;
  for (const file of changed)
    onWarning(
      `The corpus file ${file} has changed, but others are gone, so that it is not read anew; ${goesOn}`,
    );
  return undefined;
}

async function damageOf(folder: string, { header }: Manifest): Promise<string | undefined> {
  const parts: [string, PartHeader][] = [
    ['training', header.training],
    ['validation', header.validation],
  ];
  for (const [part, partHeader] of parts) {
    if (!(await isIntact(folder, part, partHeader)))
      return `The encoded corpus in ${folder} is not what was written there: it is made anew.`;
  }
  return undefined;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

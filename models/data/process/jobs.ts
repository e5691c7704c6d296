/** What a corpus process does when it is given a job. Blocks its thread: nothing else happens in the process. */
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { learnVocabulary } from '../../text/learnVocabulary';
import type { Piece } from '../../text/pieces';
import { Vocabulary } from '../../text/vocabulary';
import { UserError } from '../../userError';
import { readCorpora, type CorpusReport } from '../corpus';
import { encodePairs, protectPairs } from '../encodePairs';
import { sha256OfReadable } from '../fileHash';
import { StoreWriter } from '../encodedStore';
import { formatOf } from '../readers/formats';
import type { SentencePair } from '../readers/candidates';
import { SpoolWriter } from '../spool';
import { Split, spoolNames } from '../split';
import { nothingFits } from './nothingFits';
import { sample } from './sample';
import type { FileStamp, Job, ParametersOf, ReplyOf } from './door';

/** Hears how far a job is. Called often: it must be cheap. */
export type OnProgress = (done: number, of?: number) => void;

export const jobs: {
  readonly [J in Job]: (parameters: ParametersOf<J>, onProgress: OnProgress) => Promise<ReplyOf<J>>;
} = { gather, learn, encode, sample };

async function gather(
  { folder, corpora, validation, languages, filter }: ParametersOf<'gather'>,
  onProgress: OnProgress,
): Promise<ReplyOf<'gather'>> {
  const reports: CorpusReport[] = [];
  let done = 0;
  const spool = async (specifications: readonly string[], name: string): Promise<number[]> => {
    const counts = specifications.map(() => 0);
    const writer = new SpoolWriter(path.join(folder, name));
    const kept = readCorpora(specifications, { languages, filter }, (report) => void reports.push(report));
    for await (const { corpus, pairs } of kept) {
      for (const pair of pairs) writer.append(pair);
      counts[corpus]! += pairs.length;
      done += pairs.length;
      onProgress(done);
    }
    writer.close();
    return counts;
  };
  // Before the reading: what changes meanwhile is then noticed the next time.
  const files = await stampFiles([...corpora, ...validation]);
  const pairs = await spool(corpora, spoolNames.training);
  const validationPairs =
    validation.length === 0
      ? 0
      : (await spool(validation, spoolNames.validation)).reduce((sum, count) => sum + count, 0);
  return { counts: { pairs, validationPairs }, reports, files };
}

async function stampFiles(specifications: readonly string[]): Promise<FileStamp[]> {
  const stamps: FileStamp[] = [];
  for (const file of new Set(specifications.flatMap((specification) => formatOf(specification).files))) {
    const { size, mtimeMs } = await stat(file).catch(() => {
      throw new UserError(`${file} does not exist.`);
    });
    stamps.push({
      path: path.resolve(file),
      bytes: size,
      modified: mtimeMs,
      sha256: (await sha256OfReadable(file)) ?? '',
    });
  }
  return stamps;
}

function learn(
  { folder, counts, size, ...split }: ParametersOf<'learn'>,
  onProgress: OnProgress,
): Promise<string> {
  const pairs = new Split(folder, counts, split).training();
  const texts = protectedTexts(pairs, split.seed, onProgress);
  const vocabulary = learnVocabulary(texts, { size, onProgress });
  return Promise.resolve(vocabulary.toJson());
}

function* protectedTexts(
  pairs: Iterable<SentencePair>,
  seed: number,
  onProgress: OnProgress,
): Generator<readonly Piece[]> {
  let done = 0;
  for (const { source, target } of protectPairs(pairs, seed)) {
    yield source;
    yield target;
    onProgress(++done);
  }
}

async function encode(
  { folder, counts, vocabulary: json, longest, ...splitOptions }: ParametersOf<'encode'>,
  onProgress: OnProgress,
): Promise<ReplyOf<'encode'>> {
  const vocabulary = Vocabulary.fromJson(json);
  const split = new Split(folder, counts, splitOptions);
  const total = counts.pairs.reduce((sum, pairs) => sum + pairs, counts.validationPairs);
  const parts = counts.pairs.map(() => 0);
  let done = 0;
  let overlong = 0;
  /** Writes a part of the store; `onKept` hears of each pair that went in. */
  const write = (part: keyof typeof spoolNames, pairs: Iterable<SentencePair>, onKept?: () => void) => {
    const writer = new StoreWriter(folder, part, vocabulary.size);
    let given = 0;
    for (const encoded of encodePairs(protectPairs(pairs, splitOptions.seed), vocabulary, longest)) {
      given++;
      onProgress(++done, total);
      if (!encoded) {
        overlong++;
        continue;
      }
      writer.append(encoded);
      onKept?.();
    }
    const header = writer.close();
    if (header.pairs === 0) throw nothingFits(given, part, longest);
    return header;
  };
  /** Pairs come through one by one, so that this is the corpus of the pair in hand. */
  let current = 0;
  function* training(): Generator<SentencePair> {
    for (const pair of split.training()) {
      current = pair.corpus;
      yield pair;
    }
  }
  const header = {
    training: write('training', training(), () => parts[current]!++),
    validation: write('validation', split.validation()),
  };
  for (const name of Object.values(spoolNames)) await rm(path.join(folder, name), { force: true });
  return { ...header, parts, overlong, shared: split.shared };
}

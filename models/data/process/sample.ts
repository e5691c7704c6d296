/**
 * The job that looks at corpora before a training. Of a large corpus the beginning stands for all of it; of all that
 * was kept some pairs, spread evenly, are encoded, to tell how long they are in tokens.
 */
import { stat } from 'node:fs/promises';
import { learnVocabulary } from '../../text/learnVocabulary';
import { Vocabulary } from '../../text/vocabulary';
import { UserError } from '../../userError';
import { CorpusCount } from '../corpus';
import { encodePairs, protectPairs, type ProtectedPair } from '../encodePairs';
import { Meter } from '../lines';
import { createPairFilter } from '../pairFilter';
import type { SentencePair } from '../readers/candidates';
import { formatOf } from '../readers/formats';
import type { CorpusSample, ParametersOf, SampledCorpus } from './door';
import type { OnProgress } from './jobs';
import { nothingFits } from './nothingFits';

/** Pairs that are encoded, at most; where there are more, at least half as many. */
const mostEncoded = 20_000;
/** Characters of a side that its language is told by. */
const languageCharacters = 4000;

type Parameters = ParametersOf<'sample'>;

/** @throws UserError where a file is missing or cannot be read, a format is unknown, or nothing that fits is left to train on */
export async function sample(parameters: Parameters, onProgress: OnProgress): Promise<CorpusSample> {
  const { corpora, validation, filter } = parameters;
  const dropReason = createPairFilter(filter);
  const spread = new Spread(mostEncoded);
  let read = 0;
  const onEntries = (entries: number): void => onProgress((read += entries));
  const look = (specification: string, onPairs: (pairs: readonly SentencePair[]) => void) =>
    readBeginning(specification, parameters, dropReason, onPairs, onEntries);
  const sampled: SampledCorpus[] = [];
  for (const one of corpora) sampled.push(await look(one, (pairs) => spread.add(pairs)));
  let validationPairs = 0;
  for (const one of validation) validationPairs += (await look(one, () => undefined)).pairs;
  const { pairs } = spread;
  if (pairs.length === 0)
    throw new UserError(`No sentence pair of ${corpora.join(' and ')} is left to train on.`);
  const textBytes =
    pairs.reduce(
      (sum, { source, target }) => sum + Buffer.byteLength(source) + Buffer.byteLength(target),
      0,
    ) / pairs.length;
  return {
    corpora: sampled,
    validationPairs,
    textBytes,
    texts: { source: textOf(pairs, 'source'), target: textOf(pairs, 'target') },
    ...lengthsOf([...protectPairs(pairs, parameters.seed)], parameters),
  };
}

async function readBeginning(
  specification: string,
  { languages, most }: Parameters,
  dropReason: ReturnType<typeof createPairFilter>,
  onPairs: (pairs: readonly SentencePair[]) => void,
  onEntries: (entries: number) => void,
): Promise<SampledCorpus> {
  const { files, entries, read } = formatOf(specification);
  let bytes = 0;
  for (const file of files) {
    const stats = await stat(file).catch(() => {
      throw new UserError(`${file} does not exist.`);
    });
    bytes += stats.size;
  }
  const count = new CorpusCount(specification, entries, dropReason);
  const meter = new Meter();
  let isWhole = true;
  for await (const candidates of read(languages, meter)) {
    onPairs(count.take(candidates));
    onEntries(candidates.length);
    if (count.report.read >= most && meter.bytes < bytes) {
      isWhole = false;
      break;
    }
  }
  const { kept } = count.report;
  const pairs = isWhole ? kept : Math.round((kept * bytes) / Math.max(1, meter.bytes));
  return { report: count.report, bytes, isWhole, pairs };
}

/** Pairs spread evenly over all that come along: every one, then every second one, every fourth, … */
class Spread {
  pairs: SentencePair[] = [];
  private stride = 1;
  private seen = 0;

  constructor(private readonly most: number) {}

  add(pairs: readonly SentencePair[]): void {
    for (const pair of pairs) {
      if (this.seen++ % this.stride !== 0) continue;
      this.pairs.push(pair);
      if (this.pairs.length <= this.most) continue;
      this.pairs = this.pairs.filter((_, index) => index % 2 === 0);
      this.stride *= 2;
    }
  }
}

function lengthsOf(
  pairs: readonly ProtectedPair[],
  { vocabulary: given, longest }: Parameters,
): Pick<CorpusSample, 'vocabularySize' | 'sourceLengths' | 'targetLengths' | 'overlong'> {
  const texts = pairs.flatMap(({ source, target }) => [source, target]);
  const vocabulary =
    typeof given === 'string' ? Vocabulary.fromJson(given) : learnVocabulary(texts, { size: given });
  const encoded = [...encodePairs(pairs, vocabulary, longest)].filter((pair) => pair !== undefined);
  if (encoded.length === 0) throw nothingFits(pairs.length, 'training', longest);
  return {
    vocabularySize: vocabulary.size,
    sourceLengths: Uint16Array.from(encoded, ({ source }) => source.length),
    targetLengths: Uint16Array.from(encoded, ({ target }) => target.length),
    overlong: 1 - encoded.length / pairs.length,
  };
}

/** Texts from all over the pairs, until there are enough characters. */
function textOf(pairs: readonly SentencePair[], side: 'source' | 'target'): string {
  const stride = Math.max(1, Math.floor(pairs.length / 100));
  let text = '';
  for (let index = 0; index < pairs.length && text.length < languageCharacters; index += stride)
    text += `${pairs[index]![side]}\n`;
  return text;
}

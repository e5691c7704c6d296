/** Held-out pairs translated with the weights of the moment, and scored: what loss and perplexity cannot tell. */
import type { EncodedCorpus } from '../data/encodedCorpus';
import { scoreIn } from '../evaluation/score';
import { Translator } from '../inference/translator';
import { withTemporaryFolder } from '../storage/atomic';
import { writeModel, type Model } from '../storage/modelFolder';
import { restore } from '../text/protectedSpans';
import { placeholderCount } from '../text/reservedTokens';
import type { Vocabulary } from '../text/vocabulary';
import type { ValidationLine } from './metrics/lines';

export interface HeldOutTexts {
  readonly sources: readonly string[];
  readonly references: readonly string[];
}

/** How many translations are shown. */
const sampleCount = 3;

/**
 * What placeholders are called in the texts: tags, which a translation carries over as they are, so that a span that
 * the pairs are stored without is the same on both sides.
 */
const placeholderNames = Array.from({ length: placeholderCount }, (_, index) => `<x${index}>`);

/** So many pairs in words again, spread evenly over all that are held out. */
export function heldOutTexts(corpus: EncodedCorpus, vocabulary: Vocabulary, count: number): HeldOutTexts {
  const chosen = Math.min(count, corpus.size);
  const pairs = Array.from({ length: chosen }, (_, index) => Math.floor((index * corpus.size) / chosen));
  const words = (ids: Iterable<number>): string =>
    restore(vocabulary.decodePieces(ids), placeholderNames).trim();
  return {
    sources: pairs.map((pair) => words(corpus.source(pair))),
    references: pairs.map((pair) => words(corpus.target(pair))),
  };
}

/**
 * Translates them as the translator does, one candidate at a time. The model goes through a folder in the run's, and
 * its sessions are there only for as long as this takes. Rejects with `signal`'s reason when it aborts.
 *
 * @param threads of one operator; 0: one a physical core
 */
export async function translateHeldOut(
  run: string,
  model: Model,
  { sources, references }: HeldOutTexts,
  threads: number,
  signal?: AbortSignal,
): Promise<Pick<ValidationLine, 'bleu' | 'chrf' | 'translatedPairs' | 'samples'>> {
  const translations = await withTemporaryFolder(run, 'validation', async (folder) => {
    await writeModel(folder, model, 'F32');
    signal?.throwIfAborted();
    const translator = await Translator.load(folder, threads);
    try {
      return (await translator.translate(sources, { signal })).map(({ text }) => text.trim());
    } finally {
      await translator.dispose();
    }
  });
  const { bleu, chrf } = scoreIn(model.config.to, translations, references);
  return {
    bleu: bleu.score,
    chrf: chrf.score,
    translatedPairs: sources.length,
    samples: translations.slice(0, sampleCount).map((translation, index) => ({
      source: sources[index]!,
      reference: references[index]!,
      translation,
    })),
  };
}

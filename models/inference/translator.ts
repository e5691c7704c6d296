/** Text in, text out: a model, loaded, with everything around it. */
import { readModel } from '../storage/modelFolder';
import type { Piece } from '../text/pieces';
import { restore } from '../text/protectedSpans';
import type { Vocabulary } from '../text/vocabulary';
import { Decoder } from './decoder';
import { greedySearch, type Hypothesis } from './greedySearch';
import { splitIntoParts, type Segment } from './segments';

export interface TranslateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Segments done, of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Translated {
  readonly text: string;
  /** Mean log-probability a token; 0 where there was nothing to translate. */
  readonly score: number;
  /** A placeholder rule or another mask kept the model from its first choice. */
  readonly masked: boolean;
  /** A segment was cut because it ran on or repeated itself. */
  readonly truncated: boolean;
}

/** Longer segments are cut at a clause or a word: the model has hardly seen any in training. */
const longestSegment = 150;
/** Segments decoded side by side, and their padded source tokens, at most. */
const batchSegments = 64;
const batchTokens = 2000;

interface Job {
  readonly segment: Segment;
  readonly ids: readonly number[];
  result?: Hypothesis;
}

export class Translator {
  private constructor(
    readonly from: string,
    readonly to: string,
    private readonly vocabulary: Vocabulary,
    private readonly decoder: Decoder,
  ) {}

  /** Loads a model folder; a UserError says what is wrong with it. `threads` 0: one a physical core. */
  static async load(folder: string, threads = 0): Promise<Translator> {
    const { config, vocabulary, weights } = await readModel(folder);
    return new Translator(
      config.from,
      config.to,
      vocabulary,
      await Decoder.create(config.transformer, weights, threads),
    );
  }

  /** Translates each text; lines, white space and protected spans stay. Rejects with an AbortError when cancelled. */
  async translate(
    texts: readonly string[],
    { signal, onProgress }: TranslateOptions = {},
  ): Promise<Translated[]> {
    signal?.throwIfAborted();
    const jobs: Job[] = [];
    const plans = texts.map((text) =>
      splitIntoParts(
        text,
        this.from,
        (pieces) => this.vocabulary.encodeIds(pieces).length > longestSegment,
      ).map((part) => (typeof part === 'string' ? part : this.plan(part, jobs))),
    );
    let done = 0;
    for (const batch of groupByLength(jobs)) {
      const results = await greedySearch(
        this.decoder,
        batch.map(({ ids }) => ids),
        signal,
      );
      batch.forEach((job, index) => (job.result = results[index]!));
      onProgress?.((done += batch.length), jobs.length);
    }
    return plans.map((plan) => this.join(plan));
  }

  async dispose(): Promise<void> {
    await this.decoder.dispose();
  }

  private plan(segment: Segment, jobs: Job[]): Job {
    const ids = [...this.vocabulary.encodeIds(segment.pieces), this.decoder.config.endToken];
    const job = { segment, ids };
    jobs.push(job);
    return job;
  }

  private join(plan: readonly (string | Job)[]): Translated {
    let text = '';
    let tokens = 0;
    let logProbability = 0;
    const results: Hypothesis[] = [];
    for (const part of plan) {
      if (typeof part === 'string') {
        text += part;
        continue;
      }
      const result = part.result!;
      results.push(result);
      const pieces = this.vocabulary.decodePieces(result.tokens).map(onOneLine);
      // A model that says nothing has nothing to say: the source stays rather than vanishes.
      text += restore(pieces, part.segment.spans).trim() || restore(part.segment.pieces, part.segment.spans);
      tokens += result.tokens.length + 1;
      logProbability += result.score * (result.tokens.length + 1);
    }
    return {
      text,
      score: tokens === 0 ? 0 : logProbability / tokens,
      masked: results.some(({ masked }) => masked),
      truncated: results.some(({ truncated }) => truncated),
    };
  }
}

/** A segment has no line breaks, whatever the model says: a line of the source stays a line. */
function onOneLine(piece: Piece): Piece {
  return typeof piece === 'string' ? piece.replace(/[\n\r\u2028\u2029]+/gu, ' ') : piece;
}

/** Batches of segments of like length, longest first. */
function groupByLength(jobs: readonly Job[]): Job[][] {
  const batches: Job[][] = [];
  for (const job of [...jobs].sort((a, b) => b.ids.length - a.ids.length)) {
    const last = batches.at(-1);
    const fits =
      last && last.length < batchSegments && last[0]!.ids.length * (last.length + 1) <= batchTokens;
    if (fits) last.push(job);
    else batches.push([job]);
  }
  return batches;
}

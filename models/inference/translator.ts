/** Text in, text out: a model, loaded, with everything around it. */
import { readCalibration, type Calibration } from '../storage/calibration';
import { readModel } from '../storage/modelFolder';
import type { Piece } from '../text/pieces';
import { restore } from '../text/protectedSpans';
import type { Vocabulary } from '../text/vocabulary';
import { UserError } from '../userError';
import { featuresOf } from './confidence';
import { Decoder } from './decoder';
import { greedySearch, type Hypothesis } from './greedySearch';
import { joinSegments, type DecodedSegment, type Translated } from './joinSegments';
import { splitIntoParts, type Segment } from './segments';

export interface DecodeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Segments done, of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface TranslateOptions extends DecodeOptions {
  /** Segments below it keep their source; 0 unless given, which leaves none. Nothing is left without a calibration. */
  readonly minimumConfidence?: number | undefined;
}

/** A translation with what is known of each of its segments. */
export interface Observed {
  readonly translated: Translated;
  /** In order, as `translated.segments`. */
  readonly decoded: readonly DecodedSegment[];
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
    private readonly calibration: Calibration | undefined,
  ) {}

  /**
   * Loads a model folder; a UserError says what is wrong with it. `threads` 0: one a physical core. A calibration that
   * is damaged or made for other weights is told to `warn`, and translations carry no confidence.
   */
  static async load(
    folder: string,
    threads = 0,
    warn: (sentence: string) => void = () => undefined,
  ): Promise<Translator> {
    const { config, vocabulary, weights } = await readModel(folder);
    const calibration = await readCalibration(folder).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      warn(`Translations carry no confidence: ${error.message}`);
      return undefined;
    });
    return new Translator(
      config.from,
      config.to,
      vocabulary,
      await Decoder.create(config.transformer, weights, threads),
      calibration,
    );
  }

  /** Whether its translations carry a confidence. */
  get isCalibrated(): boolean {
    return this.calibration !== undefined;
  }

  /** Translates each text; lines, white space and protected spans stay. Rejects with an AbortError when cancelled. */
  async translate(
    texts: readonly string[],
    { minimumConfidence = 0, ...options }: TranslateOptions = {},
  ): Promise<Translated[]> {
    const decoded = await this.decode(texts, options);
    return decoded.map((parts) => joinSegments(parts, this.calibration, minimumConfidence));
  }

  /** As `translate` without a calibration; for making one, what it is fitted to comes along. */
  async observe(texts: readonly string[], options: DecodeOptions = {}): Promise<Observed[]> {
    const decoded = await this.decode(texts, options);
    return decoded.map((parts) => ({
      translated: joinSegments(parts, undefined, 0),
      decoded: parts.filter((part) => typeof part !== 'string'),
    }));
  }

  async dispose(): Promise<void> {
    await this.decoder.dispose();
  }

  /** Each text's parts in order: what stays, and segments with what the model makes of them. */
  private async decode(
    texts: readonly string[],
    { signal, onProgress }: DecodeOptions,
  ): Promise<(string | DecodedSegment)[][]> {
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
    return plans.map((plan) => plan.map((part) => (typeof part === 'string' ? part : this.inWords(part))));
  }

  private plan(segment: Segment, jobs: Job[]): Job {
    const ids = [...this.vocabulary.encodeIds(segment.pieces), this.decoder.config.endToken];
    const job = { segment, ids };
    jobs.push(job);
    return job;
  }

  private inWords({ segment: { pieces, spans }, ids, result }: Job): DecodedSegment {
    const hypothesis = result!;
    return {
      source: restore(pieces, spans),
      words: restore(this.vocabulary.decodePieces(hypothesis.tokens).map(onOneLine), spans).trim(),
      hypothesis,
      features: featuresOf(pieces, ids, hypothesis),
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

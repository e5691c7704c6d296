/** Text in, text out: a model, loaded, with everything around it. */
import { readCalibration, type Calibration } from '../storage/calibration';
import { readModel, readModelConfig } from '../storage/modelFolder';
import type { Piece } from '../text/pieces';
import { restore } from '../text/protectedSpans';
import type { Vocabulary } from '../text/vocabulary';
import { UserError } from '../userError';
import { featuresOf } from './confidence';
import { Decoder } from './decoder';
import type { Hypothesis } from './hypothesis';
import { joinSegments, type DecodedSegment, type Translated } from './joinSegments';
import { checkMemory, largestBatch } from './memoryNeed';
import { bestCombinations } from './nBest';
import { search, type SearchSettings } from './search';
import { splitIntoParts, type Segment } from './segments';

/** How translations are decoded wherever nothing else is said; calibrations are made with it. */
export const defaultSearch: SearchSettings = { beamSize: 1, lengthPenalty: 0.6 };

export interface DecodeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Of each text, parts that stay besides what patterns find (models/text/keptParts.ts); missing: none. */
  readonly keep?: readonly (readonly string[])[] | undefined;
  /** Segments done, of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface TranslateOptions extends DecodeOptions {
  /** Segments below it keep their source; 0 unless given, which leaves none. Nothing is left without a calibration. */
  readonly minimumConfidence?: number | undefined;
}

/** One of several translations of a text. */
export interface RankedTranslation extends Translated {
  /** What they are ranked by: the sum of its segments'. */
  readonly penalisedScore: number;
}

/** A translation with what is known of each of its segments. */
export interface Observed {
  readonly translated: Translated;
  /** In order, as `translated.segments`. */
  readonly decoded: readonly DecodedSegment[];
}

interface Job {
  readonly segment: Segment;
  readonly ids: readonly number[];
  /** Best first. */
  hypotheses?: readonly Hypothesis[];
}

export class Translator {
  private constructor(
    readonly from: string,
    readonly to: string,
    private readonly vocabulary: Vocabulary,
    private readonly decoder: Decoder,
    private readonly calibration: Calibration | undefined,
    private readonly settings: SearchSettings,
  ) {}

  /**
   * Loads a model folder; a UserError says what is wrong with it. `threads` 0: one a physical core. A calibration that
   * is damaged or made for other weights is told to `warn`, and translations carry no confidence. `settings` hold for
   * all that is translated, since a calibration holds for one way to decode.
   */
  static async load(
    folder: string,
    threads = 0,
    warn: (sentence: string) => void = () => undefined,
    settings = defaultSearch,
  ): Promise<Translator> {
    checkMemory(await readModelConfig(folder), folder);
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
      settings,
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
    return decoded.map((parts) => joinSegments(bestOf(parts), this.calibration, minimumConfidence));
  }

  /**
   * Of each text the best translations, best first: at least one, and at most `best`, which is not more than the beam
   * size. None says the same in every segment as another.
   */
  async translateNBest(
    texts: readonly string[],
    best: number,
    options: DecodeOptions = {},
  ): Promise<RankedTranslation[][]> {
    const decoded = await this.decode(texts, options, best);
    return decoded.map((parts) =>
      bestCombinations(parts, best).map(({ parts: chosen, penalisedScore }) => ({
        ...joinSegments(chosen, this.calibration, 0),
        penalisedScore,
      })),
    );
  }

  /** As `translate` without a calibration; for making one, what it is fitted to comes along. */
  async observe(texts: readonly string[], options: DecodeOptions = {}): Promise<Observed[]> {
    const decoded = await this.decode(texts, options);
    return decoded.map(bestOf).map((parts) => ({
      translated: joinSegments(parts, undefined, 0),
      decoded: parts.filter((part) => typeof part !== 'string'),
    }));
  }

  async dispose(): Promise<void> {
    await this.decoder.dispose();
  }

  /** Each text's parts in order: what stays, and segments with what the model makes of them, best first. */
  private async decode(
    texts: readonly string[],
    { signal, onProgress, keep }: DecodeOptions,
    best = 1,
  ): Promise<(string | DecodedSegment[])[][]> {
    signal?.throwIfAborted();
    // A model has hardly seen longer ones in training: they are cut at a clause or a word. And with its end, a segment
    // must lie within the positions that were learned, where they were.
    const longest = Math.min(largestBatch.longestRow, (this.decoder.config.maximumPositions ?? Infinity) - 1);
    const jobs: Job[] = [];
    const isTooLong = (pieces: readonly Piece[]): boolean =>
      this.vocabulary.encodeIds(pieces).length > longest;
    const plans = texts.map((text, index) =>
      splitIntoParts(text, this.from, { isTooLong, keep: keep?.[index] ?? [] }).map((part) =>
        typeof part === 'string' ? part : this.plan(part, jobs),
      ),
    );
    let done = 0;
    for (const batch of groupByLength(jobs, this.settings.beamSize)) {
      const results = await search(
        this.decoder,
        batch.map(({ ids }) => ids),
        { ...this.settings, best, signal },
      );
      batch.forEach((job, index) => (job.hypotheses = results[index]!));
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

  /** A vocabulary can write the same words in other tokens: the best hypothesis of each wording. */
  private inWords({ segment: { pieces, spans }, ids, hypotheses }: Job): DecodedSegment[] {
    const worded = hypotheses!.map((hypothesis) => ({
      source: restore(pieces, spans),
      words: restore(this.vocabulary.decodePieces(hypothesis.tokens).map(onOneLine), spans).trim(),
      hypothesis,
      features: featuresOf(pieces, ids, hypothesis),
    }));
    return worded.filter(({ words }, index) => index === worded.findIndex((other) => other.words === words));
  }
}

function bestOf(parts: readonly (string | DecodedSegment[])[]): (string | DecodedSegment)[] {
  return parts.map((part) => (typeof part === 'string' ? part : part[0]!));
}

/** A segment has no line breaks, whatever the model says: a line of the source stays a line. */
function onOneLine(piece: Piece): Piece {
  return typeof piece === 'string' ? piece.replace(/[\n\r\u2028\u2029]+/gu, ' ') : piece;
}

/** Batches of segments of like length, longest first; each segment takes `beamSize` rows. */
function groupByLength(jobs: readonly Job[], beamSize: number): Job[][] {
  const batches: Job[][] = [];
  for (const job of [...jobs].sort((a, b) => b.ids.length - a.ids.length)) {
    const last = batches.at(-1);
    const rows = ((last?.length ?? 0) + 1) * beamSize;
    const fits = last && rows <= largestBatch.rows && last[0]!.ids.length * rows <= largestBatch.tokens;
    if (fits) last.push(job);
    else batches.push([job]);
  }
  return batches;
}

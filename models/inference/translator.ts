/** Text in, text out: a model, loaded, with everything around it. */
import { readCalibration, type Calibration } from '../storage/calibration';
import type { InferenceDevice } from '../runtime/session';
import { hashOfWeights, readMixedModel, readModelConfig } from '../storage/modelFolder';
import { dequantiseWeights } from '../storage/storedWeights';
import { movesArguments } from '../text/argumentOrder';
import { inCapitals } from '../text/capitals';
import { withChanges, type Change } from '../text/changes';
import { hasForgottenSpans } from '../text/forgottenSpans';
import { lostMixedWords } from '../text/mixedWords';
import { lostNames } from '../text/namesInCapitals';
import { lostNumbers, wholeNumbers } from '../text/numbers';
import type { Piece } from '../text/pieces';
import { restore } from '../text/protectedSpans';
import { isPlaceholder, placeholderIndex } from '../text/reservedTokens';
import { lostShortcuts } from '../text/shortcuts';
import { SourceReader } from '../text/sourceReader';
import type { Vocabulary } from '../text/vocabulary';
import { veil } from '../text/veiledSpans';
import { writesSpaces } from '../text/writtenSpaces';
import type { TransformerConfig } from '../transformer/config';
import { UserError } from '../userError';
import type { Attention } from './attentionMaps';
import { groupByLength } from './batches';
import { featuresOf } from './confidence';
import { Decoder } from './decoder';
import type { Hypothesis } from './hypothesis';
import { joinSegments, type DecodedSegment, type Translated } from './joinSegments';
import { checkMemory, largestBatch } from './memoryNeed';
import { mendsOf } from './mends';
import { bestCombinations } from './nBest';
import {
  onOneLine,
  pairSegments,
  placeSegments,
  placeTokens,
  type Observation,
  type ObservedSegment,
  type SegmentPair,
  type TokenPair,
} from './observation';
import { Observer } from './observer';
import { search, type SearchSettings } from './search';
import { protectMore, sourceOf, splitIntoParts, type Part, type Segment } from './segments';
import type { Walked, WalkRoute } from './walk';

/** How translations are decoded wherever nothing else is said; calibrations are made with it. */
export const defaultSearch: SearchSettings = { beamSize: 1, lengthPenalty: 0.6 };

/** What computes translations, and whether matrices in 8 bits stay so there. */
export interface DecodedOn {
  readonly device: InferenceDevice;
  readonly weights: 'asStored' | 'float32';
}

export const onProcessor: DecodedOn = { device: 'cpu', weights: 'asStored' };

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
export interface DecodedText {
  readonly translated: Translated;
  /** In order, as `translated.segments`. */
  readonly decoded: readonly DecodedSegment[];
}

export interface ObserveOptions extends Omit<TranslateOptions, 'onProgress' | 'keep'> {
  /** Parts that stay besides what patterns find; none unless given. */
  readonly keep?: readonly string[] | undefined;
  /** Forced decoding: this translation is looked at, and not one of the model's. */
  readonly target?: string | undefined;
  /** Next tokens at every place of the translation; none unless given. */
  readonly candidates?: number | undefined;
  /** Beam search's best translations of each segment; none unless given. */
  readonly alternatives?: number | undefined;
  /** Gets the attention of each segment, by its index, as it comes: of all at once it might be too much. */
  readonly onAttention?: ((segment: number, attention: Attention) => void) | undefined;
}

/** A walk with its next tokens as texts, and what the model is made of. */
export interface WalkedInWords extends Omit<Walked, 'logits'> {
  /** The likeliest next tokens, best first, and last what is said where it is not among them. */
  readonly logits: readonly { readonly text: string; readonly logit: number; readonly probability: number }[];
  readonly config: TransformerConfig;
}

/** Beam search is at least so wide for alternatives, and where a narrower one has forgotten something: the paper's (§6.1). */
const wideBeam = 4;

/** What is decoded of a segment; both change where something has to be held (`mendLosses`). */
interface Job {
  segment: Segment;
  ids: readonly number[];
  /** Best first. */
  hypotheses?: readonly Hypothesis[];
}

interface DecodedJob extends DecodedSegment {
  readonly segment: Segment;
}

export class Translator {
  private readonly reader: SourceReader;

  private constructor(
    readonly from: string,
    readonly to: string,
    /** The SHA-256 of its weights. */
    readonly id: string,
    private readonly observer: Observer,
    private readonly vocabulary: Vocabulary,
    private readonly decoder: Decoder,
    private readonly calibration: Calibration | undefined,
    private readonly settings: SearchSettings,
  ) {
    this.reader = new SourceReader(vocabulary, from);
  }

  /**
   * Loads a model folder; a UserError says what is wrong with it. `threads` 0: one a physical core. A calibration that
   * is damaged or made for other weights is told to `warn`, and translations carry no confidence. `settings` hold for
   * all that is translated, since a calibration holds for one way to decode. What is observed is computed by the
   * processor, whatever translates.
   */
  static async load(
    folder: string,
    threads = 0,
    warn: (sentence: string) => void = () => undefined,
    settings = defaultSearch,
    { device, weights: kept }: DecodedOn = onProcessor,
  ): Promise<Translator> {
    checkMemory(await readModelConfig(folder), folder, settings.beamSize);
    const { config, vocabulary, weights } = await readMixedModel(folder);
    const id = await hashOfWeights(folder);
    const calibration = await readCalibration(folder, id).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      warn(`Translations carry no confidence: ${error.message}`);
      return undefined;
    });
    return new Translator(
      config.from,
      config.to,
      id,
      new Observer({ folder, id, threads }),
      vocabulary,
      await Decoder.create(
        config.transformer,
        kept === 'float32' ? dequantiseWeights(weights, config.transformer) : weights,
        threads,
        device,
      ),
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
    return decoded.map((parts) => this.join(bestOf(parts), minimumConfidence));
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
        ...this.join(chosen),
        penalisedScore,
      })),
    );
  }

  /** As `translate` without a calibration; for making one, what it is fitted to comes along. */
  async translateDecoded(texts: readonly string[], options: DecodeOptions = {}): Promise<DecodedText[]> {
    const decoded = await this.decode(texts, options);
    return decoded.map(bestOf).map((parts) => ({
      translated: joinSegments(parts, { from: this.from, to: this.to, minimumConfidence: 0 }),
      decoded: parts.filter((part) => typeof part !== 'string'),
    }));
  }

  /**
   * Translates a text as `translate` does, or takes the translation that is given, and looks at how it came about.
   *
   * @throws UserError where a given translation does not go with the text
   */
  async observe(text: string, options: ObserveOptions = {}): Promise<Observation> {
    const { target, candidates = 0, alternatives = 0, signal } = options;
    const { translated, pairs } =
      target === undefined ? await this.pairOwn(text, options) : this.pairGiven(text, target, options.keep);
    const { vocabulary, reader, decoder } = this;
    const context = { vocabulary, reader, endToken: decoder.config.endToken, candidates };
    const observed = await this.observer.observe(pairs, context, options.onAttention, signal);
    const segments: ObservedSegment[] = [];
    for (const [index, { tokens, observed: of }] of observed.entries()) {
      const { segment } = pairs[index]!;
      const confidence = translated.segments[index]?.confidence;
      segments.push({
        ...of,
        alternatives: await this.alternatives(tokens.source, segment, alternatives, signal),
        ...(confidence !== undefined && { confidence }),
      });
    }
    return { translated, segments, pairs: observed.map(({ tokens }) => tokens) };
  }

  /** The attention that there is when the target of an observed pair is said. */
  attention(pair: TokenPair, signal?: AbortSignal): Promise<Attention> {
    return this.observer.attention(pair, signal);
  }

  /** What a token of an observed pair meets on its way through the model. @param candidates likeliest next tokens */
  async walk(
    pair: TokenPair,
    route: WalkRoute,
    candidates: number,
    signal?: AbortSignal,
  ): Promise<WalkedInWords> {
    const { logits, ...walked } = await this.observer.walk(pair, route, candidates, signal);
    const inWords = logits.map(({ token, ...logit }) => ({
      text: this.vocabulary.tokenText(token),
      ...logit,
    }));
    return { ...walked, logits: inWords, config: this.decoder.config };
  }

  get shape(): Pick<TransformerConfig, 'encoderLayers' | 'decoderLayers' | 'heads'> {
    const { encoderLayers, decoderLayers, heads } = this.decoder.config;
    return { encoderLayers, decoderLayers, heads };
  }

  async dispose(): Promise<void> {
    await this.decoder.dispose();
    await this.observer.dispose();
  }

  private join(parts: readonly (string | DecodedSegment)[], minimumConfidence = 0): Translated {
    const { from, to, calibration } = this;
    return joinSegments(parts, { from, to, calibration, minimumConfidence });
  }

  private async pairOwn(
    text: string,
    { minimumConfidence = 0, keep = [], signal }: ObserveOptions,
  ): Promise<{ translated: Translated; pairs: SegmentPair[] }> {
    const [decoded] = await this.decode([text], { keep: [keep], signal });
    const parts = decoded!.map((part) => (typeof part === 'string' ? part : part[0]!));
    const translated = this.join(parts, minimumConfidence);
    const jobs = parts.filter((part) => typeof part !== 'string');
    const placed = placeSegments(parts.map((part) => (typeof part === 'string' ? part : part.segment)));
    const pairs = placed.map(({ segment, ...source }, index): SegmentPair => {
      const { hypothesis, words } = jobs[index]!;
      const { start, end, left } = translated.segments[index]!;
      const [target, isSaid] = [{ start, end }, !left && words !== ''];
      const { tokens } = hypothesis;
      const offsets = isSaid
        ? placeTokens(this.vocabulary, tokens, segment, target, this.said(tokens, segment).changes)
        : tokens.map(() => [target.end, target.end] as const);
      return { segment, source, target, tokens, offsets };
    });
    return { translated, pairs };
  }

  private pairGiven(
    text: string,
    translation: string,
    named: readonly string[] = [],
  ): { translated: Translated; pairs: SegmentPair[] } {
    const keep = this.kept(text, named);
    const pairs = pairSegments(text, translation, {
      split: (of, side) => placeSegments(this.split(of, side === 'source' ? this.from : this.to, keep)),
      keep,
      vocabulary: this.vocabulary,
      reader: this.reader,
      longest: this.longest,
    });
    const segments = pairs.map(({ target }) => ({ ...target, left: false }));
    return { translated: { text: translation, segments, score: 0, masked: false, truncated: false }, pairs };
  }

  private async alternatives(
    source: readonly number[],
    segment: Segment,
    best: number,
    signal: AbortSignal | undefined,
  ): Promise<{ text: string; score: number }[]> {
    if (best === 0) return [];
    const beamSize = Math.max(wideBeam, best);
    const { lengthPenalty } = this.settings;
    const [hypotheses] = await search(this.decoder, [source], { beamSize, lengthPenalty, best, signal });
    const worded = hypotheses!.map(({ tokens, penalisedScore }) => ({
      text: this.wordsOf(tokens, segment),
      score: penalisedScore,
    }));
    return worded.filter(({ text }, index) => index === worded.findIndex((other) => other.text === text));
  }

  /**
   * A model has hardly seen longer ones in training: they are cut at a clause or a word. And with its end, a segment must
   * lie within the positions that were learned, where they were.
   */
  private get longest(): number {
    return Math.min(largestBatch.longestRow, (this.decoder.config.maximumPositions ?? Infinity) - 1);
  }

  /** What of a text stays besides what patterns find: what the model could not say, too. */
  private kept(text: string, named: readonly string[] = []): string[] {
    return [...named, ...this.reader.unknownWords(text)];
  }

  private split(text: string, language: string, keep: readonly string[]): Part[] {
    const { longest } = this;
    const isTooLong = (pieces: readonly Piece[]): boolean => this.reader.ids(pieces).length > longest;
    return splitIntoParts(text, language, { isTooLong, keep, piecesOf: this.vocabulary.piecesOf });
  }

  /** Each text's parts in order: what stays, and segments with what the model makes of them, best first. */
  private async decode(
    texts: readonly string[],
    { signal, onProgress, keep }: DecodeOptions,
    best = 1,
  ): Promise<(string | DecodedJob[])[][]> {
    signal?.throwIfAborted();
    const jobs: Job[] = [];
    const plans = texts.map((text, index) =>
      this.split(text, this.from, this.kept(text, keep?.[index])).map((part) =>
        typeof part === 'string' ? part : this.plan(part, jobs),
      ),
    );
    let done = 0;
    await this.search(jobs, best, signal, (count) => onProgress?.((done += count), jobs.length));
    await this.mendLosses(jobs, best, signal);
    await this.mendForgotten(jobs, best, signal);
    return plans.map((plan) => plan.map((part) => (typeof part === 'string' ? part : this.inWords(part))));
  }

  /** Gives each job its hypotheses. */
  private async search(
    jobs: readonly Job[],
    best: number,
    signal: AbortSignal | undefined,
    onBatch: (count: number) => void = () => undefined,
    settings = this.settings,
  ): Promise<void> {
    for (const batch of groupByLength(jobs, settings.beamSize)) {
      const results = await search(
        this.decoder,
        batch.map(({ ids }) => ids),
        { ...settings, best, signal },
      );
      batch.forEach((job, index) => (job.hypotheses = results[index]!));
      onBatch(batch.length);
    }
  }

  /**
   * Where the best translation of a segment has lost a number, a shortcut, a word of digits and letters or a name in capitals, or ran
   * away, perhaps over the digits of one, the segment is translated once more with them as protected spans. Not from the
   * beginning: most are said well, and what is to be inflected after them, or how they are written in the other language,
   * is the model's to say.
   */
  private async mendLosses(
    jobs: readonly Job[],
    best: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const mended = jobs.flatMap((job) => {
      const { numbers, names } = this.lossesOf(job);
      const lost = [...numbers, ...names];
      const segment = lost.length > 0 ? protectMore(job.segment, lost) : undefined;
      if (segment === undefined) return [];
      const again: Job = { segment, ids: this.idsOf(segment) };
      return [{ job, again, isNumberLost: numbers.length > 0 }];
    });
    if (mended.length === 0) return;
    await this.search(
      mended.map(({ again }) => again),
      best,
      signal,
    );
    for (const { job, again, isNumberLost } of mended) {
      // A translation that loses a name is better than one that runs away; one that loses a number is not.
      if (isNumberLost || !again.hypotheses![0]!.truncated) Object.assign(job, again);
    }
  }

  /** Where a placeholder was forgotten, and stands behind the end, a wider search often has it in its place. */
  private async mendForgotten(
    jobs: readonly Job[],
    best: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (this.settings.beamSize >= wideBeam) return;
    const forgetful = jobs.filter((job) => this.hasForgotten(job));
    const again = forgetful.map(({ segment, ids }): Job => ({ segment, ids }));
    await this.search(again, best, signal, undefined, { ...this.settings, beamSize: wideBeam });
    again.forEach((job, index) => {
      if (!this.hasForgotten(job) && !job.hypotheses![0]!.truncated) Object.assign(forgetful[index]!, job);
    });
  }

  private hasForgotten({ segment: { pieces, spans }, hypotheses }: Job): boolean {
    const said = this.vocabulary.decodePieces(hypotheses![0]!.tokens);
    return hasForgottenSpans(veil(said, spans), veil(pieces, spans));
  }

  /** What has to be held for the best translation to be mended. */
  private lossesOf({ segment, hypotheses }: Job): { numbers: string[]; names: string[] } {
    const source = sourceOf(segment);
    const [{ tokens, truncated }] = hypotheses! as [Hypothesis];
    const words = this.wordsOf(tokens, segment);
    // All of them, lest one that is free beside one that is held makes another number with it.
    const isNumberLost = truncated || lostNumbers(source, words, this.to).length > 0;
    const numbers = isNumberLost ? wholeNumbers(source) : [];
    return {
      numbers: [
        ...numbers,
        ...lostShortcuts(source, words),
        ...lostMixedWords(source, words, this.vocabulary.piecesOf),
      ],
      names: segment.inCapitals ? [] : lostNames(source, words, this.vocabulary.piecesOf),
    };
  }

  private plan(segment: Segment, jobs: Job[]): Job {
    const job = { segment, ids: this.idsOf(segment) };
    jobs.push(job);
    return job;
  }

  private idsOf({ pieces }: Segment): number[] {
    return [...this.reader.ids(pieces), this.decoder.config.endToken];
  }

  /** A vocabulary can write the same words in other tokens: the best hypothesis of each wording. */
  private inWords({ segment, ids, hypotheses }: Job): DecodedJob[] {
    const worded = hypotheses!.map((hypothesis) => ({
      segment,
      source: sourceOf(segment),
      words: this.wordsOf(hypothesis.tokens, segment),
      hypothesis,
      features: featuresOf(this.reader.read(segment.pieces), ids, hypothesis),
      movesArguments: movesArguments(
        segment.spans,
        hypothesis.tokens.filter(isPlaceholder).map(placeholderIndex),
      ),
    }));
    return worded.filter(({ words }, index) => index === worded.findIndex((other) => other.words === words));
  }

  private wordsOf(tokens: readonly number[], segment: Segment): string {
    const { text, changes } = this.said(tokens, segment);
    return withChanges(text, changes).trim();
  }

  /**
   * What the model says, and what is written otherwise. A segment has no line breaks, whatever the model says: a line of
   * the source stays a line.
   */
  private said(tokens: readonly number[], segment: Segment): { text: string; changes: Change[] } {
    // Where there are no spaces between words, there are no capitals.
    const isLoud = segment.inCapitals && writesSpaces(this.to);
    const write = (text: string): string => (isLoud ? inCapitals(text) : text);
    const pieces = this.vocabulary
      .decodePieces(tokens)
      .map((piece) => (typeof piece === 'string' ? write(onOneLine(piece)) : piece));
    return { text: restore(pieces, segment.spans), changes: mendsOf(pieces, segment, this) };
  }
}

function bestOf(parts: readonly (string | DecodedSegment[])[]): (string | DecodedSegment)[] {
  return parts.map((part) => (typeof part === 'string' ? part : part[0]!));
}

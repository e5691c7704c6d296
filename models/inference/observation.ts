/**
 * How a translation came about, token by token: what the model read, what it said and how sure it was, what else it might
 * have said, and whose attention can be looked at. Offsets lead back to the texts that people see.
 */
import { calmText } from '../text/capitals';
import { movedBy, withChanges, type Change } from '../text/changes';
import { findCounterpart } from '../text/mnemonics';
import { protect, protectTranslation, restore, restoredOffsets } from '../text/protectedSpans';
import { isPlaceholder, placeholderIndex } from '../text/reservedTokens';
import type { SourceReader } from '../text/sourceReader';
import type { Encoding, Vocabulary } from '../text/vocabulary';
import { UserError } from '../userError';
import { selectBest } from './selectBest';
import type { Translated } from './joinSegments';
import { sourceOf, type Part, type Segment } from './segments';

/** UTF-16 offsets: [start, end). */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** `▁Wort`, `<0x0A>`, `</s>`, or the text of a protected span, and where it stands in the text. */
export interface ObservedToken extends Stretch {
  readonly text: string;
}

export interface NextToken {
  readonly text: string;
  readonly probability: number;
}

export interface ObservedTargetToken extends ObservedToken {
  /** 0 … 1, whatever the constraints of decoding allow. */
  readonly probability: number;
  /** The likeliest at its place, best first. */
  readonly candidates: NextToken[];
}

export interface ObservedSegment {
  /** In the text, and in the translation's. */
  readonly source: Stretch;
  readonly target: Stretch;
  /** With their ends. */
  readonly sourceTokens: ObservedToken[];
  readonly targetTokens: ObservedTargetToken[];
  /** Best first. */
  readonly alternatives: { text: string; score: number }[];
  readonly confidence?: number;
}

/** What a masked pass takes: source and target tokens, each with its end. */
export interface TokenPair {
  readonly source: readonly number[];
  readonly target: readonly number[];
}

export interface Observation {
  readonly translated: Translated;
  /** In order; none where the text has no words. */
  readonly segments: ObservedSegment[];
  /** Of each segment. */
  readonly pairs: readonly TokenPair[];
}

/** A segment of a text with its translation, before the model has looked at both. */
export interface SegmentPair {
  readonly segment: Segment;
  readonly source: Stretch;
  readonly target: Stretch;
  /** Target tokens without the end, and where they stand in the translation's text. */
  readonly tokens: readonly number[];
  readonly offsets: readonly (readonly [start: number, end: number])[];
}

/** A segment of a text, and where it stands in it. */
export interface PlacedSegment extends Stretch {
  readonly segment: Segment;
}

/** The segments among the parts that a text is split into, which follow each other without a gap. */
export function placeSegments(parts: readonly Part[]): PlacedSegment[] {
  let start = 0;
  return parts.flatMap((part) => {
    const before = start;
    start += (typeof part === 'string' ? part : sourceOf(part)).length;
    return typeof part === 'string' ? [] : [{ segment: part, start: before, end: start }];
  });
}

/**
 * Where the tokens of a hypothesis stand in a text whose `target` is made of them: white space around what the model
 * said has been dropped, and where the source stands instead of it they have no length.
 *
 * @param changes what has been written otherwise than the model said it (mends.ts)
 */
export function placeTokens(
  vocabulary: Vocabulary,
  tokens: readonly number[],
  { spans }: Segment,
  target: Stretch,
  changes: readonly Change[],
): [start: number, end: number][] {
  const { pieces, offsets } = vocabulary.decodeWithOffsets(tokens);
  const written = withChanges(restore(pieces, spans), changes);
  const lead = written.length - written.trimStart().length;
  const place = (offset: number): number =>
    Math.min(target.end, Math.max(target.start, target.start + offset - lead));
  return restoredOffsets({ ids: [...tokens], offsets }, spans).map((stretch) => {
    const [start, end] = movedBy(changes, stretch);
    return [place(start), place(end)];
  });
}

/** What a person's translation is paired by. */
export interface PairingRules {
  /** The segments that the model would translate one by one. */
  readonly split: (text: string, side: 'source' | 'target') => PlacedSegment[];
  /** Parts that stay besides what patterns find. */
  readonly keep: readonly string[];
  readonly vocabulary: Vocabulary;
  readonly reader: SourceReader;
  /** Tokens of a segment, without the end, at most. */
  readonly longest: number;
}

/**
 * The segments of a text paired with those of a translation that a person gives. Where they are not as many, the texts
 * are paired as wholes.
 *
 * @throws UserError where they are not as many, and too long for one segment
 */
export function pairSegments(text: string, translation: string, rules: PairingRules): SegmentPair[] {
  const { split, vocabulary, reader, longest } = rules;
  const sources = split(text, 'source');
  const targets = split(translation, 'target');
  const pairs =
    sources.length === targets.length
      ? sources.map((source, index) => ({ source, target: targets[index]! }))
      : [pairWholes(text, sources, translation, targets, rules.keep)];
  return pairs.map(({ source, target }) => {
    const { segment } = source;
    const given = onOneLine(translation.slice(target.start, target.end));
    const mark = segment.mnemonic && findCounterpart(given);
    const read = mark ? given.replace(mark.as, '') : given;
    const said = segment.inCapitals ? calmText(read, vocabulary.piecesOf) : read;
    const encoding = vocabulary.encode(protectTranslation(said, segment.spans));
    const isLong = Math.max(encoding.ids.length, reader.ids(segment.pieces).length) > longest;
    if (isLong) throw notPaired(sources.length, targets.length);
    return {
      segment,
      source: { start: source.start, end: source.end },
      target: { start: target.start, end: target.end },
      tokens: encoding.ids,
      offsets: placesOf(encoding, segment.spans, target.start, mark),
    };
  });
}

/** Where tokens stand in a text that begins at `start`, and whose label's mark they do not have. */
function placesOf(
  encoding: Encoding,
  spans: readonly string[],
  start: number,
  mark: Change | undefined,
): [start: number, end: number][] {
  return restoredOffsets(encoding, spans).map((stretch) => {
    const [from, to] = movedBy(mark ? [mark] : [], stretch);
    return [start + from, start + to];
  });
}

function pairWholes(
  text: string,
  sources: readonly PlacedSegment[],
  translation: string,
  targets: readonly PlacedSegment[],
  keep: readonly string[],
): { source: PlacedSegment; target: Stretch } {
  const [first, last] = [sources[0], sources.at(-1)];
  if (first === undefined || last === undefined) throw new UserError('The text has no words to translate.');
  const [whole, ...others] = protect(onOneLine(text.slice(first.start, last.end)), keep);
  if (others.length > 0) throw notPaired(sources.length, targets.length);
  const start = translation.length - translation.trimStart().length;
  return {
    source: {
      segment: { pieces: whole!.pieces, spans: whole!.spans },
      start: first.start,
      end: last.end,
    },
    target: { start, end: Math.max(start, translation.trimEnd().length) },
  };
}

function notPaired(sources: number, targets: number): UserError {
  return new UserError(
    `The text has ${sources} sentences or parts and the translation ${targets}, too much to be looked at as one. ` +
      'Give a translation sentence by sentence.',
  );
}

/** A segment has no line breaks: each is a space, so that offsets hold. */
export function onOneLine(text: string): string {
  return text.replace(/[\n\r\u2028\u2029]/gu, ' ');
}

/** What is beside a pair when it is observed. */
export interface PairContext {
  readonly vocabulary: Vocabulary;
  readonly reader: SourceReader;
  readonly endToken: number;
  /** Next tokens at every place. */
  readonly candidates: number;
}

/** The tokens that a masked pass takes for a pair. */
export function tokensOf({ segment, tokens }: SegmentPair, { reader, endToken }: PairContext): TokenPair {
  return {
    source: [...reader.ids(segment.pieces), endToken],
    target: [...tokens, endToken],
  };
}

/** A pair as people see it. @param logProbabilities of a masked pass over its tokens: `[target tokens, vocabularySize]` */
export function observePair(
  pair: SegmentPair,
  logProbabilities: Float32Array,
  context: PairContext,
): Pick<ObservedSegment, 'source' | 'target' | 'sourceTokens' | 'targetTokens'> {
  const { vocabulary, reader, endToken, candidates } = context;
  const { segment, source, target, tokens, offsets } = pair;
  const textOf = (id: number): string =>
    (isPlaceholder(id) ? segment.spans[placeholderIndex(id)] : undefined) ?? vocabulary.tokenText(id);
  const encoding = reader.encode(segment.pieces);
  const sourceOffsets = placesOf(encoding, segment.spans, source.start, segment.mnemonic);
  const sourceTokens = encoding.ids.map((id, index) => observed(textOf(id), sourceOffsets[index]!));
  const placeOf = (index: number): readonly [number, number] => offsets[index] ?? [target.end, target.end];
  const targetTokens = [...tokens, endToken].map((id, index) => {
    const row = logProbabilities.subarray(index * vocabulary.size, (index + 1) * vocabulary.size);
    return {
      ...observed(textOf(id), placeOf(index)),
      probability: probabilityOf(row[id]!),
      candidates: likeliest(row, candidates).map((next) => ({
        text: textOf(next),
        probability: probabilityOf(row[next]!),
      })),
    };
  });
  return {
    source,
    target,
    sourceTokens: [...sourceTokens, observed(textOf(endToken), [source.end, source.end])],
    targetTokens,
  };
}

function observed(text: string, [start, end]: readonly [number, number]): ObservedToken {
  return { text, start, end };
}

/** Rounding may carry a logarithm a little above 0. */
const probabilityOf = (logProbability: number): number => Math.min(1, Math.exp(logProbability));

function likeliest(logProbabilities: Float32Array, count: number): number[] {
  return selectBest(logProbabilities, count);
}

/** The text that comes out: what stays, and in between what the model says, or the source where that is too weak. */
import type { Calibration, Features } from '../storage/calibration';
import { gapBetween } from '../text/writtenSpaces';
import { confidenceOf } from './confidence';
import type { Hypothesis } from './hypothesis';

/** A segment of the source and what the model makes of it. */
export interface DecodedSegment {
  /** As it stands in the source. */
  readonly source: string;
  /** Empty where the model says nothing. */
  readonly words: string;
  readonly hypothesis: Hypothesis;
  /** What its confidence is made of. */
  readonly features: Features;
  /** Placeholders that take a program's arguments in order have changed places (models/text/argumentOrder.ts). */
  readonly movesArguments: boolean;
}

/** A translated sentence, or a part of a long one: where it stands in the text that came out. */
export interface TranslatedSegment {
  /** UTF-16 offsets: [start, end). */
  readonly start: number;
  readonly end: number;
  /** 0 … 1, see confidence.ts; missing where the model was not calibrated. */
  readonly confidence?: number;
  /** The confidence was below the least one asked for: the source stands there, byte for byte. */
  readonly left: boolean;
  /** It was not left, and was cut because it ran on or repeated itself; missing where not. */
  readonly truncated?: true;
  /** It was not left, and `%s` or `{}`, which a program's arguments take in order, changed places; missing where not. */
  readonly argumentsMoved?: true;
}

export interface Translated {
  readonly text: string;
  /** In order. */
  readonly segments: TranslatedSegment[];
  /** Mean log-probability a token; 0 where there was nothing to translate. */
  readonly score: number;
  /** A placeholder rule or another mask kept the model from its first choice, in what was not left. */
  readonly masked: boolean;
  /** Whether any segment is. */
  readonly truncated: boolean;
}

export interface JoinRules {
  /** The languages of source and translation, which may write spaces in other places. */
  readonly from: string;
  readonly to: string;
  readonly calibration?: Calibration | undefined;
  /** Segments below it are left; none is without a calibration. */
  readonly minimumConfidence: number;
}

/** @param parts text that stays, and segments, in the source's order */
export function joinSegments(parts: readonly (string | DecodedSegment)[], rules: JoinRules): Translated {
  const { calibration, minimumConfidence } = rules;
  let text = '';
  /** White space that is still to be written, when it is known what follows. */
  let gap = '';
  let [tokens, logProbability, masked] = [0, 0, false];
  const segments: TranslatedSegment[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      if (part.trim() === '') gap += part;
      else {
        text += gapBetween(text, gap, part, rules) + part;
        gap = '';
      }
      continue;
    }
    const { source, words, hypothesis, movesArguments } = part;
    const confidence = calibration && segmentConfidence(part, calibration);
    const left = confidence !== undefined && confidence < minimumConfidence;
    // A model that says nothing has nothing to say: the source stays rather than vanishes.
    const said = left || words === '' ? source : words;
    text += gapBetween(text, gap, said, rules);
    gap = '';
    const start = text.length;
    text += said;
    segments.push({
      ...{ start, end: text.length, left },
      ...(confidence !== undefined && { confidence }),
      ...(hypothesis.truncated && !left && { truncated: true }),
      ...(movesArguments && !left && { argumentsMoved: true }),
    });
    tokens += hypothesis.tokens.length + 1;
    logProbability += hypothesis.score * (hypothesis.tokens.length + 1);
    masked ||= hypothesis.masked && !left;
  }
  return {
    text: text + gap,
    segments,
    score: tokens === 0 ? 0 : logProbability / tokens,
    masked,
    truncated: segments.some((segment) => segment.truncated),
  };
}

/** 0 where the model says nothing. */
export function segmentConfidence({ words, features }: DecodedSegment, calibration: Calibration): number {
  return words === '' ? 0 : confidenceOf(features, calibration);
}

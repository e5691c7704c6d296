/**
 * Tokens as people read them: what a piece is shown as, and what stands along the sides of an attention map.
 */
import type { AttentionKind, AttentionTexts, Segment } from './messages';

/** A token of the source or of the translation, by its place; −1: the start that the decoder reads first. */
export interface TokenRef {
  readonly side: 'source' | 'target';
  readonly index: number;
}

/** One place along a side of a map. */
export interface Place {
  readonly token: TokenRef;
  /** What is shown. */
  readonly label: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** Begins a word, so that space stands before it. */
  readonly startsWord: boolean;
}

export interface Axes {
  readonly queries: readonly Place[];
  readonly keys: readonly Place[];
}

type EndTexts = Pick<AttentionTexts, 'endToken' | 'startToken' | 'spaceToken'>;

const endSign = '</s>';
const startSign = '<s>';
const spaceSign = '▁';

/** How a piece is shown: words plain, what goes on a word after a dot, the end as the model writes it. */
export function labelOf(text: string, startsWord: boolean): string {
  const shown = text.replaceAll(spaceSign, ' ').trim();
  if (shown === '') return '␣';
  return startsWord ? shown : `·${shown}`;
}

/** Whether a piece begins a word: it has a space before it, is the first, or is a sign of the model's. */
export function beginsWord(text: string, index: number): boolean {
  return index === 0 || text.startsWith(spaceSign) || text === endSign;
}

function placeOf(text: string, token: TokenRef, texts: EndTexts): Place {
  const startsWord = beginsWord(text, token.index);
  // What is seen comes first in what is said, so that it can be asked for by voice.
  if (text === endSign)
    return { token, label: endSign, spoken: `${endSign} (${texts.endToken})`, startsWord };
  const shown = text.replaceAll(spaceSign, ' ').trim();
  return {
    token,
    label: labelOf(text, startsWord),
    spoken: shown === '' ? texts.spaceToken : shown,
    startsWord,
  };
}

/**
 * What stands along a map. A query of the decoder is the place at which it says a token; what it has read by then is
 * the start and the tokens before.
 */
export function axesOf(segment: Segment, kind: AttentionKind, texts: EndTexts): Axes {
  const source = segment.sourceTokens.map(({ text }, index) =>
    placeOf(text, { side: 'source', index }, texts),
  );
  if (kind === 'encoder') return { queries: source, keys: source };
  const target = segment.targetTokens.map(({ text }, index) =>
    placeOf(text, { side: 'target', index }, texts),
  );
  if (kind === 'cross') return { queries: target, keys: source };
  const start: Place = {
    token: { side: 'target', index: -1 },
    label: startSign,
    spoken: texts.startToken,
    startsWord: true,
  };
  return { queries: target, keys: [start, ...target.slice(0, -1)] };
}

export function sameToken(one: TokenRef | null, other: TokenRef | null): boolean {
  return one !== null && other !== null && one.side === other.side && one.index === other.index;
}

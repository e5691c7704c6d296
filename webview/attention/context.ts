/** What every part of the page is given to show itself and to act. */
import type { AttentionTexts, Segment } from './messages';
import type { Look } from './look';
import type { TokenRef } from './pieces';
import type { AttentionSession, SessionState, Slot } from './session';

export interface PageContext {
  readonly texts: AttentionTexts;
  readonly state: SessionState;
  readonly session: AttentionSession;
  readonly look: Look;
  /** The token that is pointed at. */
  readonly pointed: TokenRef | null;
  point(token: TokenRef | null): void;
  /** What each slot tells of the cell or piece that is pointed at in it. */
  readonly told: ReadonlyMap<number, string>;
  tell(slot: number, told: string): void;
  /** Where the Tab key stops in each row of buttons, by the row's name. */
  readonly stops: ReadonlyMap<string, number>;
  stopAt(row: string, place: number): void;
  /** What was just done, for the eye and for screen readers. */
  readonly notice: string;
  say(notice: string): void;
  /** Moves the focus on, where what has it goes away: to the first of these selectors as FocusWish has it. */
  readonly focusOn: (...places: readonly string[]) => void;
  /** Something that was worked out meanwhile can be shown. */
  readonly showAgain: () => void;
}

/** The token that is followed: the one pointed at, or else the one that was kept. */
export function followedToken({ pointed, state }: PageContext): TokenRef | null {
  return pointed ?? state.view.pinned;
}

/** The sentence that is looked at, where there is one with tokens. */
export function shownSegment({ state }: PageContext, slot: Slot): Segment | undefined {
  const segment = slot.observation?.segments[state.view.segment];
  return segment === undefined || segment.targetTokens.length === 0 ? undefined : segment;
}

/** A share as whole percent, with a decimal where it is small. */
export function percent(share: number): string {
  const hundredths = share * 100;
  return hundredths === 0 || hundredths >= 9.95 ? hundredths.toFixed(0) : hundredths.toFixed(1);
}

/**
 * The pieces of the text and of its translation, how likely each was, what else might have stood there, and other
 * translations that the search found.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { fill } from '../../components/pageStart';
import { followedToken, percent, type PageContext } from '../context';
import { directionOf } from '../direction';
import type { Segment, TargetToken } from '../messages';
import { axesOf, beginsWord, labelOf, sameToken, type Place, type TokenRef } from '../pieces';
import type { Slot } from '../session';
import { moveWithin, stopOf } from './roving';

/** @param at which of the slots they are in */
export function tokensView(
  context: PageContext,
  { observation }: Slot,
  segment: Segment,
  at: number,
): TemplateResult {
  const { texts } = context;
  const { from, to } = observation!;
  const { queries: target, keys: source } = axesOf(segment, 'cross', texts);
  const probabilities = segment.targetTokens.map(({ probability }) => probability);
  return html`
    <div class="tokens">
      ${strip(context, { row: `${at}/source`, label: texts.sourceTokens, language: from, places: source })}
      ${strip(context, {
        row: `${at}/target`,
        label: texts.targetTokens,
        language: to,
        places: target,
        probabilities,
      })}
    </div>
  `;
}

interface Strip {
  /** Its name, for where the Tab key stops. */
  readonly row: string;
  readonly label: string;
  /** Of its pieces. */
  readonly language: string;
  readonly places: readonly Place[];
  /** Of each piece of the translation. */
  readonly probabilities?: readonly number[];
}

function strip(context: PageContext, { row, label, language, places, probabilities }: Strip): TemplateResult {
  const stop = stopOf(context, row, places.length);
  return html`
    <div
      class="strip"
      role="group"
      aria-label=${label}
      lang=${language}
      dir=${directionOf(language)}
      @keydown=${(event: KeyboardEvent) => moveWithin(event, places.length)}
    >
      ${places.map((place, index) =>
        chip(context, {
          ...place,
          index,
          probability: probabilities?.[index],
          isStop: index === stop,
          stopHere: () => context.stopAt(row, index),
        }),
      )}
    </div>
  `;
}

interface Chip extends Place {
  readonly index: number;
  readonly probability: number | undefined;
  readonly isStop: boolean;
  readonly stopHere: () => void;
}

function chip(
  context: PageContext,
  { token, label, spoken, startsWord, index, probability, isStop, stopHere }: Chip,
): TemplateResult {
  const { texts, state, session } = context;
  const { pinned, view, walk } = state.view;
  // On the walk one piece of each side is always chosen.
  const isChosen = view === 'walk' ? walk[token.side] === token.index : sameToken(pinned, token);
  const choose = (): void => {
    if (view === 'walk') session.choose({ walk: { ...walk, [token.side]: token.index } });
    else session.choose({ pinned: isChosen ? null : { ...token, as: null } });
  };
  const name =
    probability === undefined
      ? fill(texts.tokenSpoken, spoken, index + 1)
      : fill(texts.probabilitySpoken, spoken, index + 1, percent(probability));
  return html`
    <button
      class=${classMap({
        chip: true,
        target: token.side === 'target',
        'starts-word': startsWord,
        followed: isChosen || sameToken(followedToken(context), token),
      })}
      .style=${`--share: ${probability ?? 1}`}
      tabindex=${isStop ? 0 : -1}
      aria-label=${name}
      aria-pressed=${isChosen}
      title=${name}
      @pointerenter=${() => context.point(token)}
      @pointerleave=${() => context.point(null)}
      @focus=${(event: FocusEvent) => {
        stopHere();
        // A click keeps a token by itself; following it here too would let nothing go.
        if ((event.target as HTMLElement).matches(':focus-visible')) context.point(token);
      }}
      @blur=${() => context.point(null)}
      @click=${choose}
    >
      <bdi>${label}</bdi>
    </button>
  `;
}

/** What the model weighed up at the followed place of the translation. */
export function candidatesView(
  context: PageContext,
  { observation }: Slot,
  segment: Segment,
): TemplateResult {
  const { texts } = context;
  const token = followedToken(context);
  const said = chosenToken(segment, token);
  if (said === undefined) {
    return html`<section class="candidates">
      <h3>${texts.candidatesLabel}</h3>
      <p class="quiet">${texts.candidatesHint}</p>
    </section>`;
  }
  const { index } = token!;
  const listed = said.candidates.some(({ text }) => text === said.text)
    ? said.candidates
    : [...said.candidates, { text: said.text, probability: said.probability }];
  return html`
    <section class="candidates">
      <h3>${fill(texts.candidatesTitle, index + 1)}</h3>
      <ol>
        ${listed.map(
          ({ text, probability }) => html`
            <li class=${text === said.text ? 'said' : ''} .style=${`--share: ${probability}`}>
              <bdi class="piece" lang=${observation!.to}>${labelOf(text, beginsWord(text, index))}</bdi>
              <span class="share">${percent(probability)} %</span>
              ${text === said.text ? html`<span class="only-read">${texts.candidateChosen}</span>` : nothing}
            </li>
          `,
        )}
      </ol>
    </section>
  `;
}

function chosenToken(segment: Segment, token: TokenRef | null): TargetToken | undefined {
  return token?.side === 'target' ? segment.targetTokens[token.index] : undefined;
}

/** With a minus sign, which a hyphen is not. */
const signed = (score: number): string => score.toFixed(2).replace('-', '−');

/**
 * Other translations of this sentence that the model found of its own accord; a chosen one takes its place in the whole,
 * and they stay as long as one of them is looked at.
 */
export function alternativesView(
  { texts, state, session }: PageContext,
  { own, observation }: Slot,
): TemplateResult | typeof nothing {
  const segment = own?.segments[state.view.segment];
  // With another model chosen, its own translation has not come yet.
  if (segment === undefined || own?.model.folder !== observation?.model.folder) return nothing;
  const { alternatives, target } = segment;
  const { translation } = own!;
  const wholeWith = (text: string): string =>
    translation.slice(0, target.start) + text + translation.slice(target.end);
  const now = state.view.target ?? translation;
  const isOwn = state.view.target === null;
  if (alternatives.length < 2 || !(isOwn || alternatives.some(({ text }) => wholeWith(text) === now)))
    return nothing;
  return html`
    <section class="alternatives">
      <h3>${texts.alternativesLabel}</h3>
      <p class="quiet">${texts.alternativesHint}</p>
      <ol>
        ${alternatives.map(
          ({ text, score }) => html`
            <li>
              <button
                class="link"
                lang=${own!.to}
                dir="auto"
                aria-current=${wholeWith(text) === now}
                title=${`${text}\n${fill(texts.alternativeScore, signed(score))}`}
                @click=${() => session.takeAlternative(wholeWith(text))}
              >
                ${text}
              </button>
              <span class="quiet">${fill(texts.alternativeShort, signed(score))}</span>
            </li>
          `,
        )}
      </ol>
    </section>
  `;
}

/**
 * The pieces of the text and of its translation, how likely each was, what else might have stood there, and other
 * translations that the search found.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { fill } from '../../components/pageStart';
import { followedToken, percent, type PageContext } from '../context';
import type { Segment, TargetToken } from '../messages';
import { axesOf, beginsWord, labelOf, sameToken, type Place, type TokenRef } from '../pieces';
import type { Slot } from '../session';

export function tokensView(context: PageContext, segment: Segment): TemplateResult {
  const { texts } = context;
  const { queries: target, keys: source } = axesOf(segment, 'cross', texts);
  return html`
    <div class="tokens">
      ${strip(context, texts.sourceTokens, source, () => undefined)}
      ${strip(context, texts.targetTokens, target, (index) => segment.targetTokens[index]!.probability)}
    </div>
  `;
}

function strip(
  context: PageContext,
  label: string,
  places: readonly Place[],
  probabilityOf: (index: number) => number | undefined,
): TemplateResult {
  return html`
    <div class="strip" role="group" aria-label=${label} @keydown=${moveAlong}>
      ${places.map((place, index) => chip(context, place, index, probabilityOf(index)))}
    </div>
  `;
}

function chip(
  context: PageContext,
  { token, label, spoken, startsWord }: Place,
  index: number,
  probability: number | undefined,
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
      tabindex=${index === 0 ? 0 : -1}
      aria-label=${name}
      aria-pressed=${isChosen}
      title=${name}
      @pointerenter=${() => context.point(token)}
      @pointerleave=${() => context.point(null)}
      @focus=${(event: FocusEvent) => {
        // A click keeps a token by itself; following it here too would let nothing go.
        if ((event.target as HTMLElement).matches(':focus-visible')) context.point(token);
      }}
      @blur=${() => context.point(null)}
      @click=${choose}
    >
      ${label}
    </button>
  `;
}

/** One stop of the Tab key for a whole row; the arrows move along it. */
function moveAlong(event: KeyboardEvent): void {
  const chips = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.chip')];
  const at = chips.indexOf(event.target as HTMLElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    Home: 0,
    End: chips.length - 1,
  };
  const next = Object.hasOwn(steps, event.key) ? chips[steps[event.key]!] : undefined;
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  for (const chip of chips) chip.tabIndex = chip === next ? 0 : -1;
  next.focus();
}

/** What the model weighed up at the followed place of the translation. */
export function candidatesView(context: PageContext, segment: Segment): TemplateResult {
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
              <span class="piece">${labelOf(text, beginsWord(text, index))}</span>
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

/** Other translations of this sentence; a chosen one takes its place in the whole. */
export function alternativesView(
  { texts, session }: PageContext,
  slot: Slot,
  { alternatives, target }: Segment,
): TemplateResult | typeof nothing {
  const { translation } = slot.observation!;
  const now = translation.slice(target.start, target.end);
  if (alternatives.length < 2) return nothing;
  const choose = (text: string): void =>
    session.force(translation.slice(0, target.start) + text + translation.slice(target.end), 'now');
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
                aria-current=${text === now}
                title=${`${text}\n${fill(texts.alternativeScore, signed(score))}`}
                @click=${() => choose(text)}
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

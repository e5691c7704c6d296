/** The whole page: the sentence above, and below what each model makes of it. */
import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { live } from 'lit/directives/live.js';
import { fill } from '../../components/pageStart';
import { shownSegment, type PageContext } from '../context';
import { attentionKinds, type AttentionKind, type Observation, type Segment } from '../messages';
import { depthOf, fittingLayer, lacksHeads, lacksLayer, layersOf, mostHeads } from '../neededWeights';
import { weightsOf, type Slot } from '../session';
import { views, zooms, type ViewName } from '../viewState';
import type { AttentionMatrix } from '../elements/matrixElement';
import { alignmentView } from './alignmentView';
import { caption } from './caption';
import { gridView } from './gridView';
import { headView } from './headView';
import { legend } from './legend';
import { sentenceView } from './sentence';
import { tableView } from './tableView';
import { takeAlongView } from './takeAlong';
import { alternativesView, candidatesView, tokensView } from './tokens';
import { walkView } from './walkView';

export function pageView(context: PageContext): TemplateResult {
  const { state } = context;
  return html`
    <main class=${classMap({ page: true, comparing: state.slots.length > 1 })}>
      ${sentenceView(context)}
      ${state.view.text.trim() === '' ? emptyView(context) : html`${toolbar(context)} ${slotsView(context)}`}
    </main>
  `;
}

/** An invitation, where there is no text yet; or why not even that can be had. */
function emptyView(context: PageContext): TemplateResult {
  const { texts, state, session, focusOn } = context;
  const failure = state.slots[0]?.failure ?? null;
  if (failure !== null) return failureView(context, failure, '#text');
  if (!state.started) return html`<p class="quiet" role="status">${texts.starting}</p>`;
  return html`
    <section class="empty">
      <h2>${texts.emptyTitle}</h2>
      <p>${texts.emptyText}</p>
      <button @click=${tryExample}>${texts.emptyExample}</button>
    </section>
  `;

  function tryExample(): void {
    session.type(texts.exampleSentence);
    focusOn('#text');
  }
}

/** @param onward where the focus goes when it is tried again: a selector */
function failureView(
  { texts, session, focusOn }: PageContext,
  failure: string,
  onward: string,
): TemplateResult {
  const retry = (): void => {
    void session.retry();
    focusOn(onward);
  };
  return html`
    <section class="failure" role="alert">
      <h2>${texts.failureTitle}</h2>
      <p>${failure}</p>
      <button @click=${retry}>${texts.retry}</button>
    </section>
  `;
}

function toolbar(context: PageContext): TemplateResult {
  const { texts, state, session } = context;
  const names: Record<ViewName, string> = {
    grid: texts.viewGrid,
    heads: texts.viewHeads,
    alignment: texts.viewAlignment,
    table: texts.viewTable,
    walk: texts.viewWalk,
  };
  const { view } = state.view;
  return html`
    <nav class="toolbar" aria-label=${texts.viewsLabel}>
      <div class="tabs" role="tablist" aria-label=${texts.viewsLabel} @keydown=${moveBetweenTabs}>
        ${views.map(
          (name) => html`
            <button
              role="tab"
              id="tab-${name}"
              aria-selected=${name === view}
              aria-controls="shown"
              tabindex=${name === view ? 0 : -1}
              @click=${() => session.choose({ view: name })}
            >
              ${names[name]}
            </button>
          `,
        )}
      </div>
      ${view === 'walk' ? nothing : kindChoice(context)}
      ${view === 'heads' || view === 'alignment' ? html`${layerChoice(context)} ${headChoice(context)}` : nothing}
      ${view === 'heads' ? orientationChoice(context) : nothing}
      ${view === 'alignment' ? zoomChoice(context) : nothing}
    </nav>
  `;
}

function moveBetweenTabs(event: KeyboardEvent): void {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by === undefined) return;
  const tabs = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=tab]')];
  const next = tabs[(tabs.indexOf(event.target as HTMLElement) + by + tabs.length) % tabs.length]!;
  event.preventDefault();
  next.click();
  next.focus();
}

function kindChoice({ texts, state, session }: PageContext): TemplateResult {
  const names: Record<AttentionKind, string> = {
    encoder: texts.kindEncoder,
    decoder: texts.kindDecoder,
    cross: texts.kindCross,
  };
  // Encoder and decoder may differ in depth.
  const { layer } = state.view;
  return html`
    <div class="segmented" role="radiogroup" aria-label=${texts.kindLabel}>
      ${attentionKinds.map(
        (kind) => html`
          <label class=${kind === state.view.kind ? 'chosen' : ''}>
            <input
              type="radio"
              name="kind"
              class="only-read"
              .checked=${live(kind === state.view.kind)}
              @change=${() => session.choose({ kind, layer: fittingLayer({ kind, layer }, state.slots) })}
            />${names[kind]}
          </label>
        `,
      )}
    </div>
  `;
}

function layerChoice({ texts, state, session }: PageContext): TemplateResult {
  const { layer, kind } = state.view;
  const choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    session.choose({ layer: value === 'mean' ? 'mean' : Number(value) });
  };
  return html`
    <label class="choice">
      <span class="only-read">${texts.layerLabel}</span>
      <select .value=${live(String(layer))} @change=${choose}>
        <option value="mean" ?selected=${layer === 'mean'}>${texts.layerMean}</option>
        ${Array.from(
          { length: depthOf(kind, state.slots) },
          (_, index) =>
            html`<option value=${index} ?selected=${index === layer}>
              ${fill(texts.layerOption, index + 1)}
            </option>`,
        )}
      </select>
    </label>
  `;
}

function headChoice({ texts, state, session, look }: PageContext): TemplateResult {
  const { heads } = state.view;
  const count = mostHeads(state.slots);
  const toggle = (head: number): void => {
    const others = heads.filter((other) => other !== head);
    const next = others.length < heads.length ? others : [...heads, head].sort((one, other) => one - other);
    session.choose({ heads: next.length === count ? [] : next });
  };
  return html`
    <div class="head-chips" role="group" aria-label=${texts.headsLabel}>
      <button
        class="head-chip all"
        aria-pressed=${heads.length === 0}
        @click=${() => session.choose({ heads: [] })}
      >
        ${texts.allHeads}
      </button>
      ${Array.from(
        { length: count },
        (_, head) => html`
          <button
            class="head-chip"
            .style=${`--head: rgb(${look.headColour(head).map(Math.round).join(' ')})`}
            aria-pressed=${heads.includes(head)}
            aria-label=${fill(texts.headOption, head + 1)}
            title=${fill(texts.headOption, head + 1)}
            @click=${() => toggle(head)}
          >
            ${head + 1}
          </button>
        `,
      )}
    </div>
  `;
}

function orientationChoice({ texts, state, session }: PageContext): TemplateResult {
  const { orientation } = state.view;
  const other = orientation === 'upright' ? 'lying' : 'upright';
  return html`<button
    class="secondary"
    title=${other === 'lying' ? texts.orientationLying : texts.orientationUpright}
    @click=${() => session.choose({ orientation: other })}
  >
    ${texts.turn}
  </button>`;
}

function zoomChoice({ texts, state, session }: PageContext): TemplateResult {
  const { zoom } = state.view;
  return html`
    <div class="zoom">
      <button
        class="secondary"
        aria-label=${texts.zoomOut}
        title=${texts.zoomOut}
        aria-disabled=${zoom === 0}
        @click=${() => zoomBy(-1)}
      >
        −
      </button>
      <button
        class="secondary"
        aria-label=${texts.zoomIn}
        title=${texts.zoomIn}
        aria-disabled=${zoom === zooms.length - 1}
        @click=${() => zoomBy(1)}
      >
        +
      </button>
      <button class="secondary" title=${texts.zoomFitHint} @click=${fit}>${texts.zoomFit}</button>
    </div>
  `;

  /** A button that can do no more keeps the focus. */
  function zoomBy(steps: 1 | -1): void {
    if (zooms[zoom + steps] !== undefined) session.choose({ zoom: zoom + steps });
  }

  /** Of two models the first one’s map counts: both are shown alike. */
  function fit(): void {
    const map = document.querySelector<AttentionMatrix>('attention-matrix');
    const fitting = map?.fittingZoom(zooms);
    if (fitting !== undefined) session.choose({ zoom: fitting });
  }
}

function slotsView(context: PageContext): TemplateResult {
  const { view } = context.state.view;
  return html`
    <div id="shown" class="slots" role="tabpanel" aria-labelledby="tab-${view}" tabindex="-1">
      ${context.state.slots.map((slot, at) => slotView(context, slot, at))}
    </div>
  `;
}

function slotView(context: PageContext, slot: Slot, at: number): TemplateResult {
  const { observation, busy, failure } = slot;
  return html`
    <section class="slot" aria-busy=${busy}>
      ${context.state.slots.length > 1 && observation !== null ? slotHeading(context, slot) : nothing}
      ${failure === null ? nothing : failureView(context, failure, '#shown')}
      ${failure !== null || observation === null ? waitingView(context, slot) : answerView(context, slot, at)}
    </section>
  `;
}

function waitingView({ texts, state }: PageContext, { busy }: Slot): TemplateResult | typeof nothing {
  if (busy) return html`<p class="quiet">${texts.busy}</p>`;
  return state.started ? nothing : html`<p class="quiet" role="status">${texts.starting}</p>`;
}

function slotHeading({ texts }: PageContext, { observation }: Slot): TemplateResult {
  const { pair, model, translation, to } = observation!;
  return html`
    <h2>${fill(texts.pairShown, pair, model.name)}</h2>
    <p class="slot-translation" lang=${to} dir="auto">${translation}</p>
  `;
}

function answerView(context: PageContext, slot: Slot, at: number): TemplateResult {
  const { texts } = context;
  if (slot.observation?.alreadyInTarget === true) return html`<p class="note">${texts.alreadyInTarget}</p>`;
  const segment = shownSegment(context, slot);
  if (segment === undefined) return html`<p class="note">${texts.nothingToSee}</p>`;
  if (context.state.view.view === 'walk') {
    return html`${tokensView(context, slot, segment, at)} ${walkView(context, slot, segment)}`;
  }
  return html`
    ${tokensView(context, slot, segment, at)}
    <div class="body">
      <div class="shown">${shownView(context, slot, segment, at)}</div>
      <aside class="side">${candidatesView(context, slot, segment)} ${alternativesView(context, slot)}</aside>
    </div>
  `;
}

function shownView(context: PageContext, slot: Slot, segment: Segment, at: number): TemplateResult {
  const lacking = lackingNote(context, slot.observation!);
  if (lacking !== undefined) return html`<p class="note">${lacking}</p>`;
  return html`
    <div class="picture">${pictureView(context, slot, segment, at)}</div>
    <div class="below">
      ${legend(context)} ${takeAlongView(context, slot)}
      <p class="caption">${caption(context, slot)}</p>
    </div>
  `;
}

/** Why this model has nothing to show of what is chosen, where another one has. */
function lackingNote({ texts, state }: PageContext, observation: Observation): string | undefined {
  const { layer, kind } = state.view;
  if (lacksLayer(state.view, observation))
    return fill(texts.noSuchLayer, Number(layer) + 1, layersOf(kind, observation));
  return lacksHeads(state.view, observation) ? fill(texts.noSuchHeads, observation.heads) : undefined;
}

function pictureView(
  context: PageContext,
  slot: Slot,
  segment: Segment,
  at: number,
): TemplateResult | typeof nothing {
  const { view, kind, layer, segment: index } = context.state.view;
  if (view === 'grid') return gridView(context, slot, at);
  if (view === 'table') return tableView(context, slot, at);
  const weights = weightsOf(slot, index, kind, layer);
  if (weights === undefined || view === 'walk') return nothing;
  const draw = view === 'heads' ? headView : alignmentView;
  return draw(context, segment, weights, at);
}

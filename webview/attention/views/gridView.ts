/** Every layer and head as a small heat map. */
import { html, type TemplateResult } from 'lit';
import '../elements/heatGrid';
import { fill } from '../../components/pageStart';
import { percent, type PageContext } from '../context';
import { numbersSoon } from '../headNumbers';
import type { Weights } from '../messages';
import { layersOf } from '../neededWeights';
import { weightsOf, type Slot } from '../session';
import { headOf } from '../weights';

export function gridView(context: PageContext, slot: Slot): TemplateResult {
  const { texts, state, look } = context;
  const observation = slot.observation!;
  const { kind, segment } = state.view;
  const layers = Array.from({ length: layersOf(kind, observation) }, (_, layer) =>
    weightsOf(slot, segment, kind, layer),
  );
  const heads = Array.from({ length: observation.heads }, (_, head) => head);
  const maps = layers.flatMap((weights) =>
    heads.map((head) => (weights === undefined ? undefined : headOf(weights, head))),
  );
  return html`
    <div class="grid-frame">
      <div
        class="grid"
        role="group"
        aria-label=${texts.gridLabel}
        .style=${`--heads: ${heads.length}`}
        @keydown=${(event: KeyboardEvent) => moveWithin(event, heads.length)}
      >
        <span></span>
        ${heads.map((head) => html`<span class="head-name quiet">${fill(texts.headOption, head + 1)}</span>`)}
        ${layers.map(
          (weights, layer) => html`
            <span class="layer-name quiet">${fill(texts.layerOption, layer + 1)}</span>
            ${heads.map((head) => cell(context, weights, layer, head))}
          `,
        )}
        <attention-heat-grid .picture=${{ maps, scale: look.scale }}></attention-heat-grid>
      </div>
    </div>
  `;
}

/** A head to click; its map is drawn over it. */
function cell(
  { texts, session, showAgain }: PageContext,
  weights: Weights | undefined,
  layer: number,
  head: number,
): TemplateResult {
  const place = fill(texts.headCell, layer + 1, head + 1);
  const counted = weights === undefined ? undefined : numbersSoon(weights, showAgain)?.[head];
  const numbers =
    counted === undefined
      ? ''
      : fill(
          texts.headCellNumbers,
          counted.entropy.toFixed(1),
          counted.distance.toFixed(1),
          percent(counted.diagonal),
        );
  return html`
    <button
      class="cell"
      tabindex=${layer === 0 && head === 0 ? 0 : -1}
      aria-label=${numbers === '' ? place : `${place}: ${numbers}`}
      title=${numbers === '' ? place : `${place}\n${numbers}`}
      @click=${() => session.choose({ view: 'alignment', layer, heads: [head] })}
    ></button>
  `;
}

/** One stop of the Tab key for the whole grid; the arrows move within it. */
function moveWithin(event: KeyboardEvent, columns: number): void {
  const cells = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.cell')];
  const at = cells.indexOf(event.target as HTMLElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: at - (at % columns),
    End: at - (at % columns) + columns - 1,
  };
  const next = Object.hasOwn(steps, event.key) ? cells[steps[event.key]!] : undefined;
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  for (const each of cells) each.tabIndex = each === next ? 0 : -1;
  next.focus();
}

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
import { openHead } from './openHead';
import { moveWithin, stopOf } from './roving';

/** @param at which of the slots it is */
export function gridView(context: PageContext, slot: Slot, at: number): TemplateResult {
  const { texts, state, look } = context;
  const observation = slot.observation!;
  const { kind, segment } = state.view;
  const layers = Array.from({ length: layersOf(kind, observation) }, (_, layer) =>
    weightsOf(slot, segment, kind, layer),
  );
  const heads = Array.from({ length: observation.heads }, (_, head) => head);
  const row = `${at}/grid`;
  const stop = stopOf(context, row, layers.length * heads.length);
  const placeOf = (layer: number, head: number): number => layer * heads.length + head;
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
            ${heads.map((head) =>
              cell(context, {
                weights,
                layer,
                head,
                at,
                isStop: placeOf(layer, head) === stop,
                stopHere: () => context.stopAt(row, placeOf(layer, head)),
              }),
            )}
          `,
        )}
        <attention-heat-grid .picture=${{ maps, scale: look.scale }}></attention-heat-grid>
      </div>
    </div>
  `;
}

interface Cell {
  readonly weights: Weights | undefined;
  readonly layer: number;
  readonly head: number;
  /** Which of the slots it is in. */
  readonly at: number;
  readonly isStop: boolean;
  readonly stopHere: () => void;
}

/** A head to click; its map is drawn over it. */
function cell(context: PageContext, { weights, layer, head, at, isStop, stopHere }: Cell): TemplateResult {
  const { texts, showAgain } = context;
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
      tabindex=${isStop ? 0 : -1}
      aria-label=${numbers === '' ? place : `${place}: ${numbers}`}
      title=${numbers === '' ? place : `${place}\n${numbers}`}
      @focus=${stopHere}
      @click=${() => openHead(context, at, layer, head)}
    ></button>
  `;
}

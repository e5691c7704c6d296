/** Every layer and head as a small heat map. */
import { html, nothing, type TemplateResult } from 'lit';
import '../elements/heatMap';
import { fill } from '../../components/pageStart';
import { percent, type PageContext } from '../context';
import type { Weights } from '../messages';
import { layersOf } from '../neededWeights';
import { weightsOf, type Slot } from '../session';
import { statisticsOf } from '../statistics';
import { headOf, type Matrix } from '../weights';

export function gridView(context: PageContext, slot: Slot): TemplateResult {
  const { texts, state } = context;
  const observation = slot.observation!;
  const { kind, segment } = state.view;
  const layers = Array.from({ length: layersOf(kind, observation) }, (_, layer) => layer);
  const heads = Array.from({ length: observation.heads }, (_, head) => head);
  return html`
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
        (layer) => html`
          <span class="layer-name quiet">${fill(texts.layerOption, layer + 1)}</span>
          ${heads.map((head) => cell(context, weightsOf(slot, segment, kind, layer), layer, head))}
        `,
      )}
    </div>
  `;
}

/** A map is the same object as long as its weights are: nothing is drawn twice, and nothing counted twice. */
const seen = new WeakMap<Weights, { matrix: Matrix; numbers: ReturnType<typeof statisticsOf> }[]>();

export function headsOf(weights: Weights): { matrix: Matrix; numbers: ReturnType<typeof statisticsOf> }[] {
  let heads = seen.get(weights);
  if (heads === undefined) {
    heads = Array.from({ length: weights.heads }, (_, head) => {
      const matrix = headOf(weights, head);
      return { matrix, numbers: statisticsOf(matrix) };
    });
    seen.set(weights, heads);
  }
  return heads;
}

function cell(
  { texts, session, look }: PageContext,
  weights: Weights | undefined,
  layer: number,
  head: number,
): TemplateResult {
  const place = fill(texts.headCell, layer + 1, head + 1);
  const shown = weights === undefined ? undefined : headsOf(weights)[head];
  const numbers =
    shown === undefined
      ? ''
      : fill(
          texts.headCellNumbers,
          shown.numbers.entropy.toFixed(1),
          shown.numbers.distance.toFixed(1),
          percent(shown.numbers.diagonal),
        );
  return html`
    <button
      class="cell"
      tabindex=${layer === 0 && head === 0 ? 0 : -1}
      aria-label=${numbers === '' ? place : `${place}: ${numbers}`}
      title=${numbers === '' ? place : `${place}\n${numbers}`}
      @click=${() => session.choose({ view: 'alignment', layer, heads: [head] })}
    >
      ${
        shown === undefined
          ? nothing
          : html`<attention-heat-map
              .picture=${{ matrix: shown.matrix, scale: look.scale }}
            ></attention-heat-map>`
      }
    </button>
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

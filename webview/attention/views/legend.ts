/** Which colour stands for which weight. */
import { html, nothing, type TemplateResult } from 'lit';
import '../elements/heatMap';
import type { PageContext } from '../context';

const marks = [0, 0.05, 0.25, 0.5, 1];
const cells = 128;

/** A row of every weight, spaced as the colours are: by its root. */
const ramp = {
  queries: 1,
  keys: cells,
  values: Float32Array.from({ length: cells }, (_, at) => (at / (cells - 1)) ** 2),
};

export function legend({ texts, state, look }: PageContext): TemplateResult | typeof nothing {
  const { view } = state.view;
  if (view !== 'grid' && view !== 'alignment') return nothing;
  return html`
    <div class="legend" aria-hidden="true">
      <span>${texts.legend}</span>
      <div class="ramp">
        <attention-heat-map .picture=${{ matrix: ramp, scale: look.scale }}></attention-heat-map>
        ${marks.map((mark) => html`<span class="mark" .style=${`left: ${100 * Math.sqrt(mark)}%`}>${mark}</span>`)}
      </div>
    </div>
  `;
}

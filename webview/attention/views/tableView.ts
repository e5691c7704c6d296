/** Where each head looks, in numbers that can be sorted. */
import { html, type TemplateResult } from 'lit';
import { fill } from '../../components/pageStart';
import { percent, type PageContext } from '../context';
import { numbersOf } from '../headNumbers';
import { layersOf } from '../neededWeights';
import { weightsOf, type Slot } from '../session';
import type { HeadStatistics } from '../statistics';
import type { ViewState } from '../viewState';
import { openHead } from './openHead';

type SortKey = ViewState['sort']['by'];

interface Row extends HeadStatistics {
  readonly layer: number;
  readonly head: number;
}

export function rowsOf(context: PageContext, slot: Slot): Row[] {
  const { kind, segment, sort } = context.state.view;
  const rows = Array.from({ length: layersOf(kind, slot.observation!) }, (_, layer) => {
    const weights = weightsOf(slot, segment, kind, layer);
    if (weights === undefined) return [];
    return numbersOf(weights).map((numbers, head) => ({ layer, head, ...numbers }));
  }).flat();
  const { by, descending } = sort;
  // Stable, so that equals stay in their order.
  if (by !== 'place') rows.sort((one, other) => one[by] - other[by]);
  return descending ? rows.reverse() : rows;
}

/** @param at which of the slots it is */
export function tableView(context: PageContext, slot: Slot, at: number): TemplateResult {
  const { texts } = context;
  const rows = rowsOf(context, slot);
  const widest = Math.max(1e-9, ...rows.map(({ entropy }) => entropy));
  const farthest = Math.max(1e-9, ...rows.map(({ distance }) => distance));
  const columns: readonly [SortKey, string, string][] = [
    ['place', texts.columnHead, ''],
    ['entropy', texts.columnEntropy, texts.columnEntropyHint],
    ['distance', texts.columnDistance, texts.columnDistanceHint],
    ['diagonal', texts.columnDiagonal, texts.columnDiagonalHint],
  ];
  return html`
    <div class="frame">
      <table class="heads">
        <caption>
          ${texts.tableCaption}
        </caption>
        <thead>
          <tr>
            ${columns.map((column) => heading(context, ...column))}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`
              <tr>
                <th scope="row">${headLink(context, row, at)}</th>
                ${number(row.entropy.toFixed(2), row.entropy / widest)}
                ${number(row.distance.toFixed(2), row.distance / farthest)}
                ${number(`${percent(row.diagonal)} %`, row.diagonal)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function heading(
  { texts, state, session }: PageContext,
  by: SortKey,
  label: string,
  hint: string,
): TemplateResult {
  const { sort } = state.view;
  const order = sort.by !== by ? 'none' : sort.descending ? 'descending' : 'ascending';
  return html`
    <th scope="col" aria-sort=${order}>
      <button
        class="sorter"
        title=${hint}
        aria-label=${fill(texts.sortBy, label)}
        @click=${() => session.choose({ sort: { by, descending: sort.by === by && !sort.descending } })}
      >
        ${label}<span class="arrow" aria-hidden="true"
          >${order === 'none' ? '' : order === 'ascending' ? '▲' : '▼'}</span
        >
      </button>
    </th>
  `;
}

function headLink(context: PageContext, { layer, head }: Row, at: number): TemplateResult {
  const { texts } = context;
  return html`<button
    class="link"
    title=${fill(texts.openHead, layer + 1, head + 1)}
    @click=${() => openHead(context, at, layer, head)}
  >
    ${fill(texts.headCell, layer + 1, head + 1)}
  </button>`;
}

/** A number, and a bar as long as its share of the most. */
function number(text: string, share: number): TemplateResult {
  return html`<td .style=${`--share: ${Math.min(1, share)}`}>${text}</td>`;
}

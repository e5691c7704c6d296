/** The whole of the sidebar's view: which run is shown, the run itself or the form. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Formats } from '../numbers/format';
import { formPage } from './formPage';
import { bar, button, iconButton, notice } from './parts';
import { runPage } from './runPage';
import type { SidebarContext } from './session';

export function sidebarPage(context: SidebarContext, formats: Formats): TemplateResult {
  const { session, state } = context;
  const { run } = session;
  return html`<main class="page">
    ${headView(context)} ${state.failure === null ? nothing : notice('error', state.failure)}
    ${
      run !== undefined
        ? runPage(context, run, formats)
        : state.draft === undefined
          ? openingView(context)
          : formPage(context, state.draft, formats)
    }
  </main>`;
}

/** While there is nothing to show yet; or, where it could not be had, the way to try again. */
function openingView({ texts, session, state }: SidebarContext): TemplateResult {
  return state.failure === null
    ? bar(texts.loading, null)
    : button(texts.tryAgain, { press: () => session.open() });
}

/** Where one is, and the way to the others; nothing to choose from, nothing to see. */
function headView({ texts, session, state }: SidebarContext): TemplateResult | typeof nothing {
  const { runs, shown } = state;
  if (runs.length === 0) return nothing;
  return html`<nav class="head">
    <select
      aria-label=${texts.runLabel}
      title=${texts.runLabel}
      @change=${({ target }: Event) => {
        const { value } = target as HTMLSelectElement;
        void session.show(value === '' ? null : value);
      }}
    >
      <option value="" .selected=${shown === null}>${texts.newRun}</option>
      ${runs.map(({ id, name }) => html`<option value=${id} .selected=${id === shown}>${name}</option>`)}
    </select>
    ${shown === null ? nothing : iconButton('add', texts.newRun, () => session.show(null))}
  </nav>`;
}

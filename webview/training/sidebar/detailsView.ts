/** The numbers behind the form, for those who want to turn them: each with its name, its field and what it means. */
import { html, nothing, type TemplateResult } from 'lit';
import { fill } from '../../components/pageStart';
import type { Detail } from '../messages';
import type { Formats } from '../numbers/format';
import { isLeftOpen, limitsOf, sizesOfModel, type Draft, type Field } from './draft';
import { button, iconButton } from './parts';
import type { SidebarContext } from './session';

/** What belongs together, in the order in which a reader of the paper meets it. */
const groups = [
  ['groupModel', [...sizesOfModel]],
  ['groupBatches', ['batchTokens', 'accumulate']],
  ['groupOptimiser', ['warmupSteps', 'peakLearningRate', 'cooldown', 'clipNorm']],
  [
    'groupRegularisation',
    ['dropout', 'attentionDropout', 'feedForwardDropout', 'subwordDropout', 'labelSmoothing', 'rDrop'],
  ],
  ['groupCorpus', ['maximumWords', 'heldOut', 'seed']],
  ['groupSaving', ['checkpointEvery', 'keepCheckpoints', 'translatePairs']],
] as const satisfies readonly (readonly [string, readonly Detail[]])[];

export function detailsView(
  context: SidebarContext,
  draft: Draft,
  faults: ReadonlySet<Field>,
  formats: Formats,
): TemplateResult {
  const { texts, session } = context;
  return html`<details
    ?open=${draft.detailsOpen}
    @toggle=${({ target }: Event) => {
      const { open } = target as HTMLDetailsElement;
      if (open !== draft.detailsOpen) session.change({ detailsOpen: open });
    }}
  >
    <summary>${texts.details}</summary>
    <div class="actions">
      ${button(texts.ours, { hint: texts.oursHint, press: () => session.choosePreset(draft.preset) })}
      ${button(texts.paper, { hint: texts.paperHint, press: () => session.choosePreset(draft.preset, 'paper') })}
    </div>
    ${groups.map(([group, names]) => {
      // A model that is gone on from has its sizes already.
      if (group === 'groupModel' && draft.base !== null) return nothing;
      return html`<fieldset class="details">
        <legend>${texts[group]}</legend>
        ${names.map((name) => numberView(context, draft, name, faults, formats))}
        ${group === 'groupModel' ? normalisationView(context, draft) : nothing}
        ${group === 'groupSaving' ? measureView(context, draft) : nothing}
      </fieldset>`;
    })}
  </details>`;
}

function numberView(
  context: SidebarContext,
  draft: Draft,
  name: Detail,
  faults: ReadonlySet<Field>,
  formats: Formats,
): TemplateResult {
  const { texts, session } = context;
  const { low, high } = limitsOf(name);
  const wrong = faults.has(name);
  return html`<div class="detail">
    <label for="detail-${name}" title=${texts[`about_${name}`]}>${texts[`detail_${name}`]}</label>
    <input
      id="detail-${name}"
      class="number"
      inputmode="decimal"
      autocomplete="off"
      .value=${draft.details[name] ?? ''}
      placeholder=${isLeftOpen(name, 0) ? texts.automatic : nothing}
      aria-invalid=${wrong}
      aria-describedby=${wrong ? `wrong-${name}` : nothing}
      @input=${({ target }: InputEvent) => session.setDetail(name, (target as HTMLInputElement).value)}
    />
    ${explanation(context, name, texts[`detail_${name}`], texts[`about_${name}`])}
    ${
      wrong
        ? html`<p class="wrong" id="wrong-${name}">
            ${fill(texts.outOfRange, formats.figure(low), formats.figure(high))}
          </p>`
        : nothing
    }
  </div>`;
}

function normalisationView(context: SidebarContext, draft: Draft): TemplateResult {
  const { texts, session } = context;
  const options = [
    ['post', texts.normalisationPost],
    ['pre', texts.normalisationPre],
  ] as const;
  return html`<div class="detail">
    <label for="normalisation" title=${texts.normalisationHint}>${texts.normalisation}</label>
    <select
      id="normalisation"
      @change=${({ target }: Event) =>
        session.change({ normalisation: (target as HTMLSelectElement).value === 'post' ? 'post' : 'pre' })}
    >
      ${options.map(
        ([value, label]) =>
          html`<option value=${value} .selected=${value === draft.normalisation}>${label}</option>`,
      )}
    </select>
    ${explanation(context, 'normalisation', texts.normalisation, texts.normalisationHint)}
  </div>`;
}

function measureView(context: SidebarContext, draft: Draft): TemplateResult {
  const { texts, session } = context;
  const options = [
    ['loss', texts.byLoss],
    ['bleu', texts.byBleu],
  ] as const;
  return html`<div class="detail">
    <label for="measure" title=${texts.measureHint}>${texts.measureBy}</label>
    <select
      id="measure"
      @change=${({ target }: Event) =>
        session.change({ stopOn: (target as HTMLSelectElement).value === 'bleu' ? 'bleu' : 'loss' })}
    >
      ${options.map(
        ([value, label]) =>
          html`<option value=${value} .selected=${value === draft.stopOn}>${label}</option>`,
      )}
    </select>
    ${explanation(context, 'measure', texts.measureBy, texts.measureHint)}
  </div>`;
}

/** A question mark that opens what a term means, for the mouse and for the keyboard alike. */
function explanation(
  { texts, session, state }: SidebarContext,
  term: string,
  label: string,
  text: string,
): TemplateResult {
  const open = state.explained.has(term);
  return html`<span class="explain" ?data-open=${open}
      >${iconButton('help', fill(texts.explain, label), () => session.explain(term))}</span
    >${open ? html`<p class="about" role="note">${text}</p>` : nothing}`;
}

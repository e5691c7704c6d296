/** A new run: what it learns from, what it is, when it ends, and what that will take. */
import { html, nothing, type TemplateResult } from 'lit';
import { fill } from '../../components/pageStart';
import type { Preset, SidebarTexts } from '../messages';
import type { Formats } from '../numbers/format';
import { detailsView } from './detailsView';
import { readForm, type BudgetKind, type Draft, type Field } from './draft';
import { estimateView } from './estimateView';
import { button, iconButton, notice } from './parts';
import type { EstimateState, SidebarContext, SidebarSession } from './session';

export function formPage(context: SidebarContext, draft: Draft, formats: Formats): TemplateResult {
  const { texts, state } = context;
  const read = readForm(draft, state.presets ?? []);
  const faults: ReadonlySet<Field> = 'faults' in read ? read.faults : new Set();
  // No form element: a webview has no right to submit one.
  return html`<div class="new-run" role="form" aria-labelledby="form-title">
    <h2 id="form-title">${texts.formTitle}</h2>
    <p class="quiet">${texts.formHint}</p>
    ${corporaView(context)} ${languagesView(context, draft, faults, formats)} ${beginningView(context, draft)}
    ${draft.base === null ? sizesView(context, draft) : nothing} ${endView(context, draft, faults)}
    ${nameView(context, draft)} ${detailsView(context, draft, faults, formats)}
    ${estimateView(context, 'form' in read)} ${startView(context, faults)}
  </div>`;
}

/** At the foot of the view, however far the form is scrolled: the way on, and what is lacking for it. */
function startView(context: SidebarContext, faults: ReadonlySet<Field>): TemplateResult {
  const { texts, session, state } = context;
  const { estimate, choices } = state;
  const lacking =
    choices.corpora.length === 0
      ? texts.needPairs
      : faults.has('from') || faults.has('to')
        ? texts.needLanguages
        : faults.size > 0
          ? button(texts.needNumbers, { icon: 'warning', kind: 'link', press: () => goToFault(session) })
          : undefined;
  const summary =
    estimate.kind === 'done' ? estimate.estimate.summary : estimate.kind === 'busy' ? texts.estimating : '';
  return html`<div class="foot">
    ${startButton(context, lacking === undefined)}
    <p id="start-note" class="quiet">
      ${lacking ?? summary} ${lacking === undefined ? warningsLink(texts, estimate) : nothing}
    </p>
  </div>`;
}

function startButton({ texts, session, state: { busy } }: SidebarContext, ready: boolean): TemplateResult {
  const disabled = !ready || busy !== 'no';
  return html`<button
    type="button"
    class="start"
    title=${texts.startHint}
    aria-describedby="start-note"
    aria-disabled=${disabled}
    @click=${() => void (disabled || session.start())}
  >
    ${busy === 'starting' ? texts.starting : texts.startTraining}
  </button>`;
}

/** Puts the keyboard into the first number that is wrong. */
function goToFault(session: SidebarSession): void {
  session.openFaults();
  // Once it is shown.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.new-run [aria-invalid="true"]')?.focus());
}

/** What speaks against it stands below all numbers, where one who starts at once has not been. */
function warningsLink(texts: SidebarTexts, estimate: EstimateState): TemplateResult | typeof nothing {
  const count = estimate.kind === 'done' ? estimate.estimate.warnings.length : 0;
  if (count === 0) return nothing;
  const words = count === 1 ? texts.oneWarning : fill(texts.someWarnings, count);
  return button(words, {
    icon: 'warning',
    kind: 'link',
    press: () => document.querySelector('.warnings')?.scrollIntoView({ block: 'center' }),
  });
}

function corporaView({ texts, session, state }: SidebarContext): TemplateResult {
  const { corpora, cataloguesObstacle } = state.choices;
  const disabled = state.busy !== 'no';
  return html`<fieldset>
    <legend>${texts.corpora}</legend>
    ${
      corpora.length === 0
        ? html`<p class="quiet">${texts.corporaNone}</p>`
        : html`<ul class="corpora" aria-label=${texts.corpora}>
            ${corpora.map(
              ({ name, detail }, index) =>
                html`<li>
                  <span class="file" title=${name}>${name}</span>
                  <small>${detail}</small>
                  ${iconButton('close', fill(texts.removeCorpus, name), () => session.removeCorpus(index))}
                </li>`,
            )}
          </ul>`
    }
    <div class="actions">
      ${button(texts.addFiles, {
        icon: 'file',
        hint: texts.corporaHint,
        disabled,
        press: () => session.addCorpora('files'),
      })}
      ${button(texts.addFolder, {
        icon: 'folder',
        hint: texts.corporaHint,
        disabled,
        press: () => session.addCorpora('folder'),
      })}
      ${button(texts.addCatalogues, {
        icon: 'translate',
        hint: cataloguesObstacle ?? texts.cataloguesHint,
        disabled: disabled || cataloguesObstacle !== null,
        press: () => session.addCorpora('catalogues'),
      })}
    </div>
    ${cataloguesObstacle === null ? nothing : html`<p class="quiet">${cataloguesObstacle}</p>`}
  </fieldset>`;
}

/** Tags that are offered; any other may be written. */
const offeredLanguages = [
  ...['ar', 'bg', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fi', 'fr', 'he', 'hi', 'hu', 'id', 'it', 'ja'],
  ...['ko', 'lt', 'lv', 'nb', 'nl', 'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk', 'sl', 'sv', 'th', 'tr', 'uk'],
  ...['vi', 'zh-CN', 'zh-TW'],
];

function languagesView(
  { texts, session }: SidebarContext,
  draft: Draft,
  faults: ReadonlySet<Field>,
  formats: Formats,
): TemplateResult {
  const field = (name: 'from' | 'to', label: string, hint: string): TemplateResult =>
    html`<label class="short">
      <span>${label}</span>
      <input
        name=${name}
        list="offered-languages"
        .value=${draft[name]}
        title=${hint}
        placeholder=${hint}
        maxlength="35"
        spellcheck="false"
        autocomplete="off"
        aria-invalid=${draft[name] !== '' && faults.has(name)}
        @input=${({ target }: InputEvent) =>
          session.setLanguages({ [name]: (target as HTMLInputElement).value })}
      />
      <small>${faults.has(name) ? '\u00a0' : formats.language(draft[name].trim())}</small>
    </label>`;
  const same = draft.from.trim() !== '' && draft.from.trim() === draft.to.trim();
  return html`<fieldset>
    <legend>${texts.languages}</legend>
    <div class="row">
      ${field('from', texts.from, texts.fromHint)}<span class="arrow" aria-hidden="true">→</span>${field(
        'to',
        texts.to,
        texts.toHint,
      )}
    </div>
    ${same ? notice('warning', texts.sameLanguages) : nothing}
    <datalist id="offered-languages">
      ${offeredLanguages.map((tag) => html`<option value=${tag}>${formats.language(tag)}</option>`)}
    </datalist>
  </fieldset>`;
}

function beginningView({ texts, session, state }: SidebarContext, draft: Draft): TemplateResult {
  const { models } = state.choices;
  const isNew = draft.base === null;
  const first =
    models.find(({ from, to }) => from === draft.from.trim() && to === draft.to.trim()) ?? models[0];
  return html`<fieldset>
    <legend>${texts.beginWith}</legend>
    <label class="choice">
      <input type="radio" name="base" .checked=${isNew} @change=${() => session.chooseBase(null)} />
      <span>${texts.fromNothing}</span>
    </label>
    <label class="choice" title=${texts.fromModelHint}>
      <input
        type="radio"
        name="base"
        .checked=${!isNew}
        ?disabled=${first === undefined}
        @change=${() => session.chooseBase(first?.key ?? null)}
      />
      <span>${texts.fromModel}</span>
    </label>
    ${first === undefined ? html`<p class="quiet indented">${texts.noModels}</p>` : nothing}
    ${
      isNew
        ? nothing
        : html`<select
              class="indented"
              aria-label=${texts.fromModel}
              @change=${({ target }: Event) => session.chooseBase((target as HTMLSelectElement).value)}
            >
              ${models.map(
                ({ key, name, from, to }) =>
                  html`<option value=${key} .selected=${key === draft.base}>
                    ${fill(texts.modelOption, name, from, to)}
                  </option>`,
              )}
            </select>
            <p class="quiet indented">${texts.fromModelHint}</p>`
    }
  </fieldset>`;
}

function sizesView({ texts, session, state }: SidebarContext, draft: Draft): TemplateResult {
  const choice = ({ name, size, purpose, makeup }: Preset): TemplateResult =>
    html`<label class="choice" title=${makeup}>
      <input
        type="radio"
        name="preset"
        .checked=${draft.preset === name}
        @change=${() => session.choosePreset(name)}
      />
      <span><b>${name}</b> <small>${size}</small><small class="purpose">${purpose}</small></span>
    </label>`;
  return html`<fieldset>
    <legend>${texts.sizeLegend}</legend>
    ${(state.presets ?? []).map(choice)}
  </fieldset>`;
}

function endView(
  { texts, session }: SidebarContext,
  draft: Draft,
  faults: ReadonlySet<Field>,
): TemplateResult {
  const choice = (kind: BudgetKind, label: string, unit: string, field: string): TemplateResult => {
    const chosen = draft.budgetKind === kind;
    return html`<div class="choice">
      <input
        type="radio"
        id="ends-${kind}"
        name="ends"
        .checked=${chosen}
        @change=${() => session.change({ budgetKind: kind })}
      />
      <label for="ends-${kind}">${label}</label>
      <input
        class="number"
        inputmode="decimal"
        .value=${draft.budgets[kind]}
        ?disabled=${!chosen}
        aria-label=${field}
        aria-invalid=${faults.has(kind)}
        @input=${({ target }: InputEvent) =>
          session.change({ budgets: { ...draft.budgets, [kind]: (target as HTMLInputElement).value } })}
      />
      <label for="ends-${kind}">${unit}</label>
    </div>`;
  };
  return html`<fieldset>
    <legend>${texts.ends}</legend>
    ${choice('minutes', texts.endsMinutes, texts.minutesUnit, texts.minutesLabel)}
    ${choice('steps', texts.endsSteps, '', texts.stepsLabel)}
    ${choice('patience', texts.endsPatience, texts.patienceUnit, texts.patienceLabel)}
  </fieldset>`;
}

function nameView({ texts, session }: SidebarContext, draft: Draft): TemplateResult {
  return html`<label class="wide">
    <span>${texts.name}</span>
    <input
      name="name"
      maxlength="200"
      .value=${draft.name}
      placeholder=${texts.namePlaceholder}
      autocomplete="off"
      @input=${({ target }: InputEvent) => session.change({ name: (target as HTMLInputElement).value })}
    />
  </label>`;
}

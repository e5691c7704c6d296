/** A new run: what it learns from, what it is, when it ends, and what that will take. */
import { html, nothing, type TemplateResult } from 'lit';
import { fill } from '../../components/pageStart';
import type { Preset } from '../messages';
import type { Formats } from '../numbers/format';
import { detailsView } from './detailsView';
import { readForm, type BudgetKind, type Draft, type Field } from './draft';
import { estimateView } from './estimateView';
import { button, iconButton, notice } from './parts';
import type { SidebarContext } from './session';

export function formPage(context: SidebarContext, draft: Draft, formats: Formats): TemplateResult {
  const { texts, session, state } = context;
  const read = readForm(draft);
  const faults: ReadonlySet<Field> = 'faults' in read ? read.faults : new Set();
  const ready = 'form' in read && state.choices.corpora.length > 0 && state.busy === 'no';
  // No form element: a webview has no right to submit one.
  return html`<div class="new-run" role="form" aria-labelledby="form-title">
    <h2 id="form-title">${texts.formTitle}</h2>
    <p class="quiet">${texts.formHint}</p>
    ${corporaView(context)} ${languagesView(context, draft, faults)} ${beginningView(context, draft)}
    ${draft.base === null ? sizesView(context, draft, formats) : nothing} ${endView(context, draft, faults)}
    ${detailsView(context, draft, faults, formats)} ${nameView(context, draft)}
    ${estimateView(context, 'form' in read)}
    <button
      type="button"
      class="start"
      title=${texts.startHint}
      ?disabled=${!ready}
      @click=${() => void session.start()}
    >
      ${state.busy === 'starting' ? texts.starting : texts.startTraining}
    </button>
  </div>`;
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

function languagesView(
  { texts, session }: SidebarContext,
  draft: Draft,
  faults: ReadonlySet<Field>,
): TemplateResult {
  const field = (name: 'from' | 'to', label: string, hint: string): TemplateResult =>
    html`<label class="short">
      <span>${label}</span>
      <input
        name=${name}
        .value=${draft[name]}
        title=${hint}
        placeholder=${hint}
        maxlength="35"
        spellcheck="false"
        autocomplete="off"
        aria-invalid=${draft[name] !== '' && faults.has(name)}
        @input=${({ target }: InputEvent) =>
          session.change({ [name]: (target as HTMLInputElement).value, languagesTouched: true })}
      />
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
      <input type="radio" name="base" .checked=${isNew} @change=${() => session.change({ base: null })} />
      <span>${texts.fromNothing}</span>
    </label>
    <label class="choice" title=${texts.fromModelHint}>
      <input
        type="radio"
        name="base"
        .checked=${!isNew}
        ?disabled=${first === undefined}
        @change=${() => {
          if (first !== undefined)
            session.change({ base: first.key, from: first.from, to: first.to, languagesTouched: true });
        }}
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
              @change=${({ target }: Event) => {
                const chosen = models.find(({ key }) => key === (target as HTMLSelectElement).value);
                if (chosen !== undefined)
                  session.change({
                    base: chosen.key,
                    from: chosen.from,
                    to: chosen.to,
                    languagesTouched: true,
                  });
              }}
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

function sizesView({ texts, session, state }: SidebarContext, draft: Draft, _: Formats): TemplateResult {
  const choice = ({ name, description }: Preset): TemplateResult =>
    html`<label class="choice">
      <input
        type="radio"
        name="preset"
        .checked=${draft.preset === name}
        @change=${() => session.choosePreset(name)}
      />
      <span><b>${name}</b> <small>${description}</small></span>
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
  const choice = (kind: BudgetKind, label: string, unit: string): TemplateResult => {
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
        aria-label=${unit}
        aria-invalid=${faults.has(kind)}
        @input=${({ target }: InputEvent) =>
          session.change({ budgets: { ...draft.budgets, [kind]: (target as HTMLInputElement).value } })}
      />
      <span aria-hidden="true">${unit}</span>
    </div>`;
  };
  return html`<fieldset>
    <legend>${texts.ends}</legend>
    ${choice('minutes', texts.endsMinutes, texts.minutesLabel)}
    ${choice('steps', texts.endsSteps, texts.stepsLabel)}
    ${choice('patience', texts.endsPatience, texts.patienceLabel)}
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

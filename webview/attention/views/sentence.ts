/** The head of the page: the text, its translation, which models look at it, and which sentence is shown. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { fill } from '../../components/pageStart';
import { percent, type PageContext } from '../context';
import { mostCharacters, mostTargetCharacters, type Model, type Observation } from '../messages';
import type { Slot } from '../session';

export function sentenceView(context: PageContext): TemplateResult {
  const { texts, state, session } = context;
  const { view, slots } = state;
  const first = slots[0];
  const observation = first?.observation ?? null;
  const translation = view.target ?? observation?.translation ?? '';
  return html`
    <section class="sentence" aria-label=${texts.title}>
      <div class="field">
        <label for="text">${texts.textLabel}</label>
        <textarea
          id="text"
          rows="2"
          maxlength=${mostCharacters}
          spellcheck="false"
          dir="auto"
          lang=${languageOfText(observation)}
          placeholder=${texts.textPlaceholder}
          .value=${live(view.text)}
          @input=${(event: Event) => session.type((event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </div>
      <div class="field">
        <div class="label-row">
          <label for="translation"
            >${view.target === null ? texts.translationLabel : texts.forcedLabel}</label
          >
          ${
            view.target === null
              ? nothing
              : html`<button class="link" @click=${takeOwn}>${texts.ownTranslation}</button>`
          }
          <span class="quiet" aria-live="polite"
            >${
              first?.busy === true
                ? texts.busy
                : observation === null
                  ? nothing
                  : summary(context, observation)
            }</span
          >
        </div>
        <textarea
          id="translation"
          rows="2"
          maxlength=${mostTargetCharacters}
          spellcheck="false"
          dir="auto"
          lang=${observation?.to ?? nothing}
          class=${view.target === null ? '' : 'forced'}
          .value=${live(translation)}
          ?disabled=${view.text.trim() === ''}
          @input=${(event: Event) => session.force((event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </div>
    </section>
    <section class="choices">
      <div class="models">${modelChoice(context, 0)} ${modelChoice(context, 1)}</div>
      ${segmentChoice(context, first)}
    </section>
  `;

  function takeOwn(): void {
    session.force(null, 'now');
    context.focusOn('#translation');
  }
}

/** Unknown before a model has answered. */
function languageOfText(observation: Observation | null): string | typeof nothing {
  if (observation === null) return nothing;
  return observation.alreadyInTarget ? observation.to : observation.from;
}

function modelChoice({ texts, state, session }: PageContext, place: 0 | 1): TemplateResult {
  const { models: chosen } = state.view;
  const value = chosen[place] ?? '-';
  const choose = (event: Event): void => {
    const folder = (event.target as HTMLSelectElement).value;
    const [first, second] = [place === 0 ? folder : chosen[0]!, place === 1 ? folder : chosen[1]];
    session.useModels(second === undefined || second === '-' ? [first] : [first, second]);
  };
  return html`
    <label class="choice">
      ${place === 0 ? texts.modelLabel : texts.secondModelLabel}
      <select @change=${choose} .value=${live(value)}>
        ${
          place === 0
            ? html`<option value="" ?selected=${value === ''}>${texts.automaticModel}</option>`
            : html`<option value="-" ?selected=${value === '-'}>${texts.noSecondModel}</option>`
        }
        ${state.models.map((model) => modelOption(texts.pairShown, model, value))}
      </select>
    </label>
  `;
}

function modelOption(pairShown: string, { folder, name, pair }: Model, chosen: string): TemplateResult {
  return html`<option value=${folder} title=${folder} ?selected=${folder === chosen}>
    ${fill(pairShown, pair, name)}
  </option>`;
}

/** Only where there is more than one sentence to choose from. */
function segmentChoice(
  { texts, state, session }: PageContext,
  slot: Slot | undefined,
): TemplateResult | typeof nothing {
  const segments = slot?.observation?.segments ?? [];
  if (segments.length < 2) return nothing;
  const snippet = ({ start, end }: { start: number; end: number }): string => {
    const sentence = slot!.text.slice(start, end).trim();
    return sentence.length > 60 ? `${sentence.slice(0, 59)}…` : sentence;
  };
  return html`
    <label class="choice grows">
      ${texts.sentenceLabel}
      <select
        .value=${live(String(state.view.segment))}
        @change=${(event: Event) =>
          session.choose({ segment: Number((event.target as HTMLSelectElement).value), pinned: null })}
      >
        ${segments.map(
          ({ source }, index) =>
            html`<option value=${index} ?selected=${index === state.view.segment}>
              ${fill(texts.sentenceOption, index + 1, snippet(source))}
            </option>`,
        )}
      </select>
    </label>
  `;
}

/** Which model translated, and how good it thinks the sentence is. */
function summary({ texts, state }: PageContext, observation: Observation): string {
  if (observation.alreadyInTarget) return '';
  const confidence = observation.segments[state.view.segment]?.confidence;
  const by = fill(texts.pairShown, observation.pair, observation.model.name);
  return confidence === undefined ? by : `${by} · ${fill(texts.confidenceShown, percent(confidence))}`;
}

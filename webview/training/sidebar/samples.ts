/** What the model made of a few held-out sentences, after each validation: one can leaf back and see it learn. */
import { html, nothing, type TemplateResult } from 'lit';
import { fill } from '../../components/pageStart';
import type { RunSummary } from '../messages';
import type { Formats } from '../numbers/format';
import type { RunCurves } from '../numbers/histories';
import type { SidebarContext } from './session';

export function samplesView(
  { texts, session }: SidebarContext,
  { from, to }: RunSummary,
  curves: RunCurves | undefined,
  at: number | null,
  formats: Formats,
): TemplateResult {
  // Validations that translated nothing have nothing to leaf to.
  const shown = (curves?.samples ?? []).flatMap((samples, index) => (samples.length > 0 ? [index] : []));
  const place = at === null ? shown.length - 1 : Math.min(at, shown.length - 1);
  const index = shown[place];
  if (curves === undefined || index === undefined) {
    return html`<section class="samples">
      <h3>${texts.samplesTitle}</h3>
      <p class="quiet">${texts.samplesNone}</p>
    </section>`;
  }
  const step = curves.validations.columns.step[index]!;
  const bleu = curves.validations.columns.bleu[index]!;
  const said = fill(texts.samplesStep, formats.count(step));
  return html`<section class="samples">
    <h3>${texts.samplesTitle}</h3>
    ${
      shown.length < 2
        ? nothing
        : html`<input
            type="range"
            min="0"
            max=${shown.length - 1}
            .value=${String(place)}
            aria-label=${texts.samplesHint}
            title=${texts.samplesHint}
            aria-valuetext=${said}
            @input=${({ target }: InputEvent) => {
              const chosen = Number((target as HTMLInputElement).value);
              session.showSamples(chosen === shown.length - 1 ? null : chosen);
            }}
          />`
    }
    <p class="quiet">
      ${said}${Number.isFinite(bleu) ? html` · ${texts.bleu} ${formats.score(bleu)}` : nothing}
      ${at === null ? html` · ${texts.samplesNewest}` : nothing}
    </p>
    <ol>
      ${curves.samples[index]!.map(
        ({ source, reference, translation }) =>
          html`<li>
            ${sentence('source', texts.source, from, source)}
            ${sentence('translation', texts.translation, to, translation === '' ? '…' : translation)}
            ${sentence('reference', texts.reference, to, reference)}
          </li>`,
      )}
    </ol>
    <p class="quiet key">
      <span class="source">${texts.source}</span>
      <span class="translation">${texts.translation}</span>
      <span class="reference">${texts.reference}</span>
    </p>
  </section>`;
}

/** A sentence in its own language and direction, of which the words that say what it is are no part. */
function sentence(kind: string, label: string, language: string, text: string): TemplateResult {
  return html`<p class=${kind} dir="auto" title=${label}>
    <bdi class="only-read">${label}: </bdi><span lang=${language}>${text}</span>
  </p>`;
}

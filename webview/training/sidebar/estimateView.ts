/** What the run would take, and what speaks against it. */
import { html, nothing, type TemplateResult } from 'lit';
import { bar, button, notice } from './parts';
import type { SidebarContext } from './session';

export function estimateView({ texts, session, state }: SidebarContext, complete: boolean): TemplateResult {
  const { estimate, choices } = state;
  const lacking = !complete || choices.corpora.length === 0;
  return html`<section
    class="estimate"
    aria-labelledby="estimate-title"
    aria-busy=${estimate.kind === 'busy'}
  >
    <h3 id="estimate-title">${texts.estimate}</h3>
    ${lacking ? html`<p class="quiet">${texts.estimateNeeds}</p>` : nothing}
    ${
      !lacking && estimate.kind === 'busy'
        ? html`${bar(texts.estimating, estimate.stage === '' ? null : estimate.share)}
            <p class="quiet">${estimate.stage === '' ? texts.estimating : estimate.stage}</p>`
        : nothing
    }
    ${
      !lacking && estimate.kind === 'failed'
        ? html`${notice('error', estimate.sentence)}
          ${button(texts.tryAgain, { press: () => session.estimate() })}`
        : nothing
    }
    ${
      !lacking && estimate.kind === 'done'
        ? html`<dl class="figures">
              ${estimate.estimate.facts.map(
                ({ label, value, hint }) =>
                  html`<div title=${hint === '' ? nothing : hint}>
                    <dt>${label}</dt>
                    <dd>${value}</dd>
                  </div>`,
              )}
            </dl>
            ${
              estimate.estimate.warnings.length === 0
                ? nothing
                : html`<ul class="warnings" aria-label=${texts.warnings}>
                    ${estimate.estimate.warnings.map((sentence) => html`<li>${notice('warning', sentence)}</li>`)}
                  </ul>`
            }`
        : nothing
    }
  </section>`;
}

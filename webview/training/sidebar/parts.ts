/** Small pieces that the form and the run's page are made of. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { icons, type IconName } from './icons';

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${svg`${icons[name]}`}</svg>`;
}

export interface ButtonOptions {
  readonly icon?: IconName;
  readonly kind?: 'primary' | 'secondary' | 'link';
  readonly hint?: string;
  /** The keyboard stays on it all the same: it is often what was just pressed. */
  readonly disabled?: boolean;
  readonly press: () => unknown;
}

export function button(
  label: string,
  { icon: name, kind = 'secondary', hint, disabled = false, press }: ButtonOptions,
) {
  return html`<button
    type="button"
    class=${kind}
    title=${hint ?? nothing}
    aria-disabled=${disabled ? 'true' : nothing}
    @click=${() => disabled || press()}
  >
    ${name === undefined ? nothing : icon(name)}<span>${label}</span>
  </button>`;
}

/** A button without words on it. */
export function iconButton(name: IconName, label: string, press: () => unknown): TemplateResult {
  return html`<button
    type="button"
    class="bare"
    title=${label}
    aria-label=${label}
    @click=${() => void press()}
  >
    ${icon(name)}
  </button>`;
}

/** How far something is, 0 … 1; null where nobody knows. */
export function bar(label: string, share: number | null): TemplateResult {
  return share === null
    ? html`<progress aria-label=${label}></progress>`
    : html`<progress aria-label=${label} max="1" .value=${share}></progress>`;
}

/** What stands in a box of its own because it must be seen. `alert`: screen readers say it at once. */
export function notice(kind: 'warning' | 'error' | 'info', content: unknown): TemplateResult {
  return html`<div class="notice ${kind}" role=${kind === 'error' ? 'alert' : 'note'}>
    ${kind === 'info' ? nothing : icon('warning')}
    <div>${content}</div>
  </div>`;
}

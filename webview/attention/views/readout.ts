/** Tells of what is pointed at in a picture, to the eye and to screen readers. */
import { html, type TemplateResult } from 'lit';
import type { PageContext } from '../context';

/** @param at which of the slots the picture is in @param hint how to have something told, while nothing is */
export function readout({ told }: PageContext, at: number, hint: string): TemplateResult {
  return html`<p class="readout" aria-live="polite">${told.get(at) || hint}</p>`;
}

/** Buttons that save what is shown, or copy it. */
import { html, nothing, type TemplateResult } from 'lit';
import { fill } from '../../components/pageStart';
import { RequestFailure } from '../../components/messageBus';
import type { PageContext } from '../context';
import { drawingOf, jsonOf, pngOf, svgOf } from '../picture';
import type { Slot } from '../session';
import { caption } from './caption';

export function takeAlongView(context: PageContext, slot: Slot): TemplateResult {
  const { texts, state } = context;
  const drawn = state.view.view !== 'table';
  const button = (label: string, act: () => Promise<void>): TemplateResult =>
    html`<button class="secondary" @click=${() => void act()}>${label}</button>`;
  return html`
    <div class="take-along" role="group" aria-label=${texts.exportLabel}>
      ${
        drawn
          ? html`${button(texts.copyImage, () => copy(context, slot))}
            ${button(texts.savePng, () => save(context, slot, 'png'))}
            ${button(texts.saveSvg, () => save(context, slot, 'svg'))}`
          : nothing
      }
      ${button(texts.saveJson, () => save(context, slot, 'json'))}
      <span class="quiet" aria-live="polite">${context.notice}</span>
    </div>
  `;
}

/** A file's name from the view, such as attention-cross-heads. */
const nameOf = ({ state }: PageContext): string => `attention-${state.view.kind}-${state.view.view}`;

async function save(context: PageContext, slot: Slot, format: 'svg' | 'png' | 'json'): Promise<void> {
  const { texts, session } = context;
  context.say('');
  try {
    const content = await contentOf(context, slot, format);
    if (content === undefined) return;
    const { saved } = await session.save({ format, name: nameOf(context), content });
    context.say(saved ? texts.saved : '');
  } catch (error) {
    if (error instanceof RequestFailure && error.code === 'cancelled') return;
    context.say(fill(texts.notSaved, (error as Error).message));
  }
}

async function contentOf(
  context: PageContext,
  slot: Slot,
  format: 'svg' | 'png' | 'json',
): Promise<string | Uint8Array<ArrayBuffer> | undefined> {
  if (format === 'json') return jsonOf(context, slot);
  const drawing = drawingOf(context, slot);
  if (drawing === undefined) return undefined;
  if (format === 'svg') return svgOf(drawing, context, caption(context, slot));
  return new Uint8Array(await (await pngOf(drawing, context)).arrayBuffer());
}

async function copy(context: PageContext, slot: Slot): Promise<void> {
  const { texts } = context;
  const drawing = drawingOf(context, slot);
  if (drawing === undefined) return;
  context.say('');
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(drawing, context) })]);
    context.say(texts.copied);
  } catch (error) {
    context.say(fill(texts.notCopied, (error as Error).message));
  }
}

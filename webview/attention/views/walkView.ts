/**
 * A walk through the paper on the person's own sentence: each page says what happens, and shows the numbers with which
 * it happens in their model.
 */
import { html, nothing, type TemplateResult } from 'lit';
import '../elements/vectorStrip';
import { fill } from '../../components/pageStart';
import type { PageContext } from '../context';
import { percent } from '../context';
import type { Segment, Walk, WalkedAttention } from '../messages';
import { neededWalk, walkKey, type WalkPart } from '../neededWeights';
import { axesOf, beginsWord, labelOf, type Place } from '../pieces';
import type { Slot } from '../session';

/** The paper's sections, in the order of the walk. */
export const walkSteps = [
  ...(['pieces', 'embedding', 'position', 'attention'] as const),
  ...(['feedForward', 'masked', 'cross', 'softmax'] as const),
] as const;
type WalkStep = (typeof walkSteps)[number];

/** Keys of an attention that are listed. */
const mostKeys = 10;

interface Walked {
  readonly context: PageContext;
  readonly walk: Walk;
  readonly part: WalkPart;
  readonly segment: Segment;
}

export function walkView(context: PageContext, slot: Slot, segment: Segment): TemplateResult {
  const { texts, state, session } = context;
  const part = neededWalk(state.view, slot.observation!)!;
  const walk = slot.walks.get(walkKey(part));
  const now = Math.min(state.view.walk.step, walkSteps.length - 1);
  // A button that leads nowhere keeps the focus.
  const go = (step: number): void => {
    if (walkSteps[step] !== undefined) session.choose({ walk: { ...state.view.walk, step } });
  };
  const titles = titlesOf(context);
  return html`
    <div class="walk">
      <ol class="steps" aria-label=${texts.viewWalk}>
        ${walkSteps.map(
          (step, index) => html`
            <li>
              <button class="step" aria-current=${index === now ? 'step' : 'false'} @click=${() => go(index)}>
                ${titles[step]}
              </button>
            </li>
          `,
        )}
      </ol>
      <article aria-live="polite">
        <h2>${titles[walkSteps[now]!]}</h2>
        ${walk === undefined ? html`<p class="quiet">${texts.busy}</p>` : stepView(walkSteps[now]!, { context, walk, part, segment })}
        <div class="walk-on">
          <button class="secondary" aria-disabled=${now === 0} @click=${() => go(now - 1)}>
            ${texts.walkBack}
          </button>
          <button aria-disabled=${now === walkSteps.length - 1} @click=${() => go(now + 1)}>
            ${texts.walkOn}
          </button>
        </div>
      </article>
    </div>
  `;
}

function titlesOf({ texts }: PageContext): Record<WalkStep, string> {
  return {
    pieces: texts.walkPiecesTitle,
    embedding: texts.walkEmbeddingTitle,
    position: texts.walkPositionTitle,
    attention: texts.walkAttentionTitle,
    feedForward: texts.walkFeedForwardTitle,
    masked: texts.walkMaskedTitle,
    cross: texts.walkCrossTitle,
    softmax: texts.walkSoftmaxTitle,
  };
}

function stepView(step: WalkStep, walked: Walked): TemplateResult {
  const views: Record<WalkStep, (walked: Walked) => TemplateResult> = {
    pieces: piecesStep,
    embedding: embeddingStep,
    position: positionStep,
    attention: (of) => attentionStep(of, 'encoder'),
    feedForward: feedForwardStep,
    masked: (of) => attentionStep(of, 'decoder'),
    cross: (of) => attentionStep(of, 'cross'),
    softmax: softmaxStep,
  };
  return views[step](walked);
}

const paragraph = (text: string): TemplateResult => html`<p class="prose">${text}</p>`;

/** A vector with its name, its length and its first numbers. */
function vector({ context }: Walked, name: string, values: Float32Array, most?: number): TemplateResult {
  const { texts, look } = context;
  const first = Array.from(values.subarray(0, 5), (value) => value.toFixed(2)).join(', ');
  return html`
    <figure class="vector">
      <figcaption>${name} <span class="quiet">${fill(texts.walkNumbers, values.length)}</span></figcaption>
      <attention-vector
        .picture=${{ values, scale: look.signed, ...(most !== undefined && { most }) }}
      ></attention-vector>
      <p class="first-numbers quiet">${first}, …</p>
    </figure>
  `;
}

function names({ context, part, segment }: Walked): { source: Place; target: Place } {
  const { queries, keys } = axesOf(segment, 'cross', context.texts);
  return { source: keys[part.source]!, target: queries[part.target]! };
}

function piecesStep(walked: Walked): TemplateResult {
  const { texts } = walked.context;
  const { model, sourceId, targetId } = walked.walk;
  const { source, target } = names(walked);
  return html`
    ${paragraph(fill(texts.walkPiecesText, model.vocabularySize.toLocaleString()))}
    <dl class="facts">
      <dt>${source.label}</dt>
      <dd>${fill(texts.walkPieceId, sourceId)}</dd>
      <dt>${target.label}</dt>
      <dd>${fill(texts.walkPieceId, targetId)}</dd>
    </dl>
    ${paragraph(texts.walkPiecesChoose)}
  `;
}

function embeddingStep(walked: Walked): TemplateResult {
  const { texts } = walked.context;
  const { model, embedding, sourceId } = walked.walk;
  return html`
    ${paragraph(fill(texts.walkEmbeddingText, sourceId, model.dModel))}
    ${vector(walked, fill(texts.walkRowOf, names(walked).source.label), embedding.row)}
    ${
      model.embeddingScale === 1
        ? nothing
        : paragraph(fill(texts.walkEmbeddingScale, model.dModel, model.embeddingScale.toFixed(2)))
    }
  `;
}

function positionStep(walked: Walked): TemplateResult {
  const { texts } = walked.context;
  const { model, embedding } = walked.walk;
  const most = embedding.sum.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
  return html`
    ${paragraph(fill(model.positions === 'learned' ? texts.walkPositionLearned : texts.walkPositionText, walked.part.source + 1))}
    ${vector(walked, fill(texts.walkPositionOf, walked.part.source + 1), embedding.position, most)}
    ${vector(walked, texts.walkSum, embedding.sum, most)}
  `;
}

const attentionSays = {
  encoder: ({ walkAttentionText }) => walkAttentionText,
  decoder: ({ walkMaskedText }) => walkMaskedText,
  cross: ({ walkCrossText }) => walkCrossText,
} satisfies Record<string, (texts: PageContext['texts']) => string>;

function attentionStep(walked: Walked, kind: 'encoder' | 'decoder' | 'cross'): TemplateResult {
  const { context, walk, part, segment } = walked;
  const { texts } = context;
  const { source, target } = names(walked);
  const query = kind === 'encoder' ? source : target;
  const layer = kind === 'encoder' ? part.encoderLayer : part.decoderLayer;
  return html`
    ${paragraph(fill(attentionSays[kind](texts), query.label, walk.model.dKey))} ${headChoices(walked, kind)}
    ${vector(walked, fill(texts.walkQueryOf, query.label, layer + 1, part.head + 1), walk[kind].query)}
    ${scoresTable(walked, walk[kind], axesOf(segment, kind, texts).keys)}
    ${vector(walked, texts.walkContext, walk[kind].context)}
    ${paragraph(fill(texts.walkHeads, walk.model.heads))}
  `;
}

function headChoices({ context, walk, part }: Walked, kind: 'encoder' | 'decoder' | 'cross'): TemplateResult {
  const { texts, state, session } = context;
  const layers = kind === 'encoder' ? walk.model.encoderLayers : walk.model.decoderLayers;
  const layer = kind === 'encoder' ? part.encoderLayer : part.decoderLayer;
  const select = (
    label: string,
    count: number,
    chosen: number,
    name: 'layer' | 'head',
    text: string,
  ): TemplateResult => html`
    <label class="choice">
      <span class="only-read">${label}</span>
      <select
        @change=${(event: Event) =>
          session.choose({
            walk: { ...state.view.walk, [name]: Number((event.target as HTMLSelectElement).value) },
          })}
      >
        ${Array.from(
          { length: count },
          (_, index) =>
            html`<option value=${index} ?selected=${index === chosen}>${fill(text, index + 1)}</option>`,
        )}
      </select>
    </label>
  `;
  return html`<p class="head-choices">
    ${select(texts.layerLabel, layers, layer, 'layer', texts.layerOption)}
    ${select(texts.headsLabel, walk.model.heads, part.head, 'head', texts.headOption)}
  </p>`;
}

/** Score and weight of each key, the strongest first. */
function scoresTable(
  { context }: Walked,
  { scores, weights }: WalkedAttention,
  keys: readonly Place[],
): TemplateResult {
  const { texts } = context;
  const order = Array.from(weights.keys()).sort((one, other) => weights[other]! - weights[one]!);
  const listed = order.slice(0, mostKeys);
  const rest = order.slice(mostKeys).reduce((sum, key) => sum + weights[key]!, 0);
  return html`
    <table class="heads">
      <thead>
        <tr>
          <th scope="col">${texts.walkKey}</th>
          <th scope="col">${texts.walkScore}</th>
          <th scope="col">${texts.walkWeight}</th>
        </tr>
      </thead>
      <tbody>
        ${listed.map(
          (key) => html`
            <tr>
              <th scope="row">${keys[key]?.label ?? ''}</th>
              <td class="plain">${scores[key]!.toFixed(2)}</td>
              <td .style=${`--share: ${weights[key]!}`}>${percent(weights[key]!)} %</td>
            </tr>
          `,
        )}
        ${
          order.length > mostKeys
            ? html`<tr>
                <th scope="row" class="quiet">${fill(texts.walkOthers, order.length - mostKeys)}</th>
                <td class="plain"></td>
                <td .style=${`--share: ${rest}`}>${percent(rest)} %</td>
              </tr>`
            : nothing
        }
      </tbody>
    </table>
  `;
}

function feedForwardStep(walked: Walked): TemplateResult {
  const { texts } = walked.context;
  const { model, activations, states } = walked.walk;
  const active = activations.encoder.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  return html`
    ${paragraph(fill(texts.walkFeedForwardText, model.dModel, model.dFf))}
    ${vector(walked, fill(texts.walkActivations, walked.part.encoderLayer + 1), activations.encoder)}
    ${paragraph(fill(texts.walkActive, active, model.dFf, percent(active / model.dFf)))}
    ${vector(walked, fill(texts.walkState, walked.part.encoderLayer + 1, model.encoderLayers), states.encoder)}
    ${paragraph(model.normalisation === 'pre' ? texts.walkNormPre : texts.walkNormPost)}
  `;
}

function softmaxStep(walked: Walked): TemplateResult {
  const { texts } = walked.context;
  const { model, logits } = walked.walk;
  const { target } = names(walked);
  const said = walked.segment.targetTokens[walked.part.target]!;
  return html`
    ${paragraph(fill(texts.walkSoftmaxText, model.vocabularySize.toLocaleString(), walked.part.target + 1))}
    ${vector(walked, fill(texts.walkState, model.decoderLayers, model.decoderLayers), walked.walk.states.decoder)}
    <table class="heads">
      <thead>
        <tr>
          <th scope="col">${texts.walkPiece}</th>
          <th scope="col">${texts.walkLogit}</th>
          <th scope="col">${texts.walkProbability}</th>
        </tr>
      </thead>
      <tbody>
        ${logits.map(
          ({ text, logit, probability }) => html`
            <tr class=${text === said.text ? 'said' : ''}>
              <th scope="row">${labelOf(text, beginsWord(text, walked.part.target))}</th>
              <td class="plain">${logit.toFixed(2)}</td>
              <td .style=${`--share: ${probability}`}>${percent(probability)} %</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
    ${paragraph(fill(texts.walkSaid, target.label, percent(said.probability)))}
  `;
}

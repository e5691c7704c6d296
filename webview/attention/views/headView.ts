/** Lines from who looks to what is looked at. */
import { html, type TemplateResult } from 'lit';
import '../elements/headLinesElement';
import { fill } from '../../components/pageStart';
import { followedToken, percent, type PageContext } from '../context';
import { followedOn, marksRoom, sizeOf, spans, type Followed, type HeadLinesPicture } from '../headLines';
import { labelRoom, type RoomLimits } from '../labelRoom';
import type { Segment, Weights } from '../messages';
import { axesOf, sameToken } from '../pieces';
import { shownHeads, shownMatrix, strongest } from '../weights';
import { readout } from './readout';

const room: RoomLimits = { letter: 0.64, bold: true, least: 40, most: 200 };
/** Of a piece so many weights are told: more would be longer to listen to than to look at. */
const mostTold = 3;

export function headLinesPicture(context: PageContext, segment: Segment, weights: Weights): HeadLinesPicture {
  const { texts, state, look, pointed } = context;
  const { kind, heads, orientation, pinned } = state.view;
  const axes = axesOf(segment, kind, texts);
  const shown = shownHeads(heads, weights.heads);
  const token = followedToken(context);
  const as = pointed === null ? (pinned?.as ?? null) : null;
  return {
    axes,
    weights,
    heads: shown.map((head) => ({ head, colour: look.headColour(head) })),
    orientation,
    followed: token === null ? null : followedOn(axes, token, as),
    colours: look.theme,
    labelRoom: labelRoom([...axes.queries, ...axes.keys], look.labels, room) + marksRoom(shown.length),
    span: spans.most,
  };
}

/** @param at which of the slots it is in */
export function headView(
  context: PageContext,
  segment: Segment,
  weights: Weights,
  at: number,
): TemplateResult {
  const { texts, session, look, state } = context;
  const picture = headLinesPicture(context, segment, weights);
  const widths = `max-width: ${sizeOf(picture).width}px; min-width: ${sizeOf({ ...picture, span: spans.least }).width}px`;
  const follow = (followed: Followed | null): void => {
    context.tell(at, followed === null ? '' : lookInWords(context, picture, followed));
    context.point(followed?.token ?? null);
  };
  return html`
    <div class="frame ${picture.orientation}">
      ${
        picture.orientation === 'upright'
          ? html`<div class="sides" .style=${widths}>
              <span class="quiet"
                >${state.view.kind === 'encoder' ? texts.queriesSource : texts.queriesTarget}</span
              >
              <span class="quiet"
                >${state.view.kind === 'decoder' ? texts.keysTarget : texts.keysSource}</span
              >
            </div>`
          : ''
      }
      <attention-lines
        tabindex="0"
        role="application"
        aria-label=${texts.linesLabel}
        .input=${{ picture, theme: look.theme }}
        @follow=${({ detail }: CustomEvent<Followed | null>) => follow(detail)}
        @keep=${({ detail }: CustomEvent<Followed | null>) =>
          session.choose({ pinned: detail === null ? null : { ...detail.token, as: detail.side } })}
      ></attention-lines>
    </div>
    ${readout(context, at, texts.lookHint)}
  `;
}

/** What a piece looks at most, or what looks at it most, as the mean of the heads that are shown. */
function lookInWords(
  { texts, state }: PageContext,
  { axes, weights, heads }: HeadLinesPicture,
  { token, side }: Followed,
): string {
  const [own, others] = side === 'queries' ? [axes.queries, axes.keys] : [axes.keys, axes.queries];
  const index = own.findIndex((place) => sameToken(place.token, token));
  const matrix = shownMatrix(weights, state.view.heads);
  const partners = strongest(matrix, side, index, mostTold).map((partner) =>
    fill(texts.lookPartner, others[partner.index]!.spoken, percent(partner.weight)),
  );
  const text = side === 'queries' ? texts.looksAt : texts.lookedAtBy;
  const told = fill(text, own[index]!.spoken, partners.join(', '));
  return heads.length === 1 ? told : fill(texts.lookMean, told, heads.length);
}

/** One head, or a mean of heads, large, with its values. */
import { html, type TemplateResult } from 'lit';
import { fill } from '../../components/pageStart';
import '../elements/matrixElement';
import { followedToken, type PageContext } from '../context';
import { labelRoom, type RoomLimits } from '../labelRoom';
import type { Cell, MatrixPicture } from '../matrixDrawing';
import type { Segment, Weights } from '../messages';
import { axesOf } from '../pieces';
import { zooms } from '../viewState';
import { shownMatrix, weightAt } from '../weights';
import { readout } from './readout';

/** On the screen labels are a little smaller than in a file, where none is bold for long. */
const room: RoomLimits = { letter: 0.6, bold: false, least: 40, most: 160 };

export function matrixPicture(
  context: PageContext,
  segment: Segment,
  weights: Weights,
): Omit<MatrixPicture, 'current'> {
  const { texts, state, look } = context;
  const { kind, heads, zoom } = state.view;
  const axes = axesOf(segment, kind, texts);
  return {
    axes,
    matrix: shownMatrix(weights, heads),
    scale: look.scale,
    cell: zooms[zoom]!,
    colours: look.theme,
    rowRoom: labelRoom(axes.queries, look.labels, room),
    columnRoom: labelRoom(axes.keys, look.labels, room),
    followed: followedToken(context),
  };
}

/** @param at which of the slots it is in */
export function alignmentView(
  context: PageContext,
  segment: Segment,
  weights: Weights,
  at: number,
): TemplateResult {
  const { texts, session, look, state } = context;
  const picture = matrixPicture(context, segment, weights);
  const { zoom } = state.view;
  const tell = (cell: Cell | null): void => {
    context.tell(at, cell === null ? '' : valueOf(texts.cellValue, picture, cell));
    context.point(cell === null ? null : picture.axes.queries[cell.query]!.token);
  };
  return html`
    <attention-matrix
      tabindex="0"
      role="application"
      aria-label=${texts.matrixLabel}
      .input=${{ picture, theme: look.theme }}
      @point=${({ detail }: CustomEvent<Cell | null>) => tell(detail)}
      @keep=${({ detail }: CustomEvent<Cell | null>) =>
        session.choose({
          pinned: detail === null ? null : { ...picture.axes.queries[detail.query]!.token, as: 'queries' },
        })}
      @zoom=${({ detail }: CustomEvent<number>) =>
        session.choose({ zoom: Math.min(zooms.length - 1, Math.max(0, zoom + detail)) })}
    ></attention-matrix>
    ${readout(context, at, texts.cellValueHint)}
  `;
}

function valueOf(
  text: string,
  { axes, matrix }: Omit<MatrixPicture, 'current'>,
  { query, key }: Cell,
): string {
  return fill(
    text,
    axes.queries[query]!.spoken,
    axes.keys[key]!.spoken,
    (100 * weightAt(matrix, query, key)).toFixed(1),
  );
}

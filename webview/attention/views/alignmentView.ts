/** One head, or a mean of heads, large, with its values. */
import { html, type TemplateResult } from 'lit';
import { fill } from '../../components/pageStart';
import '../elements/matrixElement';
import { followedToken, type PageContext } from '../context';
import type { Cell, MatrixPicture } from '../matrixDrawing';
import type { Segment, Weights } from '../messages';
import { axesOf } from '../pieces';
import { zooms } from '../viewState';
import { meanOf, weightAt, type Matrix } from '../weights';

/** The same mean is not taken twice. */
const means = new WeakMap<Weights, Map<string, Matrix>>();

function shownMatrix(weights: Weights, heads: readonly number[]): Matrix {
  const known = means.get(weights) ?? new Map<string, Matrix>();
  means.set(weights, known);
  const key = heads.join();
  let matrix = known.get(key);
  if (matrix === undefined) known.set(key, (matrix = meanOf(weights, heads)));
  return matrix;
}

export function matrixPicture(
  context: PageContext,
  segment: Segment,
  weights: Weights,
): Omit<MatrixPicture, 'current'> {
  const { texts, state, look } = context;
  const { kind, heads, zoom } = state.view;
  const axes = axesOf(segment, kind, texts);
  const room = (labels: readonly { readonly label: string }[]): number =>
    Math.round(
      Math.min(
        160,
        Math.max(40, ...labels.map(({ label }) => label.length * look.theme.fontSize * 0.6 + 14)),
      ),
    );
  return {
    axes,
    matrix: shownMatrix(weights, heads),
    scale: look.scale,
    cell: zooms[zoom]!,
    colours: look.theme,
    rowRoom: room(axes.queries),
    columnRoom: room(axes.keys),
    followed: followedToken(context),
  };
}

export function alignmentView(
  context: PageContext,
  segment: Segment,
  weights: Weights,
  readout: Readout,
): TemplateResult {
  const { texts, session, look, state } = context;
  const picture = matrixPicture(context, segment, weights);
  const { zoom } = state.view;
  const tell = (cell: Cell | null): void => {
    readout.say(cell === null ? '' : valueOf(texts.cellValue, picture, cell));
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
    <p class="readout" aria-live="polite">${readout.text === '' ? texts.cellValueHint : readout.text}</p>
  `;
}

/** Where the value of the cell in question is said. */
export interface Readout {
  readonly text: string;
  say(text: string): void;
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

/**
 * One map large: a row for each query, a column for each key, with the tokens along the sides. What does not fit is
 * scrolled to, while the sides stay in view, so that only what is seen is drawn.
 */
import { contrast, type Rgb } from '../components/colour';
import { colourAt, steps } from '../components/colourScale';
import { stepOf } from './heatPixels';
import { sameToken, type Axes, type TokenRef } from './pieces';
import type { Surface } from './surface';
import { weightAt, type Matrix } from './weights';

export interface MatrixPicture {
  readonly axes: Axes;
  readonly matrix: Matrix;
  readonly scale: Uint8ClampedArray;
  /** The side of a cell, in CSS pixels. */
  readonly cell: number;
  readonly colours: {
    readonly foreground: Rgb;
    readonly muted: Rgb;
    readonly background: Rgb;
    readonly border: Rgb;
    readonly focus: Rgb;
  };
  /** Room for the tokens, left of the rows and above the columns. */
  readonly rowRoom: number;
  readonly columnRoom: number;
  readonly followed: TokenRef | null;
  /** The cell that is pointed at or that the keyboard is on. */
  readonly current: Cell | null;
}

export interface Cell {
  readonly query: number;
  readonly key: number;
}

/** What is seen of the drawing: its scroll position and size. */
export interface View {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Cells as large as this have their value written into them. */
const cellWithNumber = 30;
/** More cells than this are painted as pixels, all at once: each by itself would take longer than a frame. */
const mostSingleCells = 2000;
/** Below this size of cells only every n-th token is written. */
const leastLabelPitch = 13;

type Rooms = Pick<MatrixPicture, 'cell' | 'rowRoom' | 'columnRoom'>;

export function matrixSize({ axes, cell, rowRoom, columnRoom }: Rooms & Pick<MatrixPicture, 'axes'>): {
  width: number;
  height: number;
} {
  return {
    width: rowRoom + axes.keys.length * cell + 1,
    height: columnRoom + axes.queries.length * cell + 1,
  };
}

/** The cell at a point of the view. */
export function cellAt(
  x: number,
  y: number,
  view: View,
  picture: Rooms & Pick<MatrixPicture, 'axes'>,
): Cell | null {
  const { axes, cell, rowRoom, columnRoom } = picture;
  if (x < rowRoom || y < columnRoom) return null;
  const key = Math.floor((x - rowRoom + view.left) / cell);
  const query = Math.floor((y - columnRoom + view.top) / cell);
  return key < axes.keys.length && query < axes.queries.length ? { query, key } : null;
}

/** Where to scroll so that a cell is in view. */
export function scrollTo(
  { query, key }: Cell,
  view: View,
  { cell, rowRoom, columnRoom }: Rooms,
): { left: number; top: number } {
  const into = (at: number, from: number, room: number): number =>
    Math.max(at + cell - room, Math.min(from, at));
  return {
    left: into(key * cell, view.left, view.width - rowRoom),
    top: into(query * cell, view.top, view.height - columnRoom),
  };
}

export function drawMatrix(surface: Surface, picture: MatrixPicture, view: View): void {
  const { axes, cell, rowRoom, columnRoom, colours } = picture;
  const columns = range(view.left, view.width - rowRoom, cell, axes.keys.length);
  const rows = range(view.top, view.height - columnRoom, cell, axes.queries.length);
  const x = (key: number): number => rowRoom + key * cell - view.left;
  const y = (query: number): number => columnRoom + query * cell - view.top;
  const cells = Math.max(0, rows.to - rows.from) * Math.max(0, columns.to - columns.from);
  if (cells > mostSingleCells && cell < cellWithNumber) {
    const box = { x: x(columns.from), y: y(rows.from) };
    const size = { width: (columns.to - columns.from) * cell, height: (rows.to - rows.from) * cell };
    surface.heatMap(partOf(picture.matrix, rows, columns), picture.scale, { ...box, ...size });
  } else {
    for (let query = rows.from; query < rows.to; query++) {
      for (let key = columns.from; key < columns.to; key++) {
        drawCell(surface, picture, { query, key }, x(key), y(query));
      }
    }
  }
  if (rows.to > rows.from && columns.to > columns.from) {
    const [left, top] = [Math.max(x(columns.from), rowRoom), Math.max(y(rows.from), columnRoom)];
    surface.outline(left, top, x(columns.to) - left, y(rows.to) - top, colours.border, 1);
  }
  if (picture.current !== null) {
    surface.outline(x(picture.current.key), y(picture.current.query), cell, cell, colours.focus, 2);
  }
  // The sides lie over what has been scrolled beneath them.
  surface.rectangle(0, 0, rowRoom, view.height, colours.background);
  surface.rectangle(0, 0, view.width, columnRoom, colours.background);
  drawSides(surface, picture, { rows, columns }, x, y);
}

function partOf(matrix: Matrix, rows: Range, columns: Range): Matrix {
  const [queries, keys] = [rows.to - rows.from, columns.to - columns.from];
  const values = new Float32Array(queries * keys);
  for (let query = 0; query < queries; query++) {
    const from = (rows.from + query) * matrix.keys + columns.from;
    values.set(matrix.values.subarray(from, from + keys), query * keys);
  }
  return { queries, keys, values };
}

function drawCell(
  surface: Surface,
  { matrix, scale, cell }: MatrixPicture,
  at: Cell,
  x: number,
  y: number,
): void {
  const weight = weightAt(matrix, at.query, at.key);
  const fill = colourAt(scale, stepOf(weight) / (steps - 1));
  surface.rectangle(x, y, cell, cell, fill);
  if (cell < cellWithNumber || weight < 0.005) return;
  const written = weight >= 0.995 ? '1' : weight.toFixed(2).slice(1);
  const [black, white]: [Rgb, Rgb] = [
    [0, 0, 0],
    [255, 255, 255],
  ];
  const colour = contrast(fill, black) > contrast(fill, white) ? black : white;
  surface.text(written, x + cell / 2, y + cell / 2, { colour, align: 'center' });
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function drawSides(
  surface: Surface,
  { axes, cell, rowRoom, columnRoom, colours, followed, current }: MatrixPicture,
  { rows, columns }: { readonly rows: Range; readonly columns: Range },
  x: (key: number) => number,
  y: (query: number) => number,
): void {
  const every = Math.ceil(leastLabelPitch / cell);
  const style = (strong: boolean): { colour: Rgb; bold: boolean } => ({
    colour: strong ? colours.foreground : colours.muted,
    bold: strong,
  });
  for (let query = rows.from; query < rows.to; query++) {
    const { label, token } = axes.queries[query]!;
    const strong = current?.query === query || sameToken(followed, token);
    if ((query % every !== 0 && !strong) || y(query) + cell / 2 < columnRoom) continue;
    surface.text(label, rowRoom - 6, y(query) + cell / 2, { ...style(strong), align: 'right' });
  }
  for (let key = columns.from; key < columns.to; key++) {
    const { label, token } = axes.keys[key]!;
    const strong = current?.key === key || sameToken(followed, token);
    if ((key % every !== 0 && !strong) || x(key) + cell / 2 < rowRoom) continue;
    surface.text(label, x(key) + cell / 2, columnRoom - 6, { ...style(strong), align: 'left', turned: -90 });
  }
}

/**
 * The largest of some cell sizes at which all of a map can be seen at once; the smallest where none is small enough.
 *
 * @returns its place among them
 */
export function fittingCell(
  sizes: readonly number[],
  view: Pick<View, 'width' | 'height'>,
  picture: Omit<Rooms, 'cell'> & Pick<MatrixPicture, 'axes'>,
): number {
  const fits = (cell: number): boolean => {
    const { width, height } = matrixSize({ ...picture, cell });
    return width <= view.width && height <= view.height;
  };
  return Math.max(0, sizes.findLastIndex(fits));
}

/** The cells that lie within a stretch. */
function range(from: number, room: number, cell: number, cells: number): Range {
  return {
    from: Math.max(0, Math.floor(from / cell)),
    to: Math.min(cells, Math.ceil((from + Math.max(0, room)) / cell)),
  };
}

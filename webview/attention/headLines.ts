/**
 * The head view as a drawing: two rows or columns of tokens, and for each chosen head a line from who looks to what is
 * looked at, as thick and as strong as the weight. Lying down it is the form of the paper's Figures 3–5.
 */
import type { Rgb } from '../components/colour';
import { sameToken, type Axes, type Place, type TokenRef } from './pieces';
import type { Surface, Point } from './surface';
import { headOf, weightAt } from './weights';
import type { Weights } from './messages';

/** Upright: queries left, keys right. Lying: queries above, keys below. */
export type Orientation = 'upright' | 'lying';

export interface HeadLinesPicture {
  readonly axes: Axes;
  readonly weights: Weights;
  readonly heads: readonly { readonly head: number; readonly colour: Rgb }[];
  readonly orientation: Orientation;
  /** The one token whose lines are shown; the same token may stand on both sides. */
  readonly followed: Followed | null;
  readonly colours: { readonly foreground: Rgb; readonly muted: Rgb; readonly background: Rgb };
  /** Room for the tokens on either side, along the lines, in CSS pixels. */
  readonly labelRoom: number;
  /** Between the two sides, in CSS pixels. */
  readonly span: number;
}

export interface Followed {
  readonly token: TokenRef;
  readonly side: 'queries' | 'keys';
}

/**
 * How a token is followed: as it was kept, where that side has it; else it looks, if it can, or is looked at. A token that
 * neither side has is not followed, since all lines would be gone.
 */
export function followedOn(axes: Axes, token: TokenRef, as: Followed['side'] | null): Followed | null {
  const sides = as === null ? [] : [as];
  const side = [...sides, 'queries' as const, 'keys' as const].find((of) =>
    axes[of].some((place) => sameToken(place.token, token)),
  );
  return side === undefined ? null : { token, side };
}

/** From one token to the next, in CSS pixels. */
export const pitch = 20;
/** Between the two sides: where there is room, and where there is little. */
export const spans = { most: 320, least: 110 } as const;
/** Below this a line would not be seen. */
const leastWeight = 0.02;
/** Between a token and its lines. */
const gap = 6;
/** Squares beside a followed token's partners, one a head. */
const markSize = 9;

type Placed = Pick<HeadLinesPicture, 'axes' | 'orientation' | 'labelRoom' | 'span'>;

/** The size of the whole drawing. */
export function sizeOf({ axes, orientation, labelRoom, span }: Placed): {
  width: number;
  height: number;
} {
  const length = Math.max(axes.queries.length, axes.keys.length, 1) * pitch + pitch;
  const across = span + 2 * labelRoom;
  return orientation === 'upright' ? { width: across, height: length } : { width: length, height: across };
}

/** Where a token's lines begin. */
export function anchorOf(
  index: number,
  side: 'queries' | 'keys',
  { orientation, labelRoom, span }: Omit<Placed, 'axes'>,
): Point {
  const along = pitch * (index + 1);
  const across = side === 'queries' ? labelRoom : labelRoom + span;
  return orientation === 'upright' ? { x: across, y: along } : { x: along, y: across };
}

/** Which token is at a point: the nearest one of the side that it is on, if it is near enough. */
export function placeAt(
  point: Point,
  picture: Placed,
): { side: 'queries' | 'keys'; index: number } | undefined {
  const { axes, orientation, labelRoom, span } = picture;
  const [across, along] = orientation === 'upright' ? [point.x, point.y] : [point.y, point.x];
  const side = across < labelRoom + gap ? 'queries' : across > labelRoom + span - gap ? 'keys' : undefined;
  const index = Math.round(along / pitch) - 1;
  return side !== undefined && index >= 0 && index < axes[side].length ? { side, index } : undefined;
}

/** The picture as it fits a width, its sides nearer to each other or further apart. */
export function fitted<P extends Placed>(picture: P, width: number): P {
  if (picture.orientation === 'lying') return picture;
  const span = Math.max(spans.least, Math.min(spans.most, Math.floor(width) - 2 * picture.labelRoom));
  return { ...picture, span };
}

interface Line {
  readonly query: number;
  readonly key: number;
  readonly weight: number;
  readonly colour: Rgb;
}

/** The lines that can be seen, the weakest first, so that the strong ones lie on top. */
export function linesOf({ axes, weights, heads, followed }: HeadLinesPicture): Line[] {
  const isFollowed = (places: readonly Place[], index: number): boolean =>
    followed !== null && sameToken(places[index]!.token, followed.token);
  const lines: Line[] = [];
  for (const { head, colour } of heads) {
    const matrix = headOf(weights, head);
    for (let query = 0; query < Math.min(matrix.queries, axes.queries.length); query++) {
      const byQuery = followed?.side === 'queries' && isFollowed(axes.queries, query);
      for (let key = 0; key < Math.min(matrix.keys, axes.keys.length); key++) {
        const weight = weightAt(matrix, query, key);
        if (weight < leastWeight) continue;
        const byKey = followed?.side === 'keys' && isFollowed(axes.keys, key);
        if (followed === null || byQuery || byKey) lines.push({ query, key, weight, colour });
      }
    }
  }
  return lines.sort((one, other) => one.weight - other.weight);
}

export function drawHeadLines(surface: Surface, picture: HeadLinesPicture): void {
  const { axes, orientation, followed, heads } = picture;
  const along = orientation === 'upright' ? 'x' : 'y';
  const inset = (point: Point, by: number): Point =>
    along === 'x' ? { x: point.x + by, y: point.y } : { x: point.x, y: point.y + by };
  // Many heads at once: each line gives way to the others.
  const share = followed === null && heads.length > 1 ? 0.75 : 1;
  for (const { query, key, weight, colour } of linesOf(picture)) {
    const from = inset(anchorOf(query, 'queries', picture), gap);
    const to = inset(anchorOf(key, 'keys', picture), -gap);
    surface.curve(from, to, along, {
      colour,
      opacity: Math.min(1, weight ** 0.8) * share,
      width: 0.75 + 3.25 * weight,
    });
  }
  if (followed !== null) drawMarks(surface, picture, followed);
  for (const side of ['queries', 'keys'] as const) {
    for (const [index, place] of axes[side].entries()) drawToken(surface, picture, side, index, place);
  }
}

/** Beyond the label of each partner of the followed token a row of squares, one a head, as strong as its weight. */
function drawMarks(surface: Surface, picture: HeadLinesPicture, { token, side }: Followed): void {
  const { axes, weights, heads, orientation } = picture;
  const followed = axes[side].findIndex((place) => sameToken(place.token, token));
  if (followed < 0) return;
  const other = side === 'queries' ? 'keys' : 'queries';
  for (const partner of axes[other].keys()) {
    const [query, key] = side === 'queries' ? [followed, partner] : [partner, followed];
    const { x, y } = anchorOf(partner, other, picture);
    for (const [place, { head, colour }] of heads.entries()) {
      const weight = weightAt(headOf(weights, head), query, key);
      if (weight < leastWeight) continue;
      const out = labelWidth(picture) + place * markSize;
      const along = other === 'keys' ? out : -out - markSize;
      const box: [number, number] =
        orientation === 'upright' ? [x + along, y - markSize / 2] : [x - markSize / 2, y + along];
      surface.rectangle(...box, markSize - 1, markSize, colour, Math.min(1, 0.1 + weight));
    }
  }
}

/** The part of a label's room that text takes; the rest is for the marks. */
function labelWidth({ labelRoom, heads }: Pick<HeadLinesPicture, 'labelRoom' | 'heads'>): number {
  return labelRoom - marksRoom(heads.length);
}

/** What the marks of so many heads need beyond the labels. */
export function marksRoom(heads: number): number {
  return heads * markSize + gap;
}

function drawToken(
  surface: Surface,
  picture: HeadLinesPicture,
  side: 'queries' | 'keys',
  index: number,
  { label, token }: Place,
): void {
  const { orientation, followed, colours } = picture;
  const { x, y } = anchorOf(index, side, picture);
  const isFollowed = followed !== null && followed.side === side && sameToken(token, followed.token);
  const style = { colour: isFollowed ? colours.foreground : colours.muted, bold: isFollowed };
  if (orientation === 'upright') {
    surface.text(label, side === 'queries' ? x - gap : x + gap, y, {
      ...style,
      align: side === 'queries' ? 'right' : 'left',
    });
  } else {
    // Read from below, as the paper has it.
    surface.text(label, x, side === 'queries' ? y - gap : y + gap, {
      ...style,
      align: side === 'queries' ? 'left' : 'right',
      turned: -90,
    });
  }
}

/**
 * What pictures are drawn on: the same drawing goes to a canvas on the screen and into an SVG file.
 * Lengths are CSS pixels.
 */
import type { Rgb } from '../components/colour';
import type { Matrix } from './weights';

export interface TextStyle {
  readonly colour: Rgb;
  readonly align: 'left' | 'right' | 'center';
  /** Turned by so many degrees about its anchor; 0 unless given. */
  readonly turned?: number;
  readonly bold?: boolean;
}

export interface Surface {
  rectangle(x: number, y: number, width: number, height: number, fill: Rgb, opacity?: number): void;
  outline(x: number, y: number, width: number, height: number, colour: Rgb, lineWidth: number): void;
  /** A curve from one point to another that leaves and arrives along the x axis, or along the y axis. */
  curve(from: Point, to: Point, along: 'x' | 'y', stroke: Stroke): void;
  /** A heat map, whatever its number of cells. @param scale `[256, 4]` */
  heatMap(matrix: Matrix, scale: Uint8ClampedArray, box: Box): void;
  /** Vertically centred on its anchor. */
  text(text: string, x: number, y: number, style: TextStyle): void;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Stroke {
  readonly colour: Rgb;
  readonly opacity: number;
  readonly width: number;
}

export interface Font {
  readonly family: string;
  readonly size: number;
}

/** The handles of a curve that leaves and arrives along an axis. */
export function handles(from: Point, to: Point, along: 'x' | 'y'): [Point, Point] {
  if (along === 'x') {
    const middle = (from.x + to.x) / 2;
    return [
      { x: middle, y: from.y },
      { x: middle, y: to.y },
    ];
  }
  const middle = (from.y + to.y) / 2;
  return [
    { x: from.x, y: middle },
    { x: to.x, y: middle },
  ];
}

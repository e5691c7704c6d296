/** A canvas on the screen to draw on. */
import { css, type Rgb } from '../components/colour';
import { heatPixels } from './heatPixels';
import {
  handles,
  type Box,
  type Font,
  type Point,
  type Stroke,
  type Surface,
  type TextStyle,
} from './surface';
import type { Matrix } from './weights';

export class CanvasSurface implements Surface {
  readonly #context: CanvasRenderingContext2D;
  readonly #font: Font;

  /** @param context scaled so that its unit is a CSS pixel */
  constructor(context: CanvasRenderingContext2D, font: Font) {
    this.#context = context;
    this.#font = font;
    context.textBaseline = 'middle';
    context.lineCap = 'round';
  }

  rectangle(x: number, y: number, width: number, height: number, fill: Rgb, opacity = 1): void {
    this.#context.fillStyle = css(fill, opacity);
    this.#context.fillRect(x, y, width, height);
  }

  outline(x: number, y: number, width: number, height: number, colour: Rgb, lineWidth: number): void {
    this.#context.strokeStyle = css(colour);
    this.#context.lineWidth = lineWidth;
    this.#context.strokeRect(x, y, width, height);
  }

  curve(from: Point, to: Point, along: 'x' | 'y', { colour, opacity, width }: Stroke): void {
    const context = this.#context;
    context.strokeStyle = css(colour, opacity);
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(from.x, from.y);
    const [first, second] = handles(from, to, along);
    context.bezierCurveTo(first.x, first.y, second.x, second.y, to.x, to.y);
    context.stroke();
  }

  heatMap(matrix: Matrix, scale: Uint8ClampedArray, { x, y, width, height }: Box): void {
    this.#context.imageSmoothingEnabled = false;
    this.#context.drawImage(painted(matrix, scale, width, height), x, y, width, height);
  }

  text(text: string, x: number, y: number, { colour, align, turned = 0, bold = false }: TextStyle): void {
    const context = this.#context;
    context.fillStyle = css(colour);
    context.font = `${bold ? 'bold ' : ''}${this.#font.size}px ${this.#font.family}`;
    context.textAlign = align;
    if (turned === 0) {
      context.fillText(text, x, y);
      return;
    }
    context.save();
    context.translate(x, y);
    context.rotate((turned * Math.PI) / 180);
    context.fillText(text, 0, 0);
    context.restore();
  }
}

/**
 * Twice as fine as the screen at its coarsest, or, of many cells, with a few whole pixels for each: enlarged as pixels,
 * that is the same.
 */
export function painted(
  matrix: Matrix,
  scale: Uint8ClampedArray,
  width: number,
  height: number,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = pixelsFor(matrix.keys, width);
  canvas.height = pixelsFor(matrix.queries, height);
  const pixels = heatPixels(matrix, canvas.width, canvas.height, scale);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, canvas.width, canvas.height), 0, 0);
  return canvas;
}

/** The pixels along a side: as many whole ones for each cell as come to this many at most. */
const mostPixels = 2048;

function pixelsFor(cells: number, length: number): number {
  const fine = Math.max(1, Math.round(length * 2));
  if (fine <= mostPixels || cells === 0) return fine;
  return Math.min(fine, cells * Math.max(1, Math.floor(mostPixels / cells)));
}

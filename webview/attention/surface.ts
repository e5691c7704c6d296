/**
 * What pictures are drawn on: the same drawing goes to a canvas on the screen and into an SVG file.
 * Lengths are CSS pixels.
 */
import { css, type Rgb } from '../components/colour';
import { heatPixels } from './heatPixels';
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

export class SvgSurface implements Surface {
  readonly #elements: string[] = [];
  readonly #font: Font;

  constructor(font: Font) {
    this.#font = font;
  }

  rectangle(x: number, y: number, width: number, height: number, fill: Rgb, opacity = 1): void {
    const box = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    const clear = opacity < 1 ? ` fill-opacity="${short(opacity)}"` : '';
    this.#elements.push(`<rect ${box} fill="${hex(fill)}"${clear}/>`);
  }

  outline(x: number, y: number, width: number, height: number, colour: Rgb, lineWidth: number): void {
    const box = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    this.#elements.push(
      `<rect ${box} fill="none" stroke="${hex(colour)}" stroke-width="${short(lineWidth)}"/>`,
    );
  }

  curve(from: Point, to: Point, along: 'x' | 'y', { colour, opacity, width }: Stroke): void {
    const [first, second] = handles(from, to, along);
    const points = [first, second, to].map(({ x, y }) => `${short(x)} ${short(y)}`).join(' ');
    this.#elements.push(
      `<path d="M${short(from.x)} ${short(from.y)}C${points}" fill="none" stroke="${hex(colour)}" ` +
        `stroke-opacity="${short(opacity)}" stroke-width="${short(width)}" stroke-linecap="round"/>`,
    );
  }

  heatMap(matrix: Matrix, scale: Uint8ClampedArray, { x, y, width, height }: Box): void {
    const box = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    const picture = painted(matrix, scale, width, height).toDataURL('image/png');
    this.#elements.push(`<image ${box} href="${picture}" image-rendering="pixelated"/>`);
  }

  text(text: string, x: number, y: number, { colour, align, turned = 0, bold = false }: TextStyle): void {
    const anchor = { left: 'start', right: 'end', center: 'middle' }[align];
    const turn = turned === 0 ? '' : ` transform="rotate(${turned} ${short(x)} ${short(y)})"`;
    this.#elements.push(
      `<text x="${short(x)}" y="${short(y)}" fill="${hex(colour)}" text-anchor="${anchor}" ` +
        `dominant-baseline="central"${bold ? ' font-weight="bold"' : ''}${turn}>${escapeXml(text)}</text>`,
    );
  }

  /** The whole file. @param title what it shows, for those who cannot see it */
  file(width: number, height: number, background: Rgb, title: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${short(width)}" height="${short(height)}" ` +
        `viewBox="0 0 ${short(width)} ${short(height)}" font-family="${escapeXml(this.#font.family)}" ` +
        `font-size="${short(this.#font.size)}">`,
      `<title>${escapeXml(title)}</title>`,
      `<rect width="100%" height="100%" fill="${hex(background)}"/>`,
      ...this.#elements,
      '</svg>\n',
    ].join('\n');
  }
}

/** Twice as fine as the screen at its coarsest. */
function painted(matrix: Matrix, scale: Uint8ClampedArray, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * 2));
  canvas.height = Math.max(1, Math.round(height * 2));
  const pixels = heatPixels(matrix, canvas.width, canvas.height, scale);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, canvas.width, canvas.height), 0, 0);
  return canvas;
}

function handles(from: Point, to: Point, along: 'x' | 'y'): [Point, Point] {
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

const short = (number: number): string => String(Math.round(number * 100) / 100);

function hex(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** The text as it may stand in XML; signs that XML has no way to write are left out. */
export function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return (
    text
      // eslint-disable-next-line no-control-regex -- exactly these are what XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
      .replace(/[&<>"]/g, (sign) => names[sign]!)
  );
}

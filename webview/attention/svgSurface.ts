/** An SVG file to draw into. */
import type { Rgb } from '../components/colour';
import { painted } from './canvasSurface';
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

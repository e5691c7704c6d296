/** A figure as an SVG. */
import { css } from '../../components/colour';
import type { Figure, Line, Mark } from './figure';

export function svgOf({ width: across, height, background, fontFamily, marks }: Figure): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${across}" height="${height}" viewBox="0 0 ${across} ${height}" font-family="${escapeXml(fontFamily)}">`,
    `<rect width="${across}" height="${height}" fill="${css(background)}"/>`,
    ...marks.map((mark, index) => elementOf(mark, `box-${index}`)).filter((element) => element !== ''),
    '</svg>',
    '',
  ].join('\n');
}

/** @param id of its own, for what others refer to */
function elementOf(mark: Mark, id: string): string {
  switch (mark.kind) {
    case 'line':
      return polylineOf(mark);
    case 'dots':
      return mark.points
        .map(
          ([x, y]) =>
            `<circle cx="${inSvg(x)}" cy="${inSvg(y)}" r="${mark.radius}" fill="${css(mark.colour)}"/>`,
        )
        .join('\n');
    case 'text': {
      const weight = mark.bold ? ' font-weight="600"' : '';
      return `<text x="${inSvg(mark.x)}" y="${inSvg(mark.y)}" fill="${css(mark.colour)}" font-size="${mark.size}" text-anchor="${mark.anchor}"${weight}>${escapeXml(mark.text)}</text>`;
    }
    case 'clipped': {
      const { x, y, width: across, height } = mark.box;
      return [
        `<clipPath id="${id}"><rect x="${inSvg(x)}" y="${inSvg(y)}" width="${inSvg(across)}" height="${inSvg(height)}"/></clipPath>`,
        `<g clip-path="url(#${id})">`,
        ...mark.lines.map(polylineOf).filter((element) => element !== ''),
        '</g>',
      ].join('\n');
    }
  }
}

function polylineOf({ points, colour, width: thick, opacity, dash }: Line): string {
  if (points.length < 2) return '';
  const through = points.map(([x, y]) => `${inSvg(x)},${inSvg(y)}`).join(' ');
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  return `<polyline points="${through}" fill="none" stroke="${css(colour)}" stroke-width="${thick}" stroke-opacity="${opacity}" stroke-linejoin="round"${dashes}/>`;
}

/** As exact as anybody sees. */
function inSvg(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // Signs that XML does not know at all are left out.
  return text.replace(/\p{Cc}|[\ufffe\uffff]/gu, '').replace(/[&<>"]/g, (sign) => names[sign]!);
}

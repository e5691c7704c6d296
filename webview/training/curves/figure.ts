/** The charts as one picture for a file: lines and words, which become an SVG, or are painted on a canvas for a PNG. */
import { css, type Rgb } from '../../components/colour';
import type { Theme } from '../../components/theme';
import type { ChartModel, CurveLook } from './chart';
import { rangeOf, tableOf, type Range } from './series';
import { linearTicks, logarithmicTicks } from './ticks';

export interface Panel {
  readonly title: string;
  readonly model: ChartModel;
  /** Of the figure's height, how many parts. */
  readonly share: number;
}

export interface LegendEntry {
  readonly name: string;
  readonly look: CurveLook;
}

interface Line {
  readonly kind: 'line';
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly colour: Rgb;
  readonly width: number;
  readonly opacity: number;
  readonly dash: readonly number[];
}

interface Text {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly colour: Rgb;
  readonly size: number;
  readonly bold: boolean;
}

export interface Figure {
  readonly width: number;
  readonly height: number;
  readonly background: Rgb;
  readonly fontFamily: string;
  readonly marks: readonly (Line | Text)[];
}

const width = 1000;
const shareHeight = 110;
const left = 70;
const right = 20;
const titleHeight = 30;
const axisHeight = 30;
const fontSize = 12;

/** @param axisName what x counts */
export function figureOf(
  panels: readonly Panel[],
  legend: readonly LegendEntry[],
  axisName: string,
  theme: Theme,
): Figure {
  const marks: (Line | Text)[] = [];
  let top = drawLegend(marks, legend, theme);
  for (const panel of panels) {
    const height = panel.share * shareHeight;
    drawPanel(marks, panel, { top, height }, theme);
    top += titleHeight + height + axisHeight;
  }
  marks.push(word(axisName, (left + width - right) / 2, top + 2, theme.muted, { anchor: 'middle' }));
  return {
    width,
    height: top + 16,
    background: theme.background,
    fontFamily: theme.fontFamily,
    marks,
  };
}

function drawLegend(marks: (Line | Text)[], legend: readonly LegendEntry[], theme: Theme): number {
  let y = 22;
  for (const { name, look } of legend) {
    marks.push(
      line(
        [
          [left, y - 4],
          [left + 28, y - 4],
        ],
        look,
        2,
        1,
      ),
    );
    marks.push(word(name, left + 36, y, theme.foreground));
    y += 18;
  }
  return y;
}

function drawPanel(
  marks: (Line | Text)[],
  { title, model }: Panel,
  { top, height }: { top: number; height: number },
  theme: Theme,
): void {
  const { range, logarithmic, curves, looks, hasSmooth } = model;
  const [low, high] = range;
  const table = tableOf(curves, { low, high, pixels: width, logarithmic: false }, model);
  const yRange = rangeOf(table, range, model) ?? [logarithmic ? 0.1 : 0, 1];
  const bottom = top + titleHeight + height;
  const x = (value: number): number => left + ((value - low) / (high - low)) * (width - left - right);
  const y = heightOf(yRange, logarithmic, bottom, height);
  marks.push(word(title, left, top + 18, theme.foreground, { bold: true }));
  const rule = { colour: theme.border, dash: [] };
  for (const tick of logarithmic ? logarithmicTicks(yRange) : linearTicks(yRange, 5)) {
    marks.push(
      line(
        [
          [left, y(tick)],
          [width - right, y(tick)],
        ],
        rule,
        1,
        0.5,
      ),
    );
    marks.push(word(model.formatY(tick), left - 8, y(tick) + 4, theme.muted, { anchor: 'end' }));
  }
  for (const tick of linearTicks(range, 8)) {
    marks.push(
      line(
        [
          [x(tick), top + titleHeight],
          [x(tick), bottom],
        ],
        rule,
        1,
        0.5,
      ),
    );
    marks.push(word(model.formatX(tick), x(tick), bottom + 18, theme.muted, { anchor: 'middle' }));
  }
  const [xs, ...columns] = table;
  for (const [index, column] of columns.entries()) {
    const isRaw = hasSmooth && index % 2 === 0;
    const look = looks[hasSmooth ? Math.floor(index / 2) : index]!;
    const points = xs.flatMap((at, row) => {
      const value = column[row];
      const isSeen = typeof value === 'number' && at >= low && at <= high;
      return isSeen ? [[x(at), y(value)] as const] : [];
    });
    marks.push(line(points, look, isRaw ? 1 : 1.75, isRaw ? 0.3 : 1));
  }
}

function heightOf(
  [low, high]: Range,
  logarithmic: boolean,
  bottom: number,
  height: number,
): (value: number) => number {
  const scaled = (value: number): number => (logarithmic ? Math.log(value) : value);
  return (value) => bottom - ((scaled(value) - scaled(low)) / (scaled(high) - scaled(low))) * height;
}

function line(points: Line['points'], look: CurveLook, thick: number, opacity: number): Line {
  return { kind: 'line', points, colour: look.colour, dash: look.dash, width: thick, opacity };
}

function word(
  text: string,
  x: number,
  y: number,
  colour: Rgb,
  { anchor = 'start', bold = false }: { anchor?: Text['anchor']; bold?: boolean } = {},
): Text {
  return { kind: 'text', x, y, text, anchor, colour, size: fontSize, bold };
}

export function svgOf({ width: across, height, background, fontFamily, marks }: Figure): string {
  const number = (value: number): string => String(Math.round(value * 100) / 100);
  const drawn = marks.map((mark) => {
    if (mark.kind === 'text') {
      const weight = mark.bold ? ' font-weight="600"' : '';
      return `<text x="${number(mark.x)}" y="${number(mark.y)}" fill="${css(mark.colour)}" font-size="${mark.size}" text-anchor="${mark.anchor}"${weight}>${escapeXml(mark.text)}</text>`;
    }
    if (mark.points.length < 2) return '';
    const points = mark.points.map(([x, y]) => `${number(x)},${number(y)}`).join(' ');
    const dash = mark.dash.length > 0 ? ` stroke-dasharray="${mark.dash.join(' ')}"` : '';
    return `<polyline points="${points}" fill="none" stroke="${css(mark.colour)}" stroke-width="${mark.width}" stroke-opacity="${mark.opacity}" stroke-linejoin="round"${dash}/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${across}" height="${height}" viewBox="0 0 ${across} ${height}" font-family="${escapeXml(fontFamily)}">`,
    `<rect width="${across}" height="${height}" fill="${css(background)}"/>`,
    ...drawn.filter((mark) => mark !== ''),
    '</svg>',
    '',
  ].join('\n');
}

function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // Signs that XML does not know at all are left out.
  return text.replace(/\p{Cc}|[\ufffe\uffff]/gu, '').replace(/[&<>"]/g, (sign) => names[sign]!);
}

/** Paints the figure, with twice as many pixels as its size says, so that it is crisp when it is printed. */
export async function pngOf(figure: Figure): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = document.createElement('canvas');
  const density = 2;
  canvas.width = figure.width * density;
  canvas.height = figure.height * density;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('There is no canvas to paint on.');
  context.scale(density, density);
  context.fillStyle = css(figure.background);
  context.fillRect(0, 0, figure.width, figure.height);
  for (const mark of figure.marks) paint(context, mark, figure.fontFamily);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large to be painted.');
  return new Uint8Array(await blob.arrayBuffer());
}

function paint(context: CanvasRenderingContext2D, mark: Line | Text, fontFamily: string): void {
  if (mark.kind === 'text') {
    context.fillStyle = css(mark.colour);
    context.font = `${mark.bold ? '600 ' : ''}${mark.size}px ${fontFamily}`;
    context.textAlign = mark.anchor === 'middle' ? 'center' : mark.anchor;
    context.fillText(mark.text, mark.x, mark.y);
    return;
  }
  context.strokeStyle = css(mark.colour, mark.opacity);
  context.lineWidth = mark.width;
  context.lineJoin = 'round';
  context.setLineDash([...mark.dash]);
  context.beginPath();
  for (const [index, [x, y]] of mark.points.entries()) {
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
}

/** The charts as one picture for a file: lines, dots and words, which become an SVG (figureSvg.ts) or a PNG (figurePng.ts). */
import type { Rgb } from '../../components/colour';
import type { ChartPicture, CurveLook } from './chartPicture';
import { rangeOf, tableOf, type ChartTable, type Range } from './series';
import { linearTicks, logarithmicTicks } from './ticks';

export interface Panel {
  readonly title: string;
  readonly model: ChartPicture;
  /** Of the figure's height, how many parts. */
  readonly share: number;
}

export interface LegendEntry {
  readonly name: string;
  readonly look: CurveLook;
}

/** What a figure needs of the editor's theme. */
export interface Inks {
  readonly background: Rgb;
  readonly foreground: Rgb;
  /** Of words that matter less. */
  readonly muted: Rgb;
  readonly border: Rgb;
  readonly fontFamily: string;
}

type Point = readonly [x: number, y: number];

export interface Line {
  readonly kind: 'line';
  readonly points: readonly Point[];
  readonly colour: Rgb;
  readonly width: number;
  readonly opacity: number;
  readonly dash: readonly number[];
}

interface Dots {
  readonly kind: 'dots';
  readonly points: readonly Point[];
  readonly colour: Rgb;
  readonly radius: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lines of which only what is in a box is seen. */
interface Clipped {
  readonly kind: 'clipped';
  readonly box: Box;
  readonly lines: readonly Line[];
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

export type Mark = Line | Dots | Text | Clipped;

export interface Figure {
  readonly width: number;
  readonly height: number;
  readonly background: Rgb;
  readonly fontFamily: string;
  readonly marks: readonly Mark[];
}

const width = 1000;
const shareHeight = 110;
const left = 70;
const right = 20;
const titleHeight = 30;
const axisHeight = 30;
const fontSize = 12;
const dotRadius = 2.5;

/** @param axisName what x counts */
export function figureOf(
  panels: readonly Panel[],
  legend: readonly LegendEntry[],
  axisName: string,
  inks: Inks,
): Figure {
  const marks: Mark[] = [];
  let top = drawLegend(marks, legend, inks);
  for (const panel of panels) {
    const height = panel.share * shareHeight;
    drawPanel(marks, panel, { top, height }, inks);
    top += titleHeight + height + axisHeight;
  }
  marks.push(word(axisName, (left + width - right) / 2, top + 2, inks.muted, { anchor: 'middle' }));
  return {
    width,
    height: top + 16,
    background: inks.background,
    fontFamily: inks.fontFamily,
    marks,
  };
}

function drawLegend(marks: Mark[], legend: readonly LegendEntry[], inks: Inks): number {
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
    marks.push(word(name, left + 36, y, inks.foreground));
    y += 18;
  }
  return y;
}

function drawPanel(
  marks: Mark[],
  { title, model }: Panel,
  { top, height }: { top: number; height: number },
  inks: Inks,
): void {
  const { range, logarithmic, curves } = model;
  const [low, high] = range;
  const table = tableOf(curves, { low, high, pixels: width, logarithmic: false }, model);
  const yRange = rangeOf(table, range, model) ?? [logarithmic ? 0.1 : 0, 1];
  const box: Box = { x: left, y: top + titleHeight, width: width - left - right, height };
  const place: Place = {
    x: (value) => left + ((value - low) / (high - low)) * box.width,
    y: heightOf(yRange, logarithmic, box.y + height, height),
  };
  marks.push(word(title, left, top + 18, inks.foreground, { bold: true }));
  drawAxes(marks, model, yRange, box, place, inks);
  drawCurves(marks, model, table, box, place);
}

/** Where values of the axes stand in the figure. */
interface Place {
  x(value: number): number;
  y(value: number): number;
}

function drawAxes(
  marks: Mark[],
  { range, logarithmic, formatX, formatY }: ChartPicture,
  yRange: Range,
  box: Box,
  place: Place,
  inks: Inks,
): void {
  const bottom = box.y + box.height;
  const rule = (from: Point, to: Point): Line => line([from, to], { colour: inks.border, dash: [] }, 1, 0.5);
  for (const tick of logarithmic ? logarithmicTicks(yRange) : linearTicks(yRange, 5)) {
    const y = place.y(tick);
    marks.push(rule([left, y], [width - right, y]));
    marks.push(word(formatY(tick), left - 8, y + 4, inks.muted, { anchor: 'end' }));
  }
  for (const tick of linearTicks(range, 8)) {
    const x = place.x(tick);
    marks.push(rule([x, box.y], [x, bottom]));
    marks.push(word(formatX(tick), x, bottom + 18, inks.muted, { anchor: 'middle' }));
  }
}

/** The table has a neighbour of what is seen on either side, and outliers: lines go there, and are cut at the box. */
function drawCurves(
  marks: Mark[],
  { looks, hasSmooth, dots }: ChartPicture,
  [xs, ...columns]: ChartTable,
  box: Box,
  place: Place,
): void {
  const lines: Line[] = [];
  const marked: Dots[] = [];
  for (const [index, column] of columns.entries()) {
    const isRaw = hasSmooth && index % 2 === 0;
    const look = looks[hasSmooth ? Math.floor(index / 2) : index]!;
    const points = xs.flatMap((at, row): Point[] => {
      const value = column[row];
      return typeof value === 'number' ? [[place.x(at), place.y(value)]] : [];
    });
    lines.push(line(points, look, isRaw ? 1 : 1.75, isRaw ? 0.3 : 1));
    // Dots at the box's edge are not cut in half.
    if (dots)
      marked.push({
        kind: 'dots',
        colour: look.colour,
        radius: dotRadius,
        points: points.filter((point) => isIn(box, point)),
      });
  }
  marks.push({ kind: 'clipped', box, lines }, ...marked);
}

function isIn(box: Box, [x, y]: Point): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
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

/** The costs as a picture, SVG: a panel for each thing that is varied, time above, memory below, both scales logarithmic. */
import type { Axis, CostsReport, Point } from './costsBench';

/** What is varied, as a person says it. */
export const axisNames: Readonly<Record<Axis, string>> = {
  length: 'tokens a sentence',
  batch: 'sentences a batch',
  width: 'dModel',
  depth: 'layers a stack',
  vocabulary: 'vocabulary',
};

const panel = { width: 176, height: 150, gap: 18 };
const margin = { left: 58, top: 66, right: 16, bottom: 46, between: 30 };

const colours = {
  background: '#ffffff',
  text: '#24292f',
  quiet: '#57606a',
  grid: '#e3e7eb',
  time: '#0550ae',
  memory: '#953800',
  predicted: '#8c959f',
};

interface Range {
  readonly low: number;
  readonly high: number;
}

/** A bit wider than what is shown. */
function rangeOf(values: readonly number[]): Range {
  return { low: Math.min(...values) / 1.25, high: Math.max(...values) * 1.25 };
}

/** 1, 2 and 5 times the powers of ten, or the powers alone where there would be too many. */
function ticksOf({ low, high }: Range): number[] {
  const isWide = Math.log10(high / low) > 1.6;
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const factor of isWide ? [1] : [1, 2, 5]) ticks.push(factor * 10 ** power);
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

const fixed = (value: number): string => value.toFixed(1);

function place(value: number, { low, high }: Range, size: number): number {
  return (Math.log(value / low) / Math.log(high / low)) * size;
}

function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${more}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
}

interface Line {
  readonly of: (point: Point) => number;
  readonly colour: string;
  readonly isDashed?: boolean;
}

/** One panel, its upper left corner at 0, 0. */
function drawPanel(
  points: readonly Point[],
  y: Range,
  lines: readonly Line[],
  labels: { readonly left: boolean; readonly below?: string },
): string {
  const x = rangeOf(points.map(({ value }) => value));
  const parts: string[] = [];
  const up = (value: number): number => panel.height - place(value, y, panel.height);
  for (const tick of ticksOf(y)) {
    parts.push(
      `<path d="M0 ${fixed(up(tick))}H${panel.width}" stroke="${colours.grid}"/>`,
      ...(labels.left
        ? [text(-8, up(tick) + 4, tick.toLocaleString('en'), `text-anchor="end" fill="${colours.quiet}"`)]
        : []),
    );
  }
  parts.push(`<path d="M0 0V${panel.height}H${panel.width}" fill="none" stroke="${colours.quiet}"/>`);
  for (const { value } of points) {
    const right = place(value, x, panel.width);
    parts.push(`<path d="M${fixed(right)} ${panel.height}v4" stroke="${colours.quiet}"/>`);
    if (labels.below === undefined) continue;
    const shown = value >= 1000 ? `${value / 1000}k` : String(value);
    parts.push(text(right, panel.height + 18, shown, `text-anchor="middle" fill="${colours.quiet}"`));
  }
  if (labels.below !== undefined)
    parts.push(text(panel.width / 2, panel.height + 38, labels.below, 'text-anchor="middle"'));
  for (const { of, colour, isDashed } of lines) {
    const places = points.map((point) => [place(point.value, x, panel.width), up(of(point))] as const);
    const path = places.map(([right, down]) => `${fixed(right)} ${fixed(down)}`).join('L');
    parts.push(
      `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="${isDashed ? 1.5 : 2}"${isDashed ? ' stroke-dasharray="4 4"' : ''}/>`,
    );
    if (isDashed) continue;
    for (const [right, down] of places)
      parts.push(`<circle cx="${fixed(right)}" cy="${fixed(down)}" r="3" fill="${colour}"/>`);
  }
  return parts.join('');
}

export function plotOf({ base, threads, axes }: CostsReport): string {
  const entries = Object.entries(axes) as [Axis, readonly Point[]][];
  const all = entries.flatMap(([, points]) => points);
  const times = rangeOf(all.flatMap(({ milliseconds, predicted }) => [milliseconds, predicted]));
  const memories = rangeOf(all.map(({ mebibytes }) => mebibytes));
  const width = margin.left + entries.length * (panel.width + panel.gap) - panel.gap + margin.right;
  const second = margin.top + panel.height + margin.between;
  const height = second + panel.height + margin.bottom;
  const panels = entries.flatMap(([axis, points], index) => {
    const left = margin.left + index * (panel.width + panel.gap);
    const at = (top: number, content: string): string =>
      `<g transform="translate(${left} ${top})">${content}</g>`;
    const time: Line[] = [
      { of: ({ predicted }) => predicted, colour: colours.predicted, isDashed: true },
      { of: ({ milliseconds }) => milliseconds, colour: colours.time },
    ];
    const memory: Line[] = [{ of: ({ mebibytes }) => mebibytes, colour: colours.memory }];
    return [
      at(margin.top, drawPanel(points, times, time, { left: index === 0 })),
      at(second, drawPanel(points, memories, memory, { left: index === 0, below: axisNames[axis] })),
    ];
  });
  const { length, batch, width: dModel, depth, vocabulary } = base;
  const rest = `what is not varied: ${batch} sentences of ${length} tokens, dModel ${dModel}, ${depth} + ${depth} layers, vocabulary ${vocabulary}`;
  const heading = [
    text(margin.left, 24, 'What a training step takes', 'font-size="15" font-weight="600"'),
    text(
      margin.left,
      42,
      `${threads === 1 ? 'One thread' : `${threads} threads`}; ${rest}`,
      `fill="${colours.quiet}"`,
    ),
    text(margin.left + 6, margin.top - 5, 'milliseconds of the processor', `fill="${colours.time}"`),
    text(
      margin.left + 190,
      margin.top - 5,
      'dashed: what its floating-point operations would take',
      `fill="${colours.quiet}"`,
    ),
    text(margin.left + 6, second - 8, 'MiB of memory at most', `fill="${colours.memory}"`),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="${colours.text}">`,
    `<rect width="${width}" height="${height}" rx="6" fill="${colours.background}"/>`,
    ...heading,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

/** The measured Table 1 as tables for people, in Markdown. */
import type { LayerReport, LayersReport, Measured } from './layersBench';

export function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** The first row is the head; all columns but the first hold numbers. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const [head, ...rest] = rows as [readonly string[], ...(readonly string[])[]];
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rest].map(row).join('\n');
}

/** Three digits, and no more after the point than they need. */
export function short(value: number | undefined): string {
  if (value === undefined) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toPrecision(value < 0.1 ? 1 : 2);
}

const lengthsOf = ({ measured }: LayerReport): number[] => [...new Set(measured.map(({ length }) => length))];
const widthsOf = ({ measured }: LayerReport): number[] => [...new Set(measured.map(({ width }) => width))];

function find({ measured }: LayerReport, length: number, width: number): Measured | undefined {
  return measured.find((one) => one.length === length && one.width === width);
}

/** What the paper says, and how long the chain of operators is that the graph has. */
function properties({ layers, kernel, neighbourhood }: LayersReport): string {
  const lengths = lengthsOf(layers[0]!);
  const [least, most] = [lengths[0]!, lengths.filter((length) => length <= 256).at(-1)!];
  const last = lengths.at(-1)!;
  const head = [
    `layer (k = ${kernel}, r = ${neighbourhood})`,
    'complexity',
    'sequential operations',
    `longest chain in the graph, n = ${least}`,
    `n = ${most}`,
    'maximum path length',
    `n = ${last}`,
  ];
  return table([
    head,
    ...layers.map((one) => [
      one.name,
      `O(${one.complexity})`,
      `O(${one.sequential})`,
      one.longestChain[least] ?? '–',
      one.longestChain[most] ?? '–',
      `O(${one.path})`,
      one.longestPath[last]!,
    ]),
  ]);
}

function times(layer: LayerReport, which: 'forward' | 'both'): string {
  const predicted = which === 'forward' ? 'predictedForward' : 'predictedBoth';
  const widths = widthsOf(layer);
  const cell = (one: Measured | undefined): string => `${short(one?.[which])} (${short(one?.[predicted])})`;
  const body = lengthsOf(layer).map((length) => [
    length,
    ...widths.map((width) => cell(find(layer, length, width))),
  ]);
  return table([['n', ...widths.map((width) => `d = ${width}`)], ...body]);
}

/** How many times as long as self-attention another layer takes. */
function comparison(self: LayerReport, other: LayerReport, which: 'forward' | 'both'): string {
  const widths = widthsOf(self);
  const ratio = (length: number, width: number): string =>
    short(find(other, length, width)![which]! / find(self, length, width)![which]!);
  const body = lengthsOf(other).map((length) => [length, ...widths.map((width) => ratio(length, width))]);
  return table([['n', ...widths.map((width) => `d = ${width}`)], ...body]);
}

const titles = { both: 'forward and backward', forward: 'forward alone' };

export function tablesOf(report: LayersReport): string {
  const { layers } = report;
  const [self, ...others] = layers as [LayerReport, ...LayerReport[]];
  const passesOf = (layer: LayerReport): ('both' | 'forward')[] =>
    layer.measured.some(({ both }) => both !== undefined) ? ['both', 'forward'] : ['forward'];
  return [
    properties(report),
    ...layers.flatMap((layer) =>
      passesOf(layer).flatMap((which) => [
        `${layer.name}, ${titles[which]}: milliseconds of the processor (in brackets what ${layer.complexity} says)`,
        times(layer, which),
      ]),
    ),
    ...others.flatMap((other) => {
      const [which] = passesOf(other);
      return [
        `${other.name}, ${titles[which!]}: how many times as long as ${self.name}`,
        comparison(self, other, which!),
      ];
    }),
  ].join('\n\n');
}

/**
 * Attention as a small picture: what was said downwards, what was read across, the stronger the colour the more attention.
 * A pure function from numbers to SVG; it fits a hover, in width and in bytes.
 */
import { pictureColours, type ThemeKind } from './pictureColours';

export interface AttentionMap {
  /** Labels of what was said, one a row, and of what was read, one a column. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** `[row, column]`, 0 … 1; each row sums to 1. */
  readonly weights: ArrayLike<number>;
}

export interface PictureOptions {
  readonly theme: ThemeKind;
  /** What stands above the columns and beside the rows: the languages. */
  readonly columnsAre: string;
  readonly rowsAre: string;
  /** What the picture says of itself, beside the map where there is room. */
  readonly caption?: string;
  /** The height that can be seen without scrolling, in CSS pixels: kept to where all can still be read. */
  readonly room?: number;
}

export interface Picture {
  readonly svg: string;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** The caption stands in it. */
  readonly captioned: boolean;
}

/** Larger maps would have labels that nobody can read in the width of a hover. */
export const mostTokens = 40;

/** The content of a hover is 500 pixels wide, less its padding. */
const widest = 476;
/** It is 250 high before it scrolls, and the translation and its links come first. */
const usualRoom = 185;
const largestCell = 15;
/** Smaller ones are for maps that would not fit otherwise: in height down to the first, in width down to the second. */
const leastLegibleCell = 9.5;
const smallestCell = 9;
/** Where a map scrolls all the same, its cells can as well be comfortable. */
const scrollingCell = 12;
const largestFont = 11;
/** Of a letter, in ems: sans-serif letters are about half as wide as high; those of East Asia are square. */
export const letterWidth = 0.58;
const longestRowLabel = 14;
/** Letters of columns' labels: the shorter, the less height they take. */
const columnLabelLengths = [10, 8, 6] as const;
/** The caption beside the map: its lines, in letters, and what lies between, in pixels. */
const captionLetters = { least: 16, most: 30 };
const captionGap = 14;
/** The angle of the columns' labels, in degrees: where columns are narrow, flatter ones would run into each other. */
const slantFor = (cell: number): number => (cell >= 14 ? 55 : 75);
/** Shades of a weight; what is less than half of one is left out. */
const shades = 20;
const margin = 2;

/**
 * The picture of a map of at most `mostTokens` rows and columns, at least one each.
 *
 * @throws RangeError for a larger one
 */
export function attentionPicture(map: AttentionMap, options: PictureOptions): Picture {
  const { rows, columns } = map;
  if (Math.max(rows.length, columns.length) > mostTokens || Math.min(rows.length, columns.length) === 0)
    throw new RangeError(`A picture has 1 to ${mostTokens} rows and columns.`);
  const colours = pictureColours[options.theme];
  const layout = layOut(map, options);
  const { height, cell, left, top, font } = layout;
  const caption = options.caption === undefined ? undefined : captionBeside(options.caption, layout);
  const width = caption === undefined ? layout.width : Math.ceil(caption.right + margin);
  const across = cell * columns.length;
  const down = cell * rows.length;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<g font-family="system-ui,'Segoe UI',sans-serif" font-size="${font}" fill="${colours.text}">`,
    ...layout.axisLabels.map((label, line) => axisLabel(label, line, layout)),
    ...layout.columnLabels.map((label, column) => columnLabel(label, column, layout)),
    ...layout.rowLabels.map((label, row) => rowLabel(label, row, layout)),
    ...(caption?.parts ?? []),
    '</g>',
    // One unit a cell; a gap between cells shows where each ends.
    `<g transform="translate(${left} ${top}) scale(${cell})" fill="none">`,
    ...cells(map, colours.weight),
    marks(map, colours.mark, cell),
    '</g>',
    `<rect x="${left - 0.5}" y="${top - 0.5}" width="${across + 1}" height="${down + 1}" fill="none" stroke="${colours.frame}" stroke-opacity="${colours.frameOpacity}"/>`,
    '</svg>',
  ];
  return { svg: parts.join(''), width, height, captioned: caption !== undefined };
}

/** The picture as an address that an image can have. */
export function dataUri({ svg }: Picture): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly cell: number;
  readonly font: number;
  readonly slant: number;
  /** Where the map begins. */
  readonly left: number;
  readonly top: number;
  readonly rowLabels: readonly Label[];
  readonly columnLabels: readonly Label[];
  /** Which language is read across, and which downwards. */
  readonly axisLabels: readonly Label[];
}

interface Label {
  readonly text: string;
  /** In ems. */
  readonly width: number;
}

/** An arrow is longer than letters, and always there. */
function named(name: string, arrow: string): Label {
  const { text, width } = labelOf(name, longestRowLabel - 3);
  return { text: `${text} ${arrow}`, width: width + 3 * letterWidth };
}

function layOut(
  { rows, columns }: AttentionMap,
  { rowsAre, columnsAre, room = usualRoom }: PictureOptions,
): Layout {
  const rowLabels = rows.map((label) => labelOf(label, longestRowLabel));
  const axisLabels = [named(columnsAre, '→'), named(rowsAre, '↓')];
  const place = (cell: number, letters: number = columnLabelLengths[0]): Layout => {
    const columnLabels = columns.map((label) => labelOf(label, letters));
    const slant = slantFor(cell);
    const radians = (slant * Math.PI) / 180;
    const font = Math.min(largestFont, round(cell * 0.95));
    const longest = (labels: readonly Label[]): number =>
      Math.max(...labels.map(({ width }) => width)) * font;
    // Bold letters are a little wider.
    const left = Math.ceil(Math.max(longest(rowLabels), longest(axisLabels) * 1.12) + 6 + margin);
    const above = longest(columnLabels) * Math.sin(radians) + font;
    const top = Math.ceil(above + 4 + margin);
    // The last labels lean out to the right.
    const leaning = columnLabels.map(
      ({ width }, column) =>
        left + cell * (column + 0.5) + width * font * Math.cos(radians) + font * Math.sin(radians),
    );
    const right = Math.max(left + cell * columns.length, ...leaning);
    return {
      width: Math.ceil(right + margin),
      height: Math.ceil(top + cell * rows.length + margin),
      cell,
      font,
      slant,
      left,
      top,
      rowLabels,
      columnLabels,
      axisLabels,
    };
  };
  for (const letters of columnLabelLengths) {
    for (let cell = largestCell; cell >= leastLegibleCell; cell -= 0.5) {
      const layout = place(cell, letters);
      if (layout.height <= room && layout.width <= widest) return layout;
    }
  }
  let cell = scrollingCell;
  let layout = place(cell);
  while (layout.width > widest && cell > smallestCell) layout = place((cell -= 0.5));
  return layout;
}

/** The caption right of the map, in lines as long as there is room for; undefined where there is too little. */
function captionBeside(
  caption: string,
  { width, top, font, height }: Layout,
): { parts: string[]; right: number } | undefined {
  const left = width + captionGap;
  const letter = letterWidth * font;
  const letters = Math.min(captionLetters.most, Math.floor((widest - margin - left) / letter));
  if (letters < captionLetters.least) return undefined;
  const lines = wrapped(caption, letters);
  const pitch = font * 1.35;
  if (lines === undefined || top + font + (lines.length - 1) * pitch > height) return undefined;
  const parts = lines.map(
    (line, at) => `<text x="${left}" y="${round(top + font + at * pitch)}">${escapeXml(line)}</text>`,
  );
  return { parts, right: left + Math.max(...lines.map((line) => emsOfText(line))) * font };
}

/** A text in lines of at most so many letters, as wide as Latin ones; undefined where a word is longer. */
function wrapped(text: string, letters: number): string[] | undefined {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)!} ${word}`;
    if (emsOfText(word) > letters * letterWidth) return undefined;
    if (lines.length > 0 && emsOfText(longer) <= letters * letterWidth) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** How wide a text is, about, in ems. */
export function emsOfText(text: string): number {
  return [...segmenter.segment(text)].reduce((sum, { segment }) => sum + emsOf(segment), 0);
}

function axisLabel({ text }: Label, line: number, { left, top, font }: Layout): string {
  const y = round(top - 5 - (1 - line) * font * 1.3);
  return `<text x="${left - 6}" y="${y}" text-anchor="end" font-weight="600">${escapeXml(text)}</text>`;
}

function columnLabel({ text }: Label, column: number, { left, top, cell, font, slant }: Layout): string {
  const x = round(left + cell * (column + 0.5) + font * 0.3);
  return `<text transform="translate(${x} ${top - 4})rotate(-${slant})">${escapeXml(text)}</text>`;
}

function rowLabel({ text }: Label, row: number, { left, top, cell, font }: Layout): string {
  const y = round(top + cell * (row + 0.5) + font * 0.35);
  return `<text x="${left - 5}" y="${y}" text-anchor="end">${escapeXml(text)}</text>`;
}

/** One path a shade: some thousand cells take few bytes so. */
function cells({ rows, columns, weights }: AttentionMap, colour: string): string[] {
  const paths = new Map<number, string>();
  for (let row = 0; row < rows.length; row++) {
    for (let column = 0; column < columns.length; column++) {
      const shade = shadeOf(weights[row * columns.length + column]!);
      if (shade > 0) paths.set(shade, `${paths.get(shade) ?? ''}M${column} ${row}h1`);
    }
  }
  return [...paths].map(
    ([shade, path]) =>
      `<path transform="translate(0 .5)" d="${path}" stroke="${colour}" stroke-opacity="${shade / shades}"/>`,
  );
}

function shadeOf(weight: number): number {
  return Math.round(Math.min(1, Math.max(0, weight)) * shades);
}

/** A frame around each row's strongest weight. */
function marks({ rows, columns, weights }: AttentionMap, colour: string, cell: number): string {
  const inset = round(0.5 / cell, 3);
  const side = round(1 - 2 * inset, 3);
  const path = rows
    .map((_, row) => {
      const column = strongest(weights, row, columns.length);
      return `M${round(column + inset, 3)} ${round(row + inset, 3)}h${side}v${side}h-${side}z`;
    })
    .join('');
  return `<path d="${path}" stroke="${colour}" stroke-width="${round(1 / cell, 3)}"/>`;
}

/** The column of a row's greatest weight. */
export function strongest(weights: ArrayLike<number>, row: number, columns: number): number {
  let best = 0;
  for (let column = 1; column < columns; column++) {
    if (weights[row * columns + column]! > weights[row * columns + best]!) best = column;
  }
  return best;
}

/** Characters as people count them. */
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Cut to so many letters; a square one counts as two. */
function labelOf(label: string, longest: number): Label {
  let text = '';
  let width = 0;
  // What is far beyond is not even looked at.
  for (const { segment } of segmenter.segment(label.slice(0, 20 * longest))) {
    const ems = emsOf(segment);
    if (width + ems > longest * letterWidth) return { text: `${text}…`, width: width + letterWidth };
    width += ems;
    text += segment;
  }
  return { text, width };
}

/** Signs of East Asia, their punctuation and full-width forms among them. */
const square =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303f\uff00-\uff60]/u;

function emsOf(character: string): number {
  return square.test(character) ? 1.05 : letterWidth;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as XML has it, without what XML forbids: most control characters, and halves of surrogate pairs. */
function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => entities[character]!);
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

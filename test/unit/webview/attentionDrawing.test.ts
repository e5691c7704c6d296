/** Where things are drawn, and which: pieces along the sides, pixels of heat maps, lines, and what of a large map is in view. */
import { describe, expect, it } from 'vitest';
import {
  anchorOf,
  drawHeadLines,
  fitted,
  followedOn,
  linesOf,
  placeAt,
  sizeOf,
  type HeadLinesPicture,
} from '../../../webview/attention/headLines';
import { heatPixels, stepOf } from '../../../webview/attention/heatPixels';
import {
  cellAt,
  drawMatrix,
  fittingCell,
  matrixSize,
  scrollTo,
  type MatrixPicture,
} from '../../../webview/attention/matrixDrawing';
import { labelRoom } from '../../../webview/attention/labelRoom';
import { attentionKinds, type Segment } from '../../../webview/attention/messages';
import { axesOf, labelOf } from '../../../webview/attention/pieces';
import type { Surface } from '../../../webview/attention/surface';
import { colourAt, colourScale } from '../../../webview/components/colourScale';

const texts = { endToken: 'the end', startToken: 'the start', spaceToken: 'a space' };
const token = (text: string) => ({ text, start: 0, end: 1 });
const said = (text: string) => ({ ...token(text), probability: 0.5, candidates: [] });
const segment: Segment = {
  source: { start: 0, end: 9 },
  target: { start: 0, end: 9 },
  sourceTokens: [token('▁The'), token('▁'), token('dog'), token('s'), token('</s>')],
  targetTokens: [said('▁Die'), said('▁Hunde'), said('</s>')],
  alternatives: [],
};

describe('the sides of a map', () => {
  it('are the text’s pieces for the encoder', () => {
    const { queries, keys } = axesOf(segment, 'encoder', texts);
    expect(queries.map(({ label }) => label)).toEqual(['The', '␣', '·dog', '·s', '</s>']);
    expect(queries.map(({ spoken }) => spoken)).toEqual(['The', 'a space', 'dog', 's', '</s> (the end)']);
    expect(keys).toEqual(queries);
  });

  it('are for the decoder what it says, and what it has read by then', () => {
    const { queries, keys } = axesOf(segment, 'decoder', texts);
    expect(queries.map(({ label }) => label)).toEqual(['Die', 'Hunde', '</s>']);
    expect(keys.map(({ label }) => label)).toEqual(['<s>', 'Die', 'Hunde']);
    expect(keys.map(({ token: { index } }) => index)).toEqual([-1, 0, 1]);
  });

  it('are translation and text for cross-attention', () => {
    const { queries, keys } = axesOf(segment, 'cross', texts);
    expect([queries.length, keys.length]).toEqual([3, 5]);
    expect(queries[1]!.token).toEqual({ side: 'target', index: 1 });
    expect(keys[2]!.token).toEqual({ side: 'source', index: 2 });
  });

  it('show bytes as the model writes them', () => {
    expect(labelOf('<0x0A>', false)).toBe('·<0x0A>');
  });
});

const dark = { background: [0, 0, 0], dark: true, highContrast: false } as const;
const scale = colourScale(dark);
const colours = {
  foreground: [255, 255, 255],
  muted: [150, 150, 150],
  background: [0, 0, 0],
  border: [90, 90, 90],
  focus: [0, 0, 255],
} as const;

describe('a heat map’s pixels', () => {
  const pixel = (pixels: Uint8ClampedArray, at: number): number[] => [...pixels.subarray(at * 4, at * 4 + 3)];
  const colourOf = (weight: number): number[] => [...colourAt(scale, stepOf(weight) / 255)];

  it('are whole cells where there is room', () => {
    const matrix = { queries: 2, keys: 2, values: Float32Array.of(0, 1, 0.25, 0) };
    const pixels = heatPixels(matrix, 5, 4, scale);
    const rows = Array.from({ length: 4 }, (_, y) =>
      Array.from({ length: 5 }, (__, x) => pixel(pixels, y * 5 + x)),
    );
    const [none, all, some] = [0, 1, 0.25].map(colourOf);
    expect(rows[0]).toEqual([none, none, none, all, all]);
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[3]).toEqual([some, some, some, none, none]);
  });

  it('show the strongest of the cells that share one', () => {
    const values = new Float32Array(100 * 100);
    values[57 * 100 + 31] = 0.8;
    const pixels = heatPixels({ queries: 100, keys: 100, values }, 10, 10, scale);
    const painted = Array.from({ length: 100 }, (_, at) => pixel(pixels, at));
    expect(painted[53]).toEqual(colourOf(0.8));
    expect(painted.filter((colour) => colour.join() !== colourOf(0).join())).toHaveLength(1);
  });

  it('are there for no cells, and for weights that are no numbers', () => {
    expect(heatPixels({ queries: 0, keys: 0, values: new Float32Array(0) }, 2, 2, scale)).toHaveLength(16);
    const matrix = { queries: 1, keys: 1, values: Float32Array.of(NaN) };
    expect(pixel(heatPixels(matrix, 1, 1, scale), 0)).toEqual(colourOf(0));
    expect([stepOf(-1), stepOf(7)]).toEqual([0, 255]);
  });

  it('never change the order of weights', () => {
    const order = Array.from({ length: 101 }, (_, at) => stepOf(at / 100));
    expect([...order].sort((one, other) => one - other)).toEqual(order);
  });
});

const axes = axesOf(segment, 'cross', texts);
const weights = {
  heads: 2,
  queries: 3,
  keys: 5,
  weights: Float32Array.from({ length: 30 }, (_, at) => (at % 5 === 2 ? 0.9 : at % 5 === 0 ? 0.1 : 0.001)),
};
const picture: HeadLinesPicture = {
  axes,
  weights,
  heads: [
    { head: 0, colour: [200, 0, 0] },
    { head: 1, colour: [0, 200, 0] },
  ],
  orientation: 'upright',
  followed: null,
  colours,
  span: 320,
  labelRoom: 80,
};

/** Remembers what is drawn. */
function recorder(): { surface: Surface; drawn: Record<string, unknown[][]> } {
  const drawn: Record<string, unknown[][]> = { rectangle: [], outline: [], curve: [], heatMap: [], text: [] };
  const surface = Object.fromEntries(
    Object.keys(drawn).map((name) => [name, (...values: unknown[]) => drawn[name]!.push(values)]),
  ) as unknown as Surface;
  return { surface, drawn };
}

describe.each(['upright', 'lying'] as const)('lines, %s', (orientation) => {
  const of = { ...picture, orientation };

  it('have each token where a pointer finds it', () => {
    const { width, height } = sizeOf(of);
    for (const side of ['queries', 'keys'] as const) {
      for (const index of axes[side].keys()) {
        const anchor = anchorOf(index, side, of);
        expect(anchor.x).toBeLessThan(width);
        expect(anchor.y).toBeLessThan(height);
        const out = side === 'queries' ? -10 : 10;
        const label =
          orientation === 'upright' ? { x: anchor.x + out, y: anchor.y } : { x: anchor.x, y: anchor.y + out };
        expect(placeAt(label, of)).toEqual({ side, index });
      }
    }
    const middle = { x: width / 2, y: height / 2 };
    expect(placeAt(middle, of)).toBeUndefined();
  });

  it('leave out what could not be seen, and draw the strong ones last', () => {
    const lines = linesOf(of);
    expect(lines).toHaveLength(2 * 3 * 2);
    expect(lines.map(({ weight }) => weight)).toEqual(lines.map(({ weight }) => weight).sort());
  });

  it('are of the followed token alone, as query or as key', () => {
    const follow = (side: 'queries' | 'keys', index: number) => ({
      ...of,
      followed: { side, token: axes[side][index]!.token },
    });
    expect(new Set(linesOf(follow('queries', 1)).map(({ query }) => query))).toEqual(new Set([1]));
    expect(new Set(linesOf(follow('keys', 2)).map(({ key }) => key))).toEqual(new Set([2]));
    expect(linesOf(follow('keys', 1))).toEqual([]);
  });

  it('are as thick and as strong as the weight', () => {
    const { surface, drawn } = recorder();
    drawHeadLines(surface, of);
    const strokes = drawn['curve']!.map(([, , , stroke]) => stroke as { width: number; opacity: number });
    expect(strokes.at(-1)!.width).toBeGreaterThan(2 * strokes[0]!.width);
    expect(strokes.at(-1)!.opacity).toBeGreaterThan(4 * strokes[0]!.opacity);
    expect(drawn['text']!.map(([text]) => text)).toEqual([
      'Die',
      'Hunde',
      '</s>',
      'The',
      '␣',
      '·dog',
      '·s',
      '</s>',
    ]);
  });
});

describe('a token that stays followed when another attention is chosen', () => {
  const source = { side: 'source', index: 2 } as const;
  const target = { side: 'target', index: 1 } as const;
  const start = { side: 'target', index: -1 } as const;
  const end = { side: 'target', index: 2 } as const;
  const sides = (
    token: typeof source | typeof target | typeof start | typeof end,
    as: 'queries' | 'keys' | null,
  ) => attentionKinds.map((kind) => followedOn(axesOf(segment, kind, texts), token, as)?.side);

  // Encoder, decoder, cross.
  it.each([
    ['a piece of the text', source, null, ['queries', undefined, 'keys']],
    ['one that looked', source, 'queries', ['queries', undefined, 'keys']],
    ['one that was looked at', source, 'keys', ['keys', undefined, 'keys']],
    ['a piece of the translation', target, null, [undefined, 'queries', 'queries']],
    ['one that said it', target, 'queries', [undefined, 'queries', 'queries']],
    ['one that was read', target, 'keys', [undefined, 'keys', 'queries']],
    ['the start', start, 'keys', [undefined, 'keys', undefined]],
    ['the end, which is never read', end, 'keys', [undefined, 'queries', 'queries']],
  ] as const)('is on a side that has it, or not followed: %s', (_name, token, as, expected) => {
    expect(sides(token, as)).toEqual(expected);
  });

  it('leaves all lines where it is on neither side', () => {
    const encoder = axesOf(segment, 'encoder', texts);
    const ofEncoder = {
      ...picture,
      axes: encoder,
      weights: { ...weights, queries: 5, weights: new Float32Array(50).fill(0.2) },
    };
    const followed = followedOn(encoder, target, null);
    expect(linesOf({ ...ofEncoder, followed })).toHaveLength(50);
  });
});

describe('the room for labels', () => {
  const limits = { letter: 0.6, bold: false, least: 40, most: 160 };
  /** Letters as wide as they are high, as those of East Asia are; bold ones wider. */
  const font = { size: 13, widthOf: (label: string, bold: boolean) => (bold ? 14 : 13) * label.length };
  const room = (...labels: string[]) =>
    labelRoom(
      labels.map((label) => ({ label })),
      font,
      limits,
    );

  it('is enough for the widest, whatever its script', () => {
    expect(room('·电子邮件地址', 'a')).toBeGreaterThanOrEqual(13 * 7 + 6);
    expect(labelRoom([{ label: '·电子邮件地址' }], font, { ...limits, bold: true })).toBe(
      room('·电子邮件地址') + 7,
    );
  });

  it('is as much as letters usually take, where they take less', () => {
    const narrow = { ...font, widthOf: () => 1 };
    expect(labelRoom([{ label: 'Nachricht' }], narrow, limits)).toBe(Math.round(9 * 13 * 0.6 + 14));
  });

  it('stays within its limits', () => {
    expect([room(), room('a'), room('电'.repeat(40))]).toEqual([40, 40, 160]);
  });
});

describe('lines side by side', () => {
  it('come nearer to each other where there is little room, down to a limit', () => {
    const widths = [1000, 400, 50].map((width) => sizeOf(fitted(picture, width)).width);
    expect(widths).toEqual([480, 400, 270]);
    expect(fitted({ ...picture, orientation: 'lying' }, 50).span).toBe(320);
  });
});

describe('a large map', () => {
  const map: MatrixPicture = {
    axes: {
      queries: Array.from({ length: 200 }, () => axes.queries[0]!),
      keys: Array.from({ length: 200 }, () => axes.keys[0]!),
    },
    matrix: { queries: 200, keys: 200, values: new Float32Array(40_000).fill(0.005) },
    scale,
    cell: 20,
    colours,
    rowRoom: 60,
    columnRoom: 50,
    followed: null,
    current: null,
  };
  const view = { left: 1000, top: 300, width: 460, height: 350 };

  it('is as large as its cells and sides', () => {
    expect(matrixSize(map)).toEqual({ width: 60 + 4000 + 1, height: 50 + 4000 + 1 });
  });

  it('finds the cell at a point, and none on its sides', () => {
    expect(cellAt(60, 50, view, map)).toEqual({ query: 15, key: 50 });
    expect(cellAt(459, 349, view, map)).toEqual({ query: 29, key: 69 });
    expect(cellAt(59, 200, view, map)).toBeNull();
    expect(cellAt(200, 49, view, map)).toBeNull();
    expect(cellAt(4200, 60, { ...view, left: 0 }, map)).toBeNull();
  });

  it('draws what is in view and nothing else', () => {
    const { surface, drawn } = recorder();
    drawMatrix(surface, map, view);
    // 20 × 15 cells, and two rectangles under the sides.
    expect(drawn['rectangle']).toHaveLength(300 + 2);
    expect(drawn['text']).toHaveLength(20 + 15);
  });

  it('is painted at once where there are many small cells, as much of it as is in view', () => {
    const values = Float32Array.from({ length: 40_000 }, (_, at) => at);
    const { surface, drawn } = recorder();
    const of = { ...map, matrix: { queries: 200, keys: 200, values }, cell: 6 };
    drawMatrix(surface, of, { left: 60, top: 30, width: 660, height: 650 });
    expect(drawn['rectangle']).toHaveLength(2);
    const [part, , box] = drawn['heatMap']![0] as [typeof map.matrix, unknown, object];
    expect([part.queries, part.keys, part.values[0]]).toEqual([100, 100, 5 * 200 + 10]);
    expect(part.values.at(-1)).toBe(104 * 200 + 109);
    expect(box).toEqual({ x: 60, y: 50, width: 600, height: 600 });
  });

  it('fits into its frame at the largest size at which it does, or at the smallest', () => {
    const sizes = [2, 4, 8];
    expect(fittingCell(sizes, { width: 900, height: 900 }, map)).toBe(1);
    expect(fittingCell(sizes, { width: 9000, height: 900 }, map)).toBe(1);
    expect(fittingCell(sizes, { width: 9000, height: 9000 }, map)).toBe(2);
    expect(fittingCell(sizes, { width: 100, height: 100 }, map)).toBe(0);
  });

  it('writes fewer names where cells are small, and values where they are large', () => {
    const small = recorder();
    drawMatrix(small.surface, { ...map, cell: 4 }, { left: 0, top: 0, width: 460, height: 450 });
    expect(small.drawn['text']).toHaveLength(2 * 25);
    const large = recorder();
    const matrix = { queries: 200, keys: 200, values: new Float32Array(40_000).fill(0.25) };
    drawMatrix(large.surface, { ...map, matrix, cell: 40 }, { left: 0, top: 0, width: 140, height: 130 });
    expect(large.drawn['text']!.filter(([text]) => text === '.25')).toHaveLength(4);
  });

  it('scrolls as little as needed to show a cell', () => {
    expect(scrollTo({ query: 20, key: 55 }, view, map)).toEqual({ left: 1000, top: 300 });
    expect(scrollTo({ query: 0, key: 199 }, view, map)).toEqual({ left: 3600, top: 0 });
  });
});

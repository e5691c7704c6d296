/** The picture in a hover: what is in it, that it stays small and sound, and that people can see it in every theme. */
import { SaxesParser } from 'saxes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attentionPicture,
  dataUri,
  mostTokens,
  type AttentionMap,
  type Picture,
} from '../../../extension/hover/attentionPicture';
import { pictureColours, themeKinds, type ThemeKind } from '../../../extension/hover/pictureColours';
import { contrast, parseColour, type Rgb } from '../../../webview/components/colour';

const names = { columnsAre: 'German', rowsAre: 'English' };

function draw(map: AttentionMap, theme: ThemeKind = 'light'): Picture {
  return attentionPicture(map, { theme, ...names });
}

/** In every cell a weight that is drawn, in all shades. */
function fullMap(rows: number, columns: number, label = (index: number) => `token${index}`): AttentionMap {
  return {
    rows: Array.from({ length: rows }, (_, index) => label(index)),
    columns: Array.from({ length: columns }, (_, index) => label(index)),
    weights: Float32Array.from(
      { length: rows * columns },
      (_, place) => (1 + (((place % columns) + Math.floor(place / columns)) % columns)) / columns,
    ),
  };
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** The elements of an SVG; throws where it is no well-formed XML. */
function elementsOf({ svg }: Picture): Element[] {
  const parser = new SaxesParser();
  const elements: Element[] = [];
  const open: Element[] = [];
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    if (open.length > 0) open.at(-1)!.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(svg).close();
  return elements;
}

const textsOf = (picture: Picture): string[] =>
  elementsOf(picture)
    .filter(({ name }) => name === 'text')
    .map(({ text }) => text);

/** The opacities of the cells, by `column row`. */
function opacitiesOf(picture: Picture): Map<string, number> {
  return new Map(
    elementsOf(picture).flatMap(({ attributes: { d = '', 'stroke-opacity': opacity } }) =>
      opacity === undefined
        ? []
        : [...d.matchAll(/M(\d+ \d+)h1/g)].map(([, place]) => [place!, Number(opacity)] as const),
    ),
  );
}

/** The side of a cell, in CSS pixels. */
function cellOf(picture: Picture): number {
  return Number(/scale\(([\d.]+)\)/.exec(picture.svg)?.[1]);
}

describe('a picture of attention', () => {
  const small: AttentionMap = {
    rows: ['The', 'file', '</s>'],
    columns: ['Die', 'Datei', '.', '</s>'],
    weights: [0.7, 0.2, 0.1, 0, 0.01, 0.94, 0.05, 0, 0.02, 0, 0.48, 0.5],
  };

  it('has a label for every row and column, the languages, and a cell as strong as each weight', () => {
    const picture = draw(small);
    expect(textsOf(picture)).toEqual(['German →', 'English ↓', ...small.columns, ...small.rows]);
    const opacities = opacitiesOf(picture);
    Array.from(small.weights).forEach((weight, place) => {
      const opacity = opacities.get(`${place % 4} ${Math.floor(place / 4)}`) ?? 0;
      expect(Math.abs(opacity - weight)).toBeLessThanOrEqual(0.0251);
    });
  });

  it('marks the strongest of each row', () => {
    const marks = elementsOf(draw(small)).find(({ attributes }) => attributes['stroke-width'] !== undefined);
    const places = [...marks!.attributes['d']!.matchAll(/M([\d.]+) ([\d.]+)/g)];
    expect(places.map(([, x, y]) => [Math.floor(Number(x)), Math.floor(Number(y))])).toEqual([
      [0, 0],
      [1, 1],
      [3, 2],
    ]);
  });

  it('of 40 by 40 tokens fits a hover: in its width, and in 60 kB as an address', () => {
    for (const theme of themeKinds) {
      for (const label of ['Wortbestandteil', '语言模型的注意力机制的图', '<&"\'>&<&"\'>&<&', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦']) {
        const picture = draw(
          fullMap(mostTokens, mostTokens, (index) => `${index}${label}`),
          theme,
        );
        expect(picture.width).toBeLessThanOrEqual(476);
        expect(dataUri(picture).length).toBeLessThan(60_000);
        expect(opacitiesOf(picture).size).toBe(1600);
      }
    }
  });

  it.each([
    [13, 177, 9.5],
    [8, 177, 12],
    [8, 130, 9.5],
  ])('of %i pieces fits into the height that can be seen, %i, and can be read', (pieces, room, least) => {
    const picture = attentionPicture(
      fullMap(pieces, pieces, (index) => `${index}verwendet`),
      { theme: 'light', ...names, room },
    );
    expect(picture.height).toBeLessThanOrEqual(room);
    expect(cellOf(picture)).toBeGreaterThanOrEqual(least);
  });

  it('that scrolls all the same keeps its cells large and its labels long', () => {
    const picture = draw(fullMap(20, 20, (index) => `${index}verwendete`));
    expect(cellOf(picture)).toBe(12);
    expect(textsOf(picture)).toContain('5verwendet…');
  });

  it('says beside the map what it is, where there is room', () => {
    const caption = 'Attention, the mean of all heads and layers. Each row sums to one.';
    const captioned = (rows: number, columns: number): Picture =>
      attentionPicture(fullMap(rows, columns), { theme: 'light', ...names, caption });
    const picture = captioned(8, 9);
    expect(picture.captioned).toBe(true);
    expect(
      textsOf(picture)
        .slice(2 + 8 + 9)
        .join(' '),
    ).toBe(caption);
    const lines = elementsOf(picture)
      .filter(({ name }) => name === 'text')
      .slice(2 + 8 + 9);
    const right = 0.58 * 11 * Math.max(...lines.map(({ text }) => text.length));
    expect(Number(lines[0]!.attributes['x']) + right).toBeLessThanOrEqual(picture.width);
    expect(Number(lines.at(-1)!.attributes['y'])).toBeLessThan(picture.height);
    expect(picture.width).toBeLessThanOrEqual(476);
    // Too wide, and too low.
    expect([captioned(8, 30), captioned(1, 3)].map((other) => other.captioned)).toEqual([false, false]);
    expect(textsOf(captioned(8, 30))).toHaveLength(2 + 8 + 30);
  });

  it('has room for everything that is drawn in it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (rows, columns) => {
        const picture = draw(fullMap(rows, columns));
        const frame = elementsOf(picture).find(({ name }) => name === 'rect')!.attributes;
        const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((key) => Number(frame[key]));
        expect(x).toBeGreaterThan(20);
        expect(y).toBeGreaterThan(10);
        expect(x! + width!).toBeLessThan(picture.width);
        expect(y! + height!).toBeLessThan(picture.height);
      }),
      { numRuns: 30, seed: 5 },
    );
  });

  it('has room for the punctuation of East Asia, which is as wide as high', () => {
    const wide = (sign: string): number =>
      draw({ rows: [sign.repeat(7)], columns: ['a'], weights: [1] }).width;
    expect(['，', '。', '「', '！'].map(wide)).toEqual(Array(4).fill(wide('电')));
    expect(wide(',')).toBeLessThan(wide('，'));
  });

  it('refuses what would be too much, or nothing', () => {
    expect(() => draw(fullMap(41, 2))).toThrow(RangeError);
    expect(() => draw(fullMap(2, 41))).toThrow(RangeError);
    expect(() => draw({ rows: [], columns: ['a'], weights: [] })).toThrow(RangeError);
  });

  it('is sound XML, whatever the tokens and the weights are', () => {
    const label = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '</text><script>alert(1)</script>',
        '<!--',
        ']]>',
        '&#0;',
        '\ud83d',
        '\u0000\u0008',
        '\ufffe',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 6 }),
        fc.array(label, { minLength: 1, maxLength: 6 }),
        fc.array(fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -1, 2)), {
          minLength: 36,
          maxLength: 36,
        }),
        (rows, columns, weights) => {
          const elements = elementsOf(draw({ rows, columns, weights }));
          expect([...new Set(elements.map(({ name }) => name))].sort()).toEqual(
            expect.arrayContaining(['g', 'rect', 'svg', 'text']) as string[],
          );
          expect(elements.filter(({ name }) => !['svg', 'g', 'text', 'path', 'rect'].includes(name))).toEqual(
            [],
          );
          expect(elements.filter(({ name }) => name === 'text')).toHaveLength(
            2 + rows.length + columns.length,
          );
          for (const { attributes } of elements)
            for (const value of Object.values(attributes))
              expect(value).not.toMatch(/NaN|Infinity|undefined/);
        },
      ),
      { numRuns: 100, seed: 6 },
    );
  });

  it('comes back from its address', () => {
    const picture = draw(small);
    const [head, body] = dataUri(picture).split(',') as [string, string];
    expect(head).toBe('data:image/svg+xml;base64');
    expect(Buffer.from(body, 'base64').toString()).toBe(picture.svg);
  });
});

/** What VS Code's own themes have behind a hover (editorHoverWidget.background, else editorWidget.background). */
const grounds: Readonly<Record<ThemeKind, readonly string[]>> = {
  // Light Modern, Light+, Quiet Light, Solarized Light
  light: ['#f8f8f8', '#f3f3f3', '#ffffff', '#ccc4b0'],
  // Dark Modern, Dark+, Monokai, Abyss, Kimbie, Red, Solarized Dark, Tomorrow Night Blue
  dark: ['#202020', '#252526', '#414339', '#000c38', '#221a14', '#300000', '#004052', '#001c40'],
  highContrast: ['#0c141f', '#000000'],
  highContrastLight: ['#ffffff'],
};

const rgb = (colour: string): Rgb => parseColour(colour)!;

/** As it looks with this opacity on a ground. */
function mixed(colour: Rgb, ground: Rgb, opacity: number): Rgb {
  return colour.map((part, axis) => part * opacity + ground[axis]! * (1 - opacity)) as unknown as Rgb;
}

describe.each(themeKinds)('the colours for %s', (theme) => {
  const { text, weight, mark, frame, frameOpacity } = pictureColours[theme];
  const least = theme.startsWith('high') ? 7 : 4.5;

  it.each(grounds[theme])('on %s can be read', (ground) => {
    expect(contrast(rgb(text), rgb(ground))).toBeGreaterThanOrEqual(least);
    expect(contrast(rgb(weight), rgb(ground))).toBeGreaterThanOrEqual(3);
    // Around strong cells the frame stands out from what is outside of it at least.
    expect(contrast(rgb(mark), rgb(ground))).toBeGreaterThanOrEqual(3);
    if (theme.startsWith('high'))
      expect(contrast(mixed(rgb(frame), rgb(ground), frameOpacity), rgb(ground))).toBeGreaterThanOrEqual(7);
  });

  it.each(grounds[theme])('on %s grow with the weight', (ground) => {
    const strengths = [0, 0.1, 0.25, 0.5, 0.75, 1].map((opacity) =>
      contrast(mixed(rgb(weight), rgb(ground), opacity), rgb(ground)),
    );
    strengths
      .slice(1)
      .forEach((strength, index) => expect(strength).toBeGreaterThan(strengths[index]! * 1.02));
  });
});

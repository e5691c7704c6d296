import { describe, expect, it } from 'vitest';
import {
  contrast,
  difference,
  fromOklab,
  parseColour,
  toOklab,
  type Rgb,
} from '../../../webview/components/colour';
import {
  colourAt,
  colourScale,
  isDarkGround,
  steps,
  thingColour,
  type Ground,
} from '../../../webview/components/colourScale';

const grounds: readonly [string, Ground][] = [
  ['Dark Modern', { background: [31, 31, 31], dark: true, highContrast: false }],
  ['Light Modern', { background: [255, 255, 255], dark: false, highContrast: false }],
  ['Dark High Contrast', { background: [0, 0, 0], dark: true, highContrast: true }],
  ['Light High Contrast', { background: [255, 255, 255], dark: false, highContrast: true }],
  ['Monokai', { background: [39, 40, 34], dark: true, highContrast: false }],
  ['Solarized Light', { background: [253, 246, 227], dark: false, highContrast: false }],
  ['Solarized Dark', { background: [0, 43, 54], dark: true, highContrast: false }],
  ['a dark background of a light theme', darkOrLight([30, 30, 30])],
  ['a white background of a dark theme', darkOrLight([255, 255, 255])],
  ['a black background', darkOrLight([0, 0, 0])],
];

/** As a page takes a background, whatever the kind of its theme is. */
function darkOrLight(background: Rgb): Ground {
  return { background, dark: isDarkGround(background), highContrast: false };
}

describe('colours', () => {
  it.each([
    ['#fff', [255, 255, 255]],
    ['#1e1E1e', [30, 30, 30]],
    ['#0078d4aa', [0, 120, 212]],
    [' rgb(1, 2, 3)', [1, 2, 3]],
    ['rgba(10 20 30 / 0.5)', [10, 20, 30]],
  ])('%s is read', (text, colour) => {
    expect(parseColour(text)).toEqual(colour);
  });

  it.each(['', 'red', '#12345', 'var(--x)'])('“%s” is none that can be read', (text) => {
    expect(parseColour(text)).toBeUndefined();
  });

  it('are the same after a journey through OKLab, whose numbers are the published ones', () => {
    for (const colour of [
      [0, 0, 0],
      [255, 255, 255],
      [200, 30, 90],
      [3, 200, 120],
    ] as Rgb[]) {
      for (const [axis, part] of fromOklab(toOklab(colour)).entries())
        expect(part).toBeCloseTo(colour[axis]!, 2);
    }
    // Red, as CSS Color 4 has it.
    const [lightness, a, b] = toOklab([255, 0, 0]);
    expect([lightness, a, b].map((part) => part.toFixed(3))).toEqual(['0.628', '0.225', '0.126']);
  });

  it('have the contrast that WCAG says', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
  });
});

describe('a background', () => {
  it.each(grounds)('is dark or light as it is: %s', (_name, { background, dark }) => {
    expect(isDarkGround(background)).toBe(dark);
  });

  it.each([
    ['light, and is black', { background: [30, 30, 30], dark: false, highContrast: false }],
    ['dark, and is white', { background: [255, 255, 255], dark: true, highContrast: false }],
  ] satisfies [string, Ground][])('that is said to be %s has a scale all the same', (_name, ground) => {
    const scale = colourScale(ground);
    expect(colourAt(scale, 0)).toEqual(ground.background);
    expect(contrast(colourAt(scale, 1), ground.background)).toBeGreaterThan(7);
  });
});

describe.each(grounds)('the scale on %s', (_name, ground) => {
  const scale = colourScale(ground);
  const lab = Array.from({ length: steps }, (_, step) => toOklab(colourAt(scale, step / (steps - 1))));

  it('begins at the background and ends far from it', () => {
    if (!ground.highContrast) expect(colourAt(scale, 0)).toEqual(ground.background);
    expect(contrast(colourAt(scale, 1), ground.background)).toBeGreaterThan(7);
  });

  it('gets only lighter, or only darker', () => {
    for (let step = 1; step < steps; step++) {
      const rise = lab[step]![0] - lab[step - 1]![0];
      expect(ground.dark ? rise : -rise).toBeGreaterThan(-0.004);
    }
  });

  it('has steps that look alike', () => {
    // Of 16 values each: single ones are rounded to bytes.
    const strides = Array.from({ length: 15 }, (_, at) => difference(lab[at * 16]!, lab[at * 16 + 16]!));
    expect(Math.max(...strides) / Math.min(...strides)).toBeLessThan(1.35);
  });

  it('is opaque, and takes values beyond its ends for its ends', () => {
    expect(scale.filter((_, at) => at % 4 === 3).every((opacity) => opacity === 255)).toBe(true);
    expect(colourAt(scale, -1)).toEqual(colourAt(scale, 0));
    expect(colourAt(scale, 2)).toEqual(colourAt(scale, 1));
  });

  it('has things that can be told from the background and from each other', () => {
    const colours = Array.from({ length: 8 }, (_, index) => thingColour(index, ground));
    for (const [index, colour] of colours.entries()) {
      expect(contrast(colour, ground.background)).toBeGreaterThan(3);
      for (const other of colours.slice(0, index))
        expect(difference(toOklab(colour), toOklab(other))).toBeGreaterThan(0.05);
    }
    expect(thingColour(8, ground)).toEqual(colours[0]);
  });
});

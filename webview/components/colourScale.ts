/**
 * The colours of numbers and of things. Numbers: a scale from the theme's background, through ColorBrewer's
 * yellow-green-blue, to its far end, spaced so that equal steps look equal, with lightness that only rises or only
 * falls, so that it reads the same to those who see fewer colours. Things (heads, runs): Okabe and Ito's colours,
 * made as light or as dark as the background needs.
 */
import { contrast, difference, fromOklab, parseColour, toOklab, type Oklab, type Rgb } from './colour';

export interface Ground {
  readonly background: Rgb;
  /** Bright things stand on it. */
  readonly dark: boolean;
  readonly highContrast: boolean;
}

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

/** Whether bright things stand out on a background more than dark ones do. */
export function isDarkGround(background: Rgb): boolean {
  return contrast(background, white) > contrast(background, black);
}

/** How many steps a scale has. */
export const steps = 256;

/** ColorBrewer's YlGnBu of nine classes (Apache-2.0, Cynthia Brewer), from bright to dark. */
const yellowGreenBlue = [
  ...['#ffffd9', '#edf8b1', '#c7e9b4', '#7fcdbb', '#41b6c4', '#1d91c0', '#225ea8', '#253494', '#081d58'],
].map((text) => toOklab(parseColour(text)!));

/**
 * The colours of 0 … 1.
 *
 * @returns [256, 4] red, green, blue and opacity, as a canvas's pixels are
 */
export function colourScale({ background, dark, highContrast }: Ground): Uint8ClampedArray {
  const ground = toOklab(background);
  if (highContrast) return spaced(greys(dark));
  const far = beyond(ground, dark);
  // On a background that is further off than all of them, the other end is what can be seen.
  return spaced([ground, ...(far.length > 0 ? far : [toOklab(isDarkGround(background) ? white : black)])]);
}

/** Nothing but light: the most that a high contrast theme can show. */
function greys(dark: boolean): Oklab[] {
  return (dark ? [black, white] : [white, black]).map(toOklab);
}

/** The colours of the list that lie on the far side of the background, nearest first. */
function beyond([lightness]: Oklab, dark: boolean): Oklab[] {
  // One step off the background at least, or the path would turn back.
  return dark
    ? [...yellowGreenBlue].reverse().filter(([l]) => l > lightness + 0.05)
    : yellowGreenBlue.filter(([l]) => l < lightness - 0.02);
}

/** Walks the path in steps of equal length. */
function spaced(path: readonly Oklab[]): Uint8ClampedArray {
  const ends = [0];
  for (let at = 1; at < path.length; at++) ends.push(ends[at - 1]! + difference(path[at - 1]!, path[at]!));
  const colours = new Uint8ClampedArray(steps * 4);
  let piece = 1;
  for (let step = 0; step < steps; step++) {
    const walked = (ends.at(-1)! * step) / (steps - 1);
    while (piece < path.length - 1 && ends[piece]! < walked) piece++;
    const [from, to] = [path[piece - 1]!, path[piece]!];
    const share = Math.min(1, (walked - ends[piece - 1]!) / (ends[piece]! - ends[piece - 1]!));
    const mixed = from.map((part, axis) => part + (to[axis]! - part) * share) as unknown as Oklab;
    colours.set([...fromOklab(mixed).map(Math.round), 255], step * 4);
  }
  return colours;
}

/** The colour of a value of 0 … 1 on a scale. */
export function colourAt(scale: Uint8ClampedArray, value: number): Rgb {
  const at = Math.round(Math.min(1, Math.max(0, value)) * (steps - 1)) * 4;
  return [scale[at]!, scale[at + 1]!, scale[at + 2]!];
}

/**
 * The colours of −1 … 1: nothing is the background, what is below and above goes to two colours that everybody can
 * tell apart.
 *
 * @returns [256, 4], as colourScale
 */
export function signedScale(ground: Ground): Uint8ClampedArray {
  const middle = toOklab(ground.background);
  const [above, below] = [0, 1].map((thing) => toOklab(thingColour(thing, ground)));
  const colours = new Uint8ClampedArray(steps * 4);
  for (let step = 0; step < steps; step++) {
    const value = (2 * step) / (steps - 1) - 1;
    const end = value < 0 ? below! : above!;
    const mixed = middle.map(
      (part, axis) => part + (end[axis]! - part) * Math.abs(value),
    ) as unknown as Oklab;
    colours.set([...fromOklab(mixed).map(Math.round), 255], step * 4);
  }
  return colours;
}

/** Okabe and Ito 2008, the strongest first; violet and grey for yellow, which vanishes on white, and black. */
const things = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#9a6fb0', '#8c8c8c'].map(
  (text) => toOklab(parseColour(text)!),
);

/**
 * The colour of the n-th thing. They repeat after eight, so colour alone says nothing: label what it marks.
 *
 * @returns a colour with a contrast of 3 or more to the background, as WCAG asks of graphics
 */
export function thingColour(index: number, { background, dark }: Pick<Ground, 'background' | 'dark'>): Rgb {
  const [lightness, a, b] = things[index % things.length]!;
  const step = dark ? 0.02 : -0.02;
  let colour = fromOklab([lightness, a, b]);
  for (let tries = 1; tries < 50 && contrast(colour, background) < 3; tries++) {
    colour = fromOklab([lightness + step * tries, a, b]);
  }
  return colour;
}

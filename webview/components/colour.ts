/**
 * Colours as numbers: sRGB in bytes, and OKLab (Ottosson 2020), in which equal distances look equally different.
 */

/** Red, green and blue, 0 … 255. */
export type Rgb = readonly [number, number, number];

/** Lightness 0 … 1, and two axes of colour. */
export type Oklab = readonly [number, number, number];

/** Reads what CSS computes for a colour: #rgb, #rrggbb, #rrggbbaa, rgb() and rgba(). Opacity is left out. */
export function parseColour(text: string): Rgb | undefined {
  const hex = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const digits = hex.length < 6 ? hex.replace(/./g, '$&$&') : hex;
    const part = (at: number): number => Number.parseInt(digits.slice(at, at + 2), 16);
    return [part(0), part(2), part(4)];
  }
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text.trim());
  return parts === null ? undefined : [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

/** As CSS and a canvas write it. */
export function css([red, green, blue]: Rgb, opacity = 1): string {
  const whole = [red, green, blue].map((part) => Math.round(part)).join(' ');
  return opacity >= 1 ? `rgb(${whole})` : `rgb(${whole} / ${opacity.toFixed(3)})`;
}

function toLinear(byte: number): number {
  const part = byte / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function fromLinear(linear: number): number {
  const part = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.min(255, Math.max(0, part * 255));
}

export function toOklab([red, green, blue]: Rgb): Oklab {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Colours that a screen cannot show are cut off at its limits. */
export function fromOklab([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** How far apart two colours look; 1 lies between black and white. */
export function difference(first: Oklab, second: Oklab): number {
  return Math.hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]);
}

/** The contrast of two colours as WCAG 2 counts it, 1 … 21. */
export function contrast(first: Rgb, second: Rgb): number {
  const luminance = ([red, green, blue]: Rgb): number =>
    0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);
  const [bright, dark] = [luminance(first), luminance(second)].sort((one, other) => other - one);
  return (bright! + 0.05) / (dark! + 0.05);
}

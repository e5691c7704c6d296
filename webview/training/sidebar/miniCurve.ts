/** The loss of a run, small: what it was, what it is on average, and what the validations said. */
import { CanvasElement } from '../../components/canvasElement';
import { css, parseColour, type Rgb } from '../../components/colour';
import { isDarkGround, thingColour } from '../../components/colourScale';
import { isHighContrast, onThemeChange, readTheme } from '../../components/theme';
import { decimate, type Numbers } from '../numbers/decimate';
import type { RunCurves } from '../numbers/histories';
import { Smoothed } from '../numbers/smooth';

const smoothing = 0.9;
const margin = 3;

interface Point {
  readonly x: number;
  readonly y: number;
}

export class MiniCurve extends CanvasElement {
  #curves: RunCurves | undefined;
  #generation = -1;
  #names: readonly [loss: string, validation: string] = ['', ''];
  #smoothed = new Smoothed(smoothing);
  #forgetTheme: (() => void) | undefined;

  /** What is drawn; drawn anew when `length` is set to another value too. */
  set curves(curves: RunCurves | undefined) {
    if (curves !== this.#curves) {
      this.#curves = curves;
      this.#generation = -1;
    }
    this.redraw();
  }

  /** What the line and the dots are called. */
  set names(names: readonly [loss: string, validation: string]) {
    this.#names = names;
  }

  set length(_: number) {
    this.redraw();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'img');
    this.#forgetTheme = onThemeChange(() => this.redraw());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forgetTheme?.();
  }

  protected override draw(context: CanvasRenderingContext2D, width: number, height: number): void {
    const curves = this.#curves;
    if (curves === undefined || curves.steps.length < 2) return;
    if (this.#generation !== curves.generation) {
      this.#generation = curves.generation;
      this.#smoothed = new Smoothed(smoothing);
    }
    const { step, loss } = curves.steps.columns;
    const { length } = curves.steps;
    const smoothed = this.#smoothed.of(loss, length);
    const [low, high] = [step[0]!, step[length - 1]!];
    const chosen = decimate(step, loss, length, {
      low,
      high,
      pixels: Math.max(1, Math.floor(width)),
      logarithmic: false,
    });
    const validated = pointsOf(curves);
    const range = rangeOf([...chosen.map((index) => loss[index]!), ...validated.map(({ y }) => y)]);
    if (range === undefined) return;
    const place = ({ x, y }: Point): Point => ({
      x: margin + ((x - low) / (high - low)) * (width - 2 * margin),
      y: height - margin - ((y - range.low) / (range.high - range.low)) * (height - 2 * margin),
    });
    const theme = readTheme();
    const style = getComputedStyle(this);
    // The view's own ground need not be the editor's, nor as dark.
    const background = parseColour(style.getPropertyValue('--vscode-sideBar-background')) ?? theme.background;
    const ground = { background, dark: isDarkGround(background) };
    const [line, dots] = [thingColour(0, ground), thingColour(1, ground)];
    const at = (values: Numbers) => chosen.map((index) => place({ x: step[index]!, y: values[index]! }));
    drawLine(context, at(loss), line, { width: 1, opacity: isHighContrast(theme) ? 0.5 : 0.3 });
    drawLine(context, at(smoothed), line, { width: 1.5, opacity: 1 });
    drawLine(context, validated.map(place), dots, { width: 1.5, opacity: 1, dots: true });
    const [first, second] = this.#names;
    const keys = [
      { name: first, colour: line },
      ...(validated.length > 0 ? [{ name: second, colour: dots }] : []),
    ];
    drawKeys(context, keys, { width, font: `11px ${style.fontFamily}`, text: style.color });
  }
}

/** Which colour is what, at the top right: losses fall, so that there is room. */
function drawKeys(
  context: CanvasRenderingContext2D,
  keys: readonly { readonly name: string; readonly colour: Rgb }[],
  { width, font, text }: { readonly width: number; readonly font: string; readonly text: string },
): void {
  context.font = font;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const [index, { name, colour }] of keys.entries()) {
    const y = 8 + 16 * index;
    context.fillStyle = css(colour);
    context.fillRect(width - 14, y - 1, 12, 2);
    context.fillStyle = text;
    context.fillText(name, width - 20, y);
  }
}

function pointsOf({ validations }: RunCurves): Point[] {
  const { step, loss } = validations.columns;
  const points = Array.from({ length: validations.length }, (_, index) => ({
    x: step[index]!,
    y: loss[index]!,
  }));
  return points.filter(({ y }) => Number.isFinite(y));
}

/** From the least to the greatest; the very first losses of a run would press all others flat, and may leave the picture. */
function rangeOf(values: readonly number[]): { low: number; high: number } | undefined {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [low] = finite;
  const high = finite[Math.floor((finite.length - 1) * 0.98)];
  if (low === undefined || high === undefined) return undefined;
  return high > low ? { low, high } : { low: low - 0.5, high: low + 0.5 };
}

function drawLine(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  colour: Rgb,
  { width, opacity, dots = false }: { width: number; opacity: number; dots?: boolean },
): void {
  context.save();
  context.globalAlpha = opacity;
  context.strokeStyle = context.fillStyle = css(colour);
  context.lineWidth = width;
  context.lineJoin = 'round';
  context.beginPath();
  let begun = false;
  for (const { x, y } of points) {
    if (!Number.isFinite(y)) continue;
    if (begun) context.lineTo(x, y);
    else context.moveTo(x, y);
    begun = true;
  }
  context.stroke();
  if (dots && points.length <= 40) {
    for (const { x, y } of points) {
      context.beginPath();
      context.arc(x, y, 2.2, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.restore();
}

customElements.define('polyhead-mini-curve', MiniCurve);

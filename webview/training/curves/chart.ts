/**
 * A chart of curves: uPlot draws it; here it is given what is seen, thinned to its pixels, and follows mouse and
 * keyboard. Several charts show the same stretch, which is why none of them decides on it alone.
 */
import uPlot from 'uplot';
import { css } from '../../components/colour';
import type { Theme } from '../../components/theme';
import type { ChartPicture, CurveLook } from './chartPicture';
import { isSameCurve, rangeOf, tableOf, within, zoomed, type Range } from './series';

export interface ChartModel extends ChartPicture {
  /** All that there is of x. */
  readonly extent: Range;
  readonly theme: Theme;
}

export interface ChartListener {
  /** Another stretch is to be seen; null: all of it. */
  zoom(range: Range | null): void;
  /** The cursor stands at an x value, or nowhere. `spoken`: it was put there by a key. */
  point(x: number | null, spoken: boolean): void;
}

/** uPlot's own name for this number is there for the compiler alone. */
const logarithmicScale = { distr: 3 } as const;

/** What a key press moves or zooms by, as a share of what is seen. */
const keyStep = 0.02;
const keyPan = 0.2;
const keyZoom = 0.7;

export class CurveChart extends HTMLElement {
  listener: ChartListener | undefined;
  #plot: uPlot | undefined;
  #model: ChartModel | undefined;
  /** What the plot was made for; another one needs another plot. */
  #made = '';
  /** What it shows. */
  #filled: ChartModel | undefined;
  #waiting = false;
  #cursor: number | null = null;
  readonly #sizes = new ResizeObserver(() => this.#soon());

  connectedCallback(): void {
    this.tabIndex = 0;
    this.setAttribute('role', 'application');
    this.addEventListener('keydown', this.#onKey);
    this.#sizes.observe(this);
  }

  disconnectedCallback(): void {
    this.removeEventListener('keydown', this.#onKey);
    this.#sizes.disconnect();
    this.#unmake();
  }

  /** Drawn with whatever else the page changes in the same turn. */
  set model(model: ChartModel) {
    this.#model = model;
    this.#soon();
  }

  /** Where the cursor's line stands; it is the same in all charts. */
  set cursor(x: number | null) {
    this.#cursor = x;
    this.#placeCursor();
  }

  #soon(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    // The page is shown before a frame is painted: what is drawn right after that is in the same frame.
    queueMicrotask(() => {
      this.#waiting = false;
      if (this.isConnected) this.#draw();
    });
  }

  #draw(): void {
    const model = this.#model;
    const { clientWidth: width, clientHeight: height } = this;
    if (model === undefined || width < 40 || height < 40) return;
    const structure = JSON.stringify([
      model.looks,
      model.logarithmic,
      model.hasSmooth,
      model.dots,
      model.theme,
      window.devicePixelRatio,
    ]);
    if (this.#plot === undefined || this.#made !== structure) {
      this.#unmake();
      this.#plot = this.#make(model, width, height);
      this.#made = structure;
    } else if (this.#plot.width !== width || this.#plot.height !== height) {
      this.#plot.setSize({ width, height });
      this.#filled = undefined;
    }
    // The cursor alone has moved: a long history need not be gone through for that.
    if (this.#filled === undefined || !isSamePicture(this.#filled, model)) this.#fill(this.#plot, model);
    else this.#placeCursor();
  }

  #fill(plot: uPlot, model: ChartModel): void {
    const [low, high] = model.range;
    const pixels = Math.max(1, Math.round(plot.bbox.width / window.devicePixelRatio));
    const table = tableOf(model.curves, { low, high, pixels, logarithmic: false }, model);
    const [least, greatest] = rangeOf(table, model.range, model) ?? [model.logarithmic ? 0.1 : 0, 1];
    plot.batch(() => {
      plot.setData(table, false);
      plot.setScale('x', { min: low, max: high });
      plot.setScale('y', { min: least, max: greatest });
    });
    this.#filled = model;
    this.#placeCursor();
  }

  #unmake(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#filled = undefined;
  }

  #make(model: ChartModel, width: number, height: number): uPlot {
    const asGiven = (_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax => [low, high];
    const plot = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        padding: [8, 26, 0, 0],
        scales: {
          x: { time: false, auto: false, range: asGiven },
          y: { auto: false, range: asGiven, ...(model.logarithmic && logarithmicScale) },
        },
        axes: axesOf(model, () => this.#model ?? model),
        series: [{}, ...model.looks.flatMap((look) => seriesOf(look, model))],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
          bind: {
            // With Shift the mouse moves the picture.
            mousedown: (_, __, handler) => (event) => {
              if (!event.shiftKey && event.button === 0) handler(event);
              return null;
            },
            dblclick: () => () => {
              this.listener?.zoom(null);
              return null;
            },
          },
        },
        hooks: { setSelect: [(self) => this.#onSelect(self)] },
      },
      [[], ...model.looks.flatMap(() => (model.hasSmooth ? [[], []] : [[]]))],
      this,
    );
    this.#follow(plot);
    return plot;
  }

  #follow(plot: uPlot): void {
    const { over } = plot;
    const valueAt = (event: MouseEvent): number =>
      plot.posToVal(event.clientX - over.getBoundingClientRect().left, 'x');
    over.addEventListener('mousemove', (event) => this.listener?.point(valueAt(event), false));
    over.addEventListener('mouseleave', () => this.listener?.point(null, false));
    over.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.#zoom(valueAt(event), Math.exp(Math.max(-1, Math.min(1, event.deltaY * 0.002))));
      },
      { passive: false },
    );
    over.addEventListener('pointerdown', (event) => {
      if (event.shiftKey || event.button === 1) this.#pan(plot, event);
    });
  }

  #pan(plot: uPlot, down: PointerEvent): void {
    const { over } = plot;
    const begin = this.#model?.range;
    if (begin === undefined) return;
    down.preventDefault();
    over.setPointerCapture(down.pointerId);
    const move = ({ clientX }: PointerEvent): void => {
      const share = (clientX - down.clientX) / over.clientWidth;
      this.#move(begin, -share * (begin[1] - begin[0]));
    };
    const end = (): void => {
      over.removeEventListener('pointermove', move);
      over.removeEventListener('pointerup', end);
      over.removeEventListener('pointercancel', end);
    };
    over.addEventListener('pointermove', move);
    over.addEventListener('pointerup', end);
    over.addEventListener('pointercancel', end);
  }

  #onSelect(plot: uPlot): void {
    const { left, width } = plot.select;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (width < 4) return;
    this.listener?.zoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
  }

  #zoom(around: number, factor: number): void {
    const model = this.#model;
    if (model === undefined) return;
    const range = zoomed(model.range, around, factor);
    const all = model.extent[1] - model.extent[0];
    if (range[1] - range[0] >= all) this.listener?.zoom(null);
    // Closer than this there is nothing between two points.
    else if (range[1] - range[0] > all * 1e-7) this.listener?.zoom(within(range, model.extent));
  }

  #move([low, high]: Range, by: number): void {
    if (this.#model !== undefined) this.listener?.zoom(within([low + by, high + by], this.#model.extent));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const model = this.#model;
    if (model === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const [low, high] = model.range;
    const width = high - low;
    const direction = event.key === 'ArrowLeft' ? -1 : 1;
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        if (event.shiftKey) {
          this.#move(model.range, direction * keyPan * width);
        } else {
          const from = this.#cursor ?? (direction > 0 ? low : high);
          this.listener?.point(Math.min(high, Math.max(low, from + direction * keyStep * width)), true);
        }
        break;
      case 'Home':
      case 'End':
        this.listener?.point(event.key === 'Home' ? low : high, true);
        break;
      case '+':
      case '=':
        this.#zoom(this.#cursor ?? (low + high) / 2, keyZoom);
        break;
      case '-':
        this.#zoom(this.#cursor ?? (low + high) / 2, 1 / keyZoom);
        break;
      case '0':
        this.listener?.zoom(null);
        break;
      case 'Escape':
        this.listener?.point(null, true);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  #placeCursor(): void {
    const plot = this.#plot;
    if (plot === undefined) return;
    const isSeen =
      this.#cursor !== null &&
      this.#model !== undefined &&
      this.#cursor >= this.#model.range[0] &&
      this.#cursor <= this.#model.range[1];
    const left = isSeen ? plot.valToPos(this.#cursor!, 'x') : -10;
    plot.setCursor({ left, top: 0 }, false);
    // What is told of the cursor stands beside it.
    const { over } = plot;
    this.parentElement?.style.setProperty('--cursor-left', `${over.offsetLeft + left}px`);
  }
}

/** Whether both show the same points in the same stretch; how plots are made is not asked. */
function isSamePicture(one: ChartModel, other: ChartModel): boolean {
  return (
    one.range[0] === other.range[0] &&
    one.range[1] === other.range[1] &&
    one.ignoreOutliers === other.ignoreOutliers &&
    one.curves.length === other.curves.length &&
    one.curves.every((curve, index) => isSameCurve(curve, other.curves[index]!))
  );
}

function seriesOf({ colour, dash }: CurveLook, { hasSmooth, dots, theme }: ChartModel): uPlot.Series[] {
  const strong = css(colour);
  const bright = theme.kind === 'highContrast' || theme.kind === 'highContrastLight';
  const line = (opacity: number, width: number): uPlot.Series => ({
    stroke: opacity === 1 ? strong : css(colour, opacity),
    width,
    // Between close points there is no room for gaps.
    dash: opacity === 1 ? [...dash] : [],
    spanGaps: true,
    points: { show: dots, size: 5, fill: strong, stroke: strong },
  });
  return hasSmooth ? [line(bright ? 0.35 : 0.28, 1), line(1, 1.75)] : [line(1, 1.5)];
}

function axesOf({ theme }: ChartModel, model: () => ChartModel): uPlot.Axis[] {
  const font = `${theme.fontSize - 1}px ${theme.fontFamily}`;
  const stroke = css(theme.muted);
  const grid = { stroke: css(theme.border, 0.55), width: 1 };
  const ticks = { ...grid, size: 4 };
  const isHigh = theme.kind === 'highContrast' || theme.kind === 'highContrastLight';
  const common = { stroke: isHigh ? css(theme.foreground) : stroke, font, grid, ticks };
  return [
    {
      ...common,
      size: 28,
      gap: 4,
      space: 80,
      values: (_, values) => values.map((value) => model().formatX(value)),
    },
    {
      ...common,
      size: 58,
      gap: 4,
      space: 28,
      values: (_, values) =>
        // A logarithmic scale has more lines than there is room for words.
        values.map((value) => (isWorded(value, model().logarithmic) ? model().formatY(value) : '')),
    },
  ];
}

function isWorded(value: number | null, logarithmic: boolean): value is number {
  if (value === null) return false;
  if (!logarithmic) return true;
  const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return [1, 2, 5].some((worded) => Math.abs(digit - worded) < 1e-6);
}

customElements.define('polyhead-curve-chart', CurveChart);

/**
 * `<attention-matrix>`: one map large. Only what is in view is drawn, into a canvas that stays while the content is
 * scrolled. Values show when a cell is pointed at or reached with the arrows.
 */
import { CanvasElement } from '../../components/canvasElement';
import type { Theme } from '../../components/theme';
import {
  cellAt,
  drawMatrix,
  fittingCell,
  matrixSize,
  scrollTo,
  type Cell,
  type MatrixPicture,
  type View,
} from '../matrixDrawing';
import { CanvasSurface } from '../canvasSurface';

export interface MatrixInput {
  readonly picture: Omit<MatrixPicture, 'current'>;
  readonly theme: Theme;
}

export class AttentionMatrix extends CanvasElement {
  #input: MatrixInput | undefined;
  #current: Cell | null = null;
  /** As large as the whole drawing, so that there is something to scroll. */
  readonly #extent = document.createElement('div');

  constructor() {
    super();
    this.addEventListener('pointermove', (event) => this.#point(event));
    this.addEventListener('pointerleave', () => this.#moveTo(null));
    this.addEventListener('click', () =>
      this.dispatchEvent(new CustomEvent('keep', { detail: this.#current })),
    );
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('blur', () => this.#moveTo(null));
    this.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#extent.parentNode !== null) return;
    // Within the extent the canvas sticks to the frame, whatever is scrolled.
    this.#extent.className = 'extent';
    this.#extent.append(this.canvas);
    this.append(this.#extent);
    this.addEventListener('scroll', () => this.redraw());
  }

  set input(input: MatrixInput) {
    this.#input = input;
    const { width, height } = matrixSize(input.picture);
    this.#extent.style.width = `${width}px`;
    this.#extent.style.height = `${height}px`;
    const { queries, keys } = input.picture.axes;
    if (this.#current !== null && (this.#current.query >= queries.length || this.#current.key >= keys.length))
      this.#moveTo(null);
    this.redraw();
  }

  /** Which of these cell sizes is the largest that shows everything; undefined while there is nothing to show. */
  fittingZoom(sizes: readonly number[]): number | undefined {
    if (this.#input === undefined) return undefined;
    const most = Number.parseFloat(getComputedStyle(this).maxHeight);
    return fittingCell(sizes, { width: this.clientWidth, height: most }, this.#input.picture);
  }

  protected draw(context: CanvasRenderingContext2D, width: number, height: number): void {
    if (this.#input === undefined) return;
    const { picture, theme } = this.#input;
    const surface = new CanvasSurface(context, { family: theme.fontFamily, size: theme.fontSize - 1 });
    drawMatrix(surface, { ...picture, current: this.#current }, this.#view(width, height));
    this.dataset['drawn'] = `${picture.axes.queries.length}×${picture.axes.keys.length}`;
  }

  #view(width = this.clientWidth, height = this.clientHeight): View {
    return { left: this.scrollLeft, top: this.scrollTop, width, height };
  }

  #point(event: PointerEvent): void {
    if (this.#input === undefined) return;
    const box = this.getBoundingClientRect();
    this.#moveTo(
      cellAt(event.clientX - box.left, event.clientY - box.top, this.#view(), this.#input.picture),
    );
  }

  #moveTo(cell: Cell | null): void {
    if (cell?.query === this.#current?.query && cell?.key === this.#current?.key) return;
    this.#current = cell;
    this.redraw();
    this.dispatchEvent(new CustomEvent('point', { detail: cell }));
  }

  /** Zooms with Ctrl, as browsers and editors do; a pinch comes as the same. */
  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('zoom', { detail: event.deltaY < 0 ? 1 : -1 }));
  }

  #key(event: KeyboardEvent): void {
    if (this.#input === undefined) return;
    const { queries, keys } = this.#input.picture.axes;
    const { query, key } = this.#current ?? { query: 0, key: 0 };
    const far = event.ctrlKey || event.metaKey ? Infinity : 1;
    const moves: Readonly<Record<string, [number, number]>> = {
      ArrowUp: [query - far, key],
      ArrowDown: [query + far, key],
      ArrowLeft: [query, key - far],
      ArrowRight: [query, key + far],
      Home: [query, 0],
      End: [query, Infinity],
      PageUp: [query - 10, key],
      PageDown: [query + 10, key],
    };
    if (event.key === '+' || event.key === '-') {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent('zoom', { detail: event.key === '+' ? 1 : -1 }));
      return;
    }
    if (event.key === 'Enter' || event.key === 'Escape') {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent('keep', { detail: event.key === 'Enter' ? this.#current : null }));
      return;
    }
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (move === undefined || queries.length === 0) return;
    event.preventDefault();
    const within = (at: number, length: number): number => Math.min(length - 1, Math.max(0, at));
    const next = this.#current === null ? [0, 0] : move;
    const cell = { query: within(next[0]!, queries.length), key: within(next[1]!, keys.length) };
    this.#moveTo(cell);
    this.scrollTo(scrollTo(cell, this.#view(), this.#input.picture));
  }
}

customElements.define('attention-matrix', AttentionMatrix);

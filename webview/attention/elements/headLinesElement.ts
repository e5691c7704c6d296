/**
 * `<attention-lines>`: the head view. Pointing at a token follows it, clicking keeps it followed; with the keyboard the
 * arrows move along and across, Enter keeps, Escape lets go.
 */
import { CanvasElement } from '../../components/canvasElement';
import type { Theme } from '../../components/theme';
import {
  drawHeadLines,
  fitted,
  placeAt,
  sizeOf,
  spans,
  type Followed,
  type HeadLinesPicture,
} from '../headLines';
import { CanvasSurface } from '../canvasSurface';

export interface HeadLinesInput {
  readonly picture: HeadLinesPicture;
  readonly theme: Theme;
}

type Place = { readonly side: 'queries' | 'keys'; readonly index: number };

export class HeadLines extends CanvasElement {
  #input: HeadLinesInput | undefined;
  /** What is pointed at, or the keyboard is on. */
  #current: Place | null = null;

  constructor() {
    super();
    this.addEventListener('pointermove', (event) => this.#point(event));
    this.addEventListener('pointerleave', () => this.#moveTo(null));
    this.addEventListener('click', () => this.#keep());
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('blur', () => this.#moveTo(null));
  }

  set input(input: HeadLinesInput) {
    this.#input = input;
    const { width, height } = sizeOf(input.picture);
    const upright = input.picture.orientation === 'upright';
    // As wide as there is room for, within limits; lying down it is as long as it is.
    this.style.width = upright ? '100%' : `${width}px`;
    this.style.maxWidth = `${width}px`;
    this.style.minWidth = `${upright ? sizeOf({ ...input.picture, span: spans.least }).width : width}px`;
    this.style.height = `${height}px`;
    if (this.#current !== null && this.#current.index >= input.picture.axes[this.#current.side].length)
      this.#moveTo(null);
    this.redraw();
  }

  protected draw(context: CanvasRenderingContext2D, width: number): void {
    if (this.#input === undefined) return;
    const { theme } = this.#input;
    const picture = fitted(this.#input.picture, width);
    const surface = new CanvasSurface(context, { family: theme.fontFamily, size: theme.fontSize });
    drawHeadLines(surface, { ...picture, followed: this.#followed() ?? picture.followed });
    this.dataset['drawn'] = `${picture.axes.queries.length}×${picture.axes.keys.length}`;
  }

  #followed(): Followed | null {
    if (this.#current === null || this.#input === undefined) return null;
    const { side, index } = this.#current;
    return { token: this.#input.picture.axes[side][index]!.token, side };
  }

  #point(event: PointerEvent): void {
    if (this.#input === undefined) return;
    const box = this.getBoundingClientRect();
    const point = { x: event.clientX - box.left, y: event.clientY - box.top };
    this.#moveTo(placeAt(point, fitted(this.#input.picture, box.width)) ?? null);
  }

  #moveTo(place: Place | null): void {
    if (place?.side === this.#current?.side && place?.index === this.#current?.index) return;
    this.#current = place;
    this.style.cursor = place === null ? '' : 'pointer';
    this.redraw();
    this.dispatchEvent(new CustomEvent('follow', { detail: this.#followed() }));
  }

  #keep(): void {
    this.dispatchEvent(new CustomEvent('keep', { detail: this.#followed() }));
  }

  #key(event: KeyboardEvent): void {
    if (this.#input === undefined) return;
    const { axes, orientation } = this.#input.picture;
    const upright = orientation === 'upright';
    const keys = {
      [upright ? 'ArrowUp' : 'ArrowLeft']: () => this.#step(-1),
      [upright ? 'ArrowDown' : 'ArrowRight']: () => this.#step(1),
      [upright ? 'ArrowLeft' : 'ArrowUp']: () => this.#cross('queries'),
      [upright ? 'ArrowRight' : 'ArrowDown']: () => this.#cross('keys'),
      Home: () => this.#step(-Infinity),
      End: () => this.#step(Infinity),
      Enter: () => this.#keep(),
      ' ': () => this.#keep(),
      Escape: () => {
        this.#moveTo(null);
        this.#keep();
      },
    };
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (act === undefined || axes.queries.length === 0) return;
    event.preventDefault();
    act();
  }

  #step(by: number): void {
    const { side, index } = this.#current ?? { side: 'queries' as const, index: by > 0 ? -1 : 0 };
    const last = this.#input!.picture.axes[side].length - 1;
    this.#moveTo({ side, index: Math.min(last, Math.max(0, index + by)) });
    this.#show();
  }

  #cross(side: 'queries' | 'keys'): void {
    const last = this.#input!.picture.axes[side].length - 1;
    this.#moveTo({ side, index: Math.min(this.#current?.index ?? 0, last) });
  }

  /** Brings the current token into view where the drawing is longer than its frame. */
  #show(): void {
    const frame = this.parentElement;
    if (frame === null || this.#current === null || this.#input === undefined) return;
    const at = (this.#current.index + 1) * 20;
    const upright = this.#input.picture.orientation === 'upright';
    const [from, room] = upright
      ? [frame.scrollTop, frame.clientHeight]
      : [frame.scrollLeft, frame.clientWidth];
    const to = Math.min(at - 20, Math.max(from, at + 20 - room));
    frame.scrollTo(upright ? { top: to } : { left: to });
  }
}

customElements.define('attention-lines', HeadLines);

/**
 * `<attention-heat-grid>`: many heads small, all on one canvas that lies over their cells. A canvas for each head would
 * cost the browser more than the drawing does; so that layers can come one after another, only new maps are drawn.
 */
import { CanvasElement } from '../../components/canvasElement';
import { heatPixels } from '../heatPixels';
import type { Matrix } from '../weights';

export interface HeatGridPicture {
  /** A map for each `.cell` beside this element, in their order; undefined: not there yet. */
  readonly maps: readonly (Matrix | undefined)[];
  readonly scale: Uint8ClampedArray;
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A map on the canvas. */
interface Drawn {
  readonly values: Float32Array;
  readonly place: Place;
}

export class HeatGrid extends CanvasElement {
  protected override readonly keeps = true;
  #picture: HeatGridPicture | undefined;
  #drawn: (Drawn | undefined)[] = [];
  #scale: Uint8ClampedArray | undefined;

  set picture(picture: HeatGridPicture) {
    const before = this.#picture;
    this.#picture = picture;
    const same =
      before?.scale === picture.scale &&
      before.maps.length === picture.maps.length &&
      before.maps.every((map, at) => map?.values === picture.maps[at]?.values);
    if (!same) this.redraw();
  }

  protected draw(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    density: number,
    wiped: boolean,
  ): void {
    if (this.#picture === undefined) return;
    const { maps, scale } = this.#picture;
    const cells = [...(this.parentElement?.querySelectorAll<HTMLElement>('.cell') ?? [])];
    // All are measured before anything is written, so that the page is laid out once.
    const origin = this.getBoundingClientRect();
    const places = cells.map((cell) => placeOf(cell, origin, density));
    const moved = this.#drawn.some((drawn, at) => drawn !== undefined && !samePlace(drawn.place, places[at]));
    if (wiped || moved || scale !== this.#scale) {
      if (!wiped) context.clearRect(0, 0, width, height);
      this.#drawn = [];
    }
    this.#scale = scale;
    for (const [at, cell] of cells.entries()) this.#drawMap(context, at, cell, maps[at], places[at]!, scale);
    this.#drawn.length = cells.length;
  }

  #drawMap(
    context: CanvasRenderingContext2D,
    at: number,
    cell: HTMLElement,
    map: Matrix | undefined,
    place: Place,
    scale: Uint8ClampedArray,
  ): void {
    const { left, top, width, height } = place;
    if (map?.values === this.#drawn[at]?.values) return;
    if (map === undefined || width < 1 || height < 1) {
      context.save();
      context.resetTransform();
      context.clearRect(left, top, width, height);
      context.restore();
      delete cell.dataset['drawn'];
      this.#drawn[at] = undefined;
      return;
    }
    const pixels = heatPixels(map, width, height, scale);
    context.putImageData(new ImageData(pixels, width, height), left, top);
    cell.dataset['drawn'] = `${map.queries}×${map.keys}`;
    this.#drawn[at] = { values: map.values, place };
  }
}

/** Where a cell's inside is on the canvas, in its pixels: those that its border does not touch. */
function placeOf(cell: HTMLElement, origin: DOMRect, density: number): Place {
  const box = cell.getBoundingClientRect();
  const left = Math.ceil((box.left - origin.left + cell.clientLeft) * density);
  const top = Math.ceil((box.top - origin.top + cell.clientTop) * density);
  return {
    left,
    top,
    width: Math.floor((box.right - origin.left - cell.clientLeft) * density) - left,
    height: Math.floor((box.bottom - origin.top - cell.clientTop) * density) - top,
  };
}

function samePlace(one: Place, other: Place | undefined): boolean {
  return (
    other !== undefined &&
    one.left === other.left &&
    one.top === other.top &&
    one.width === other.width &&
    one.height === other.height
  );
}

customElements.define('attention-heat-grid', HeatGrid);

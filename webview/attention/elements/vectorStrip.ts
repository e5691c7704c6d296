/** `<attention-vector>`: the numbers of a vector as a row of colours, in as many rows as its length needs. */
import { CanvasElement } from '../../components/canvasElement';
import { steps } from '../../components/colourScale';

export interface VectorPicture {
  readonly values: Float32Array;
  /** Colours of −1 … 1, `[256, 4]`. */
  readonly scale: Uint8ClampedArray;
  /** What counts as 1; the largest of the values unless given. */
  readonly most?: number;
}

/** The step of a value on a signed scale. */
export function signedStep(value: number, most: number): number {
  const share = most > 0 ? Math.max(-1, Math.min(1, value / most)) : 0;
  return Math.round(((share + 1) / 2) * (steps - 1));
}

export class VectorStrip extends CanvasElement {
  #picture: VectorPicture | undefined;

  set picture(picture: VectorPicture) {
    if (this.#picture?.values === picture.values && this.#picture.scale === picture.scale) return;
    this.#picture = picture;
    this.redraw();
  }

  protected draw(context: CanvasRenderingContext2D, width: number, height: number): void {
    if (this.#picture === undefined) return;
    const { values, scale } = this.#picture;
    const most = this.#picture.most ?? values.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
    // Whole screen pixels a number where there is room for that; else a few numbers share one, the strongest shows.
    const columns = Math.max(1, Math.min(values.length, Math.floor(width)));
    for (let column = 0; column < columns; column++) {
      const from = Math.floor((column * values.length) / columns);
      const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns));
      let shown = 0;
      for (let at = from; at < to; at++) if (Math.abs(values[at]!) > Math.abs(shown)) shown = values[at]!;
      const at = signedStep(shown, most) * 4;
      context.fillStyle = `rgb(${scale[at]!} ${scale[at + 1]!} ${scale[at + 2]!})`;
      const [left, right] = [(column * width) / columns, ((column + 1) * width) / columns];
      context.fillRect(Math.round(left), 0, Math.round(right) - Math.round(left), height);
    }
    this.dataset['drawn'] = String(values.length);
  }
}

customElements.define('attention-vector', VectorStrip);

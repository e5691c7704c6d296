/** `<attention-heat-map>`: one head small, a cell for each pair of tokens. */
import { CanvasElement } from '../../components/canvasElement';
import { heatPixels } from '../heatPixels';
import type { Matrix } from '../weights';

export interface HeatMapPicture {
  readonly matrix: Matrix;
  readonly scale: Uint8ClampedArray;
}

export class HeatMap extends CanvasElement {
  #picture: HeatMapPicture | undefined;

  set picture(picture: HeatMapPicture | undefined) {
    if (this.#picture?.matrix.values === picture?.matrix.values && this.#picture?.scale === picture?.scale) {
      return;
    }
    this.#picture = picture;
    this.redraw();
  }

  protected draw(context: CanvasRenderingContext2D): void {
    if (this.#picture === undefined) return;
    const { matrix, scale } = this.#picture;
    const { width, height } = context.canvas;
    const pixels = heatPixels(matrix, width, height, scale);
    context.putImageData(new ImageData(pixels, width, height), 0, 0);
    this.dataset['drawn'] = `${matrix.queries}×${matrix.keys}`;
  }
}

customElements.define('attention-heat-map', HeatMap);

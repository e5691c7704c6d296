/** All heads in one picture, for a file: rows of layers, columns of heads. */
import type { Rgb } from '../components/colour';
import type { Surface } from './surface';
import type { Matrix } from './weights';

export interface GridPicture {
  /** Of each layer its heads. */
  readonly layers: readonly (readonly Matrix[])[];
  readonly layerNames: readonly string[];
  readonly headNames: readonly string[];
  readonly scale: Uint8ClampedArray;
  readonly colours: { readonly foreground: Rgb; readonly border: Rgb };
}

const map = 112;
const gap = 8;
const left = 76;
const top = 28;

export function gridSize({ layerNames, headNames }: GridPicture): { width: number; height: number } {
  return {
    width: left + headNames.length * (map + gap) + gap,
    height: top + layerNames.length * (map + gap) + gap,
  };
}

export function drawGrid(surface: Surface, picture: GridPicture): void {
  const { layers, layerNames, headNames, scale, colours } = picture;
  const x = (head: number): number => left + head * (map + gap);
  const y = (layer: number): number => top + layer * (map + gap);
  for (const [head, name] of headNames.entries())
    surface.text(name, x(head) + map / 2, top / 2, { colour: colours.foreground, align: 'center' });
  for (const [layer, name] of layerNames.entries()) {
    surface.text(name, left - gap, y(layer) + map / 2, { colour: colours.foreground, align: 'right' });
    for (const [head, matrix] of (layers[layer] ?? []).entries()) {
      surface.heatMap(matrix, scale, { x: x(head), y: y(layer), width: map, height: map });
      surface.outline(x(head), y(layer), map, map, colours.border, 1);
    }
  }
}

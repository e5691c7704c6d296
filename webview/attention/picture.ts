/**
 * What is shown, as something to take along: a drawing for SVG and PNG, and the weights behind it for JSON.
 */
import { fill } from '../components/pageStart';
import { CanvasSurface } from './canvasSurface';
import { shownSegment, type PageContext } from './context';
import { drawGrid, gridSize } from './gridDrawing';
import { drawHeadLines, sizeOf } from './headLines';
import { drawMatrix, matrixSize } from './matrixDrawing';
import { layersOf, neededWeights, weightsKey } from './neededWeights';
import { axesOf } from './pieces';
import type { Slot } from './session';
import type { Surface } from './surface';
import { SvgSurface } from './svgSurface';
import { matrixPicture } from './views/alignmentView';
import { caption } from './views/caption';
import { headLinesPicture } from './views/headView';
import { headOf } from './weights';

export interface Drawing {
  readonly width: number;
  readonly height: number;
  draw(surface: Surface): void;
}

/** More pixels than this no browser paints on one canvas. */
const mostPixels = 16_000_000;
const longestSide = 16_000;
const margin = 12;

/** The drawing of what is shown; none while its weights are on their way, or where there is nothing to draw. */
export function drawingOf(context: PageContext, slot: Slot): Drawing | undefined {
  const segment = shownSegment(context, slot);
  if (segment === undefined || slot.observation === null) return undefined;
  const { view, kind } = context.state.view;
  const parts = neededWeights(context.state.view, slot.observation).map((part) =>
    slot.weights.get(weightsKey(part)),
  );
  const [first] = parts;
  if (first === undefined) return undefined;
  if (view === 'heads') {
    const picture = headLinesPicture(context, segment, first);
    return { ...sizeOf(picture), draw: (surface) => drawHeadLines(surface, picture) };
  }
  if (view === 'alignment') {
    const picture = { ...matrixPicture(context, segment, first), current: null };
    const size = matrixSize(picture);
    return { ...size, draw: (surface) => drawMatrix(surface, picture, { left: 0, top: 0, ...size }) };
  }
  if (view !== 'grid' || parts.includes(undefined)) return undefined;
  const { texts, look } = context;
  const picture = {
    layers: parts.map((weights) =>
      Array.from({ length: weights!.heads }, (_, head) => headOf(weights!, head)),
    ),
    layerNames: Array.from({ length: layersOf(kind, slot.observation) }, (_, layer) =>
      fill(texts.layerOption, layer + 1),
    ),
    headNames: Array.from({ length: slot.observation.heads }, (_, head) => fill(texts.headOption, head + 1)),
    scale: look.scale,
    colours: look.theme,
  };
  return { ...gridSize(picture), draw: (surface) => drawGrid(surface, picture) };
}

export function svgOf(drawing: Drawing, { look }: PageContext, title: string): string {
  const surface = new SvgSurface({ family: look.theme.fontFamily, size: look.theme.fontSize });
  drawing.draw(surface);
  return surface.file(drawing.width, drawing.height, look.theme.background, title);
}

/** Twice as fine as the drawing's units, or as fine as can be painted. */
export async function pngOf(drawing: Drawing, { look }: PageContext): Promise<Blob> {
  const [width, height] = [drawing.width + 2 * margin, drawing.height + 2 * margin];
  const density = Math.min(
    2,
    Math.sqrt(mostPixels / (width * height)),
    longestSide / Math.max(width, height),
  );
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * density);
  canvas.height = Math.ceil(height * density);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The picture is too large to be painted.');
  context.scale(density, density);
  const surface = new CanvasSurface(context, { family: look.theme.fontFamily, size: look.theme.fontSize });
  surface.rectangle(0, 0, width, height, look.theme.background);
  context.translate(margin, margin);
  drawing.draw(surface);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large to be painted.');
  return blob;
}

/** The weights of what is shown, with all that is needed to read them. */
export function jsonOf(context: PageContext, slot: Slot): string | undefined {
  const segment = shownSegment(context, slot);
  if (segment === undefined || slot.observation === null) return undefined;
  const { model, translation, from, to } = slot.observation;
  const parts = neededWeights(context.state.view, slot.observation).map((part) => ({
    ...part,
    weights: slot.weights.get(weightsKey(part)),
  }));
  if (parts.length === 0 || parts.some(({ weights }) => weights === undefined)) return undefined;
  const { queries, keys } = axesOf(segment, context.state.view.kind, context.texts);
  return JSON.stringify({
    about: caption(context, slot),
    text: slot.text.slice(segment.source.start, segment.source.end),
    translation: translation.slice(segment.target.start, segment.target.end),
    from,
    to,
    model: { name: model.name, sha256: model.id },
    kind: context.state.view.kind,
    queries: queries.map(({ label }) => label),
    keys: keys.map(({ label }) => label),
    layers: parts.map(({ layer, weights }) => ({
      // As people count.
      layer: layer === 'mean' ? layer : layer + 1,
      heads: Array.from({ length: weights!.heads }, (_, head) => {
        const { values } = headOf(weights!, head);
        return Array.from({ length: weights!.queries }, (_, query) =>
          Array.from(values.subarray(query * weights!.keys, (query + 1) * weights!.keys)),
        );
      }),
    })),
  });
}

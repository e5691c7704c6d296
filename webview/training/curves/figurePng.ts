/** A figure painted on a canvas, as a PNG. */
import { css } from '../../components/colour';
import type { Figure, Line, Mark } from './figure';

/** Paints the figure, with twice as many pixels as its size says, so that it is crisp when it is printed. */
export async function pngOf(figure: Figure): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = document.createElement('canvas');
  const density = 2;
  canvas.width = figure.width * density;
  canvas.height = figure.height * density;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('There is no canvas to paint on.');
  context.scale(density, density);
  context.fillStyle = css(figure.background);
  context.fillRect(0, 0, figure.width, figure.height);
  for (const mark of figure.marks) paint(context, mark, figure.fontFamily);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large to be painted.');
  return new Uint8Array(await blob.arrayBuffer());
}

function paint(context: CanvasRenderingContext2D, mark: Mark, fontFamily: string): void {
  switch (mark.kind) {
    case 'line':
      paintLine(context, mark);
      return;
    case 'dots':
      context.fillStyle = css(mark.colour);
      for (const [x, y] of mark.points) {
        context.beginPath();
        context.arc(x, y, mark.radius, 0, 2 * Math.PI);
        context.fill();
      }
      return;
    case 'text':
      context.fillStyle = css(mark.colour);
      context.font = `${mark.bold ? '600 ' : ''}${mark.size}px ${fontFamily}`;
      context.textAlign = mark.anchor === 'middle' ? 'center' : mark.anchor;
      context.fillText(mark.text, mark.x, mark.y);
      return;
    case 'clipped': {
      const { x, y, width: across, height } = mark.box;
      context.save();
      context.beginPath();
      context.rect(x, y, across, height);
      context.clip();
      for (const one of mark.lines) paintLine(context, one);
      context.restore();
    }
  }
}

function paintLine(
  context: CanvasRenderingContext2D,
  { points, colour, width: thick, opacity, dash }: Line,
): void {
  context.strokeStyle = css(colour, opacity);
  context.lineWidth = thick;
  context.lineJoin = 'round';
  context.setLineDash([...dash]);
  context.beginPath();
  for (const [index, [x, y]] of points.entries()) {
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
}

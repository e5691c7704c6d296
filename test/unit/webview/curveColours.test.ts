/** In what colours curves are drawn: they stand out from what they stand on, whatever the theme says of itself. */
import { afterEach, expect, it, vi } from 'vitest';
import { contrast, parseColour, type Rgb } from '../../../webview/components/colour';
import { Histories, type RunCurves } from '../../../webview/training/numbers/histories';
import { viewFile } from './markup';
import { historyPart } from './toldRuns';

type LookOf = (place: number, theme: { kind: string; background: Rgb }) => { colour: Rgb };

interface Drawable {
  curves: RunCurves;
  names: readonly string[];
  draw(context: unknown, width: number, height: number): void;
}

/** A dark editor beside a light sidebar. */
const style = {
  color: 'rgb(20, 20, 20)',
  fontFamily: 'sans-serif',
  getPropertyValue: (name: string) =>
    name === '--vscode-sideBar-background'
      ? '#f3f3f3'
      : name === '--vscode-editor-background'
        ? '#101010'
        : '',
};

afterEach(() => void vi.unstubAllGlobals());

it('the small curve stands out from the sidebar, whatever the editor is like', async () => {
  vi.stubGlobal('HTMLElement', Object);
  vi.stubGlobal('ResizeObserver', Object);
  vi.stubGlobal('customElements', { define: () => undefined });
  vi.stubGlobal('document', { createElement: () => ({}), body: { classList: { contains: () => false } } });
  vi.stubGlobal('getComputedStyle', () => style);
  const { MiniCurve } = await viewFile<{ MiniCurve: new () => Drawable }>('training/sidebar/miniCurve');
  const histories = new Histories();
  histories.take(historyPart(0, 100, 0, 3));
  const curve = Object.assign(new MiniCurve(), { redraw: () => undefined });
  curve.curves = histories.get('a')!;
  curve.names = ['Loss', 'Validation'];
  const colours = new Set<string>();
  curve.draw(
    new Proxy(
      {},
      {
        get: () => () => undefined,
        set: (_, name, value) => {
          if (name === 'fillStyle' || name === 'strokeStyle') colours.add(value as string);
          return true;
        },
      },
    ),
    200,
    90,
  );
  expect(colours).toContain(style.color);
  expect(colours.size).toBe(3);
  for (const colour of colours)
    expect(contrast(parseColour(colour)!, [243, 243, 243]), colour).toBeGreaterThan(3);
});

it.each<[kind: string, background: Rgb]>([
  ['light', [45, 45, 45]],
  ['dark', [243, 243, 243]],
])(
  'the curves of a %s theme stand out from the background that the person chose',
  async (kind, background) => {
    const { lookOf } = await viewFile<{ lookOf: LookOf }>('training/curves/charts');
    for (let place = 0; place < 8; place++)
      expect(
        contrast(lookOf(place, { kind, background }).colour, background),
        `${place}`,
      ).toBeGreaterThanOrEqual(3);
  },
);

/** Curves as a picture for a file: nothing leaves its panel, and nothing that is seen is lacking. */
import { describe, expect, it } from 'vitest';
import type { ChartPicture } from '../../../webview/training/curves/chartPicture';
import { figureOf, type Figure, type Inks } from '../../../webview/training/curves/figure';
import { svgOf } from '../../../webview/training/curves/figureSvg';
import type { Range } from '../../../webview/training/curves/series';

const inks: Inks = {
  ...{ background: [255, 255, 255], foreground: [0, 0, 0], muted: [90, 90, 90], border: [200, 200, 200] },
  fontFamily: 'sans-serif',
};

/** The figure of one chart. */
function figure(points: readonly Range[], change: Partial<ChartPicture> = {}): Figure {
  const curve = {
    x: Float64Array.from(points.map(([x]) => x)),
    y: Float64Array.from(points.map(([, y]) => y)),
    ...{ smooth: undefined, length: points.length, generation: 0 },
  };
  const model: ChartPicture = {
    ...{ curves: [curve], looks: [{ colour: [0, 114, 178], dash: [] }], range: [0, 1000] },
    ...{ logarithmic: false, hasSmooth: false, ignoreOutliers: false, dots: false },
    ...{ formatX: String, formatY: String },
    ...change,
  };
  return figureOf(
    [{ title: 'Loss', model, share: 3 }],
    [{ name: 'A run', look: model.looks[0]! }],
    'Steps',
    inks,
  );
}

const rising = (...xs: number[]): Range[] => xs.map((x, index) => [x, index + 1]);
/** Losses that begin far above all others. */
const losses = Array.from({ length: 1001 }, (_, x): Range => [x, x < 8 ? 50 : 2 + Math.sin(x)]);
const clipped =
  /<clipPath id="(.+?)"><rect x="70" y="70" width="910" height="330"\/><\/clipPath>\n<g clip-path="url\(#\1\)">\n(.*)\n<\/g>/;
const pointsOf = (polyline: string): number[][] =>
  /points="(.*?)"/
    .exec(polyline)![1]!
    .split(' ')
    .map((point) => point.split(',').map(Number));

describe('a picture of curves', () => {
  it('cuts what is higher than its panel', () => {
    const svg = svgOf(figure(losses, { ignoreOutliers: true }));
    const [, , polyline] = clipped.exec(svg)!;
    expect(Math.min(...pointsOf(polyline!).map(([, y]) => y!))).toBeLessThan(0);
    // Of its colour nothing is outside but the line in the legend.
    expect(svg.replace(clipped, '').match(/rgb\(0 114 178\)/g)).toHaveLength(1);
  });

  it('has lines that go on beyond what is seen', () => {
    const svg = svgOf(figure(rising(0, 400, 600, 1000), { range: [350, 650] }));
    const xs = pointsOf(clipped.exec(svg)![2]!).map(([x]) => x!);
    expect(xs).toHaveLength(4);
    expect(xs[0]).toBeLessThan(70);
    expect(xs[3]).toBeGreaterThan(980);
  });

  it('marks the points of few validations, also of a single one, where they are seen', () => {
    const single = svgOf(figure(rising(500), { dots: true }));
    expect(single.match(/<circle .*>/g)).toEqual([
      '<circle cx="525" cy="235" r="2.5" fill="rgb(0 114 178)"/>',
    ]);
    const some = svgOf(figure(rising(0, 400, 600), { dots: true, range: [350, 650] }));
    expect(some.match(/<circle /g)).toHaveLength(2);
    expect(svgOf(figure(losses))).not.toContain('<circle');
  });
});

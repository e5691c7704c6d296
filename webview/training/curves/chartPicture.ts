/** What a chart shows, on the page and in a file alike. */
import type { Rgb } from '../../components/colour';
import type { Curve, Heights, Range } from './series';

export interface CurveLook {
  readonly colour: Rgb;
  /** Lengths of lines and gaps; none: a whole line. A second sign beside the colour. */
  readonly dash: readonly number[];
}

export interface ChartPicture extends Heights {
  readonly curves: readonly Curve[];
  readonly looks: readonly CurveLook[];
  /** What is seen of x. */
  readonly range: Range;
  /** Few points: each is marked. */
  readonly dots: boolean;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

/** How the page looks in the editor's theme: its colours and the scales made of them. */
import type { Rgb } from '../components/colour';
import { colourScale, signedScale, thingColour, type Ground } from '../components/colourScale';
import { isDark, isHighContrast, readTheme, type Theme } from '../components/theme';
import type { LabelFont } from './labelRoom';
import { measuredFont } from './measuredFont';

export interface Look {
  readonly theme: Theme;
  readonly ground: Ground;
  /** The colours of weights, `[256, 4]`. */
  readonly scale: Uint8ClampedArray;
  /** The colours of numbers that may be negative, `[256, 4]`. */
  readonly signed: Uint8ClampedArray;
  headColour(head: number): Rgb;
  readonly labels: LabelFont;
}

export function readLook(): Look {
  const theme = readTheme();
  const ground = { background: theme.background, dark: isDark(theme), highContrast: isHighContrast(theme) };
  return {
    theme,
    ground,
    scale: colourScale(ground),
    signed: signedScale(ground),
    headColour: (head) => thingColour(head, ground),
    labels: measuredFont({ family: theme.fontFamily, size: theme.fontSize }),
  };
}

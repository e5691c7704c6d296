/** How much room the labels beside a picture need. */

/** The font that labels are written in. */
export interface LabelFont {
  /** In CSS pixels. */
  readonly size: number;
  /** How wide a label is drawn, in CSS pixels. */
  readonly widthOf: (label: string, bold: boolean) => number;
}

export interface RoomLimits {
  /** Of a letter, in ems, about. */
  readonly letter: number;
  /** There is to be room for labels that are bold. */
  readonly bold: boolean;
  /** In CSS pixels. */
  readonly least: number;
  readonly most: number;
}

/** Beside a label, in CSS pixels: where its width is reckoned, and where it is known. */
const around = { reckoned: 14, measured: 8 };

/**
 * Room for the longest label. It is reckoned in letters, so that pictures are alike in all fonts, and measured, since a
 * script may have letters twice as wide.
 *
 * @returns whole CSS pixels, within the limits
 */
export function labelRoom(
  labels: readonly { readonly label: string }[],
  { size, widthOf }: LabelFont,
  { letter, bold, least, most }: RoomLimits,
): number {
  const rooms = labels.map(({ label }) =>
    Math.max(label.length * size * letter + around.reckoned, widthOf(label, bold) + around.measured),
  );
  return Math.round(Math.min(most, Math.max(least, ...rooms)));
}

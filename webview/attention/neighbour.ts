/** Where the arrow keys go within a row or a grid of buttons. */

export interface Row {
  readonly length: number;
  /** Of a grid; a row has as many as buttons. */
  readonly columns: number;
  readonly direction: 'ltr' | 'rtl';
}

/** The place that a key leads to; undefined for another key, or where there is none. */
export function neighbourOf(
  key: string,
  at: number,
  { length, columns, direction }: Row,
): number | undefined {
  const begin = at - (at % columns);
  // What comes next stands where one reads on.
  const rightwards = direction === 'rtl' ? -1 : 1;
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: at - rightwards,
    ArrowRight: at + rightwards,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: begin,
    End: Math.min(begin + columns, length) - 1,
  };
  const place = Object.hasOwn(places, key) ? places[key]! : -1;
  return place >= 0 && place < length ? place : undefined;
}

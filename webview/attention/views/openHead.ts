/** Shows one head large, of all of them. */
import type { PageContext } from '../context';

/** @param at which of the slots it was chosen in: the focus goes on there */
export function openHead({ session, focusOn }: PageContext, at: number, layer: number, head: number): void {
  session.choose({ view: 'alignment', layer, heads: [head] });
  // Its weights may still be on their way.
  focusOn(`.slot:nth-child(${at + 1}) attention-matrix`, '#shown');
}

/**
 * Rows and grids of buttons that are one stop of the Tab key: the button that had the focus last; the arrows move within
 * them. The page keeps where that is, since its buttons are used again for what is shown next.
 */
import type { PageContext } from '../context';
import { neighbourOf } from '../neighbour';

/** Which button the Tab key stops at; a row that has become shorter is stopped at its end. */
export function stopOf({ stops }: PageContext, row: string, length: number): number {
  return Math.min(stops.get(row) ?? 0, length - 1);
}

/** Moves the focus to a neighbour. @param columns of a grid; a row has as many as buttons */
export function moveWithin(event: KeyboardEvent, columns: number): void {
  const row = event.currentTarget as HTMLElement;
  const buttons = [...row.querySelectorAll('button')];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  if (at === -1) return;
  const direction = row.dir === 'rtl' ? 'rtl' : 'ltr';
  const next = neighbourOf(event.key, at, { length: buttons.length, columns, direction });
  if (next === undefined) return;
  event.preventDefault();
  buttons[next]!.focus();
}

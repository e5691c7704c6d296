/**
 * Rows and grids of buttons that are one stop of the Tab key: the button that had the focus last; the arrows move within
 * them. The page keeps where that is, since its buttons are used again for what is shown next.
 */
import type { PageContext } from '../context';

/** Which button the Tab key stops at; a row that has become shorter is stopped at its end. */
export function stopOf({ stops }: PageContext, row: string, length: number): number {
  return Math.min(stops.get(row) ?? 0, length - 1);
}

/** Moves the focus to a neighbour. @param columns of a grid; a row has as many as buttons */
export function moveWithin(event: KeyboardEvent, columns: number): void {
  const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const begin = at - (at % columns);
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: begin,
    End: begin + columns - 1,
  };
  const next = Object.hasOwn(steps, event.key) ? buttons[steps[event.key]!] : undefined;
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

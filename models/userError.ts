/**
 * The error for a person: something that they gave (a file, a setting, an argument) is at fault.
 */

/**
 * Thrown where input is at fault and nothing is wrong with the program. Its message is a whole sentence that says
 * what is wrong, where, and what to do. The terminal prints the message alone and exits with code 2; the editor
 * shows it as a notification. Any other error is a fault of Polyhead and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

const longestShown = 60;

/**
 * A value out of a foreign file as a short quotation for a sentence. Lists and objects are only named: they may be
 * nested so deep that writing them out overflows the stack.
 */
export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(shorten(value)) : String(value);
}

/** A text that is cut where a sentence would become too long to read. */
export function shorten(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

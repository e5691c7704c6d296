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

/** A value out of a foreign file as a short quotation for a sentence; `missing` where there is none. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  try {
    return shorten(JSON.stringify(value));
  } catch {
    // JSON.parse reads lists within lists to any depth; writing them out overflows the stack.
    return 'something nested too deep to show';
  }
}

/** A text that is cut where a sentence would become too long to read. */
export function shorten(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

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

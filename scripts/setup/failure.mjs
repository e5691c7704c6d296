// Failures that a person can do something about: the sentence is shown, the stack trace is not.

import { ensureHome } from './home.mjs';

/** An error whose message is a whole sentence for the person at the terminal. */
export class Failure extends Error {
  /**
   * @param {string} sentence what happened and what to do
   * @param {number} exitCode 1: it went wrong; 2: it was called wrongly
   */
  constructor(sentence, exitCode = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a front door and ends the process with its exit code. A `Failure` prints its sentence;
 * anything else is a fault of ours and keeps its stack trace.
 * @param {() => Promise<number>} door resolves to the exit code
 */
export async function enter(door) {
  try {
    ensureHome();
    process.exitCode = await door();
  } catch (error) {
    if (error instanceof Failure) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exitCode;
    } else {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 1;
    }
  }
}

/** Tells the person what goes on, on stderr: stdout belongs to results. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

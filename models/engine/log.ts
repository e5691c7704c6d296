/**
 * The engine's log: a line of JSON an event on standard error, where the owner reads it.
 * Written synchronously: the last line before an exit is the one that matters.
 */
import { writeSync } from 'node:fs';
import type { LogLevel, LogLine } from './protocol';

export type Log = (
  level: LogLevel,
  message: string,
  details?: Record<string, string | number | boolean>,
) => void;

/** Writes a line of the log. See `LogLine` for what must stay out of it. */
export const log: Log = (level, message, details = {}) => {
  const line: LogLine = { level, message, ...details };
  try {
    writeSync(2, `${JSON.stringify(line)}\n`);
  } catch {
    // The owner is gone, or its pipe is full: there is nobody left to tell.
  }
};

/**
 * An error without its message, which may quote the person's text: its name and its stack frames.
 */
export function framesOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

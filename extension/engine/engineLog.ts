/**
 * Brings the engine's standard error into the extension's log.
 */
import { logLevels, type LogLevel, type LogLine } from '../../models/engine/protocol';

/** What is needed of a log; VS Code's LogOutputChannel is one. */
export type EngineLog = Readonly<Record<LogLevel, (message: string) => void>>;

/**
 * Writes one line of the engine's standard error at the level that it names.
 *
 * A line that is not of the engine's own making comes from Node or a native library. Before the handshake
 * it says why an engine does not start; later it may quote anything, and is kept out of the default level.
 */
export function forwardLogLine(log: EngineLog, line: string, ready: boolean): void {
  const parsed = parse(line);
  if (parsed === undefined) {
    if (line.trim() !== '') log[ready ? 'debug' : 'error'](`engine: ${line}`);
    return;
  }
  const { level, message, stack, ...details } = parsed;
  const rest = Object.keys(details).length > 0 ? ` ${JSON.stringify(details)}` : '';
  log[level](`engine: ${message}${rest}${typeof stack === 'string' ? `\n${stack}` : ''}`);
}

function parse(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as Partial<LogLine>;
    return typeof value.message === 'string' && logLevels.some((level) => level === value.level)
      ? (value as LogLine)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A log that keeps what is written, a line each: level, space, message. */
import type { EngineLog } from '../../../extension/engine/engineLog';
import type { LogLevel } from '../../../models/engine/protocol';

export function collectLog(): { log: EngineLog; lines: string[] } {
  const lines: string[] = [];
  const at = (level: LogLevel) => (message: string) => void lines.push(`${level} ${message}`);
  const log = {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
  return { log, lines };
}

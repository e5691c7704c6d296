/**
 * A failed request as the extension knows it.
 */
import { errorCodeOf, type EngineErrorCode } from '../../models/engine/protocol';

/** Its message is a sentence for a person; `code` says what to do with it. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  /**
   * @param crashed the engine process died at it, having worked before or killed by somebody: another may do better
   */
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    readonly crashed = false,
  ) {
    super(message);
  }

  /** The failure that something thrown stands for, such as the connection's own kind of error. */
  static from(error: unknown): EngineError {
    if (error instanceof EngineError) return error;
    if (!(error instanceof Error)) return new EngineError('engine', String(error));
    // JSON-RPC's errors have a number; Node's have a word.
    const { code } = error as { code?: unknown };
    return new EngineError(typeof code === 'number' ? errorCodeOf(code) : 'engine', error.message);
  }

  /** The same failure with the stack of who asked, which the event that brought the failure does not have. */
  askedBy(asked: Error): EngineError {
    const failure = new EngineError(this.code, this.message, this.crashed);
    const frames = (asked.stack ?? '').split('\n').slice(1);
    failure.stack = [`${failure.name}: ${failure.message}`, ...frames].join('\n');
    return failure;
  }
}

/**
 * Binds the engine's handlers to a JSON-RPC connection: cancellation becomes an AbortSignal, progress
 * goes out under the request's token, and every failure comes back with one of the protocol's codes.
 */
import {
  ProgressType,
  ResponseError,
  type CancellationToken,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { UserError } from '../userError';
import { memoryFailure } from './failures';
import { framesOf, messageOf, type Log } from './log';
import {
  errorNumbers,
  type EngineHandlers,
  type EngineMethod,
  type ProgressOf,
  type ReplyOf,
  type RequestEnvelope,
} from './protocol';

const progressType = new ProgressType<object>();

/** Answers requests until the connection ends. */
export function serve(connection: MessageConnection, handlers: EngineHandlers, log: Log): void {
  for (const method of Object.keys(handlers) as EngineMethod[])
    bind(connection, method, handlers[method], log);
  connection.listen();
}

function bind<M extends EngineMethod>(
  connection: MessageConnection,
  method: M,
  handler: EngineHandlers[M],
  log: Log,
): void {
  async function handle(envelope: RequestEnvelope<M>, token: CancellationToken): Promise<ReplyOf<M>> {
    const { parameters, progressToken } = envelope;
    const controller = new AbortController();
    const cancel = (): void => controller.abort();
    if (token.isCancellationRequested) cancel();
    const cancellation = token.onCancellationRequested(cancel);
    const report = (progress: ProgressOf<M>): void => {
      if (progressToken === undefined) return;
      // A progress that cannot be sent means that the owner is gone; the process then ends by itself.
      connection.sendProgress(progressType, progressToken, progress).catch(() => undefined);
    };
    try {
      return await handler(parameters, { signal: controller.signal, report });
    } catch (error) {
      throw controller.signal.aborted ? cancelled() : failure(error);
    } finally {
      cancellation.dispose();
    }
  }

  function failure(error: unknown): ResponseError {
    if (error instanceof UserError) return new ResponseError(errorNumbers.user, error.message);
    log('error', `The request “${method}” failed.`, { stack: framesOf(error) });
    log('debug', messageOf(error));
    const sentence = memoryFailure(error, method);
    if (sentence !== undefined) return new ResponseError(errorNumbers.user, sentence.message);
    return new ResponseError(errorNumbers.engine, messageOf(error));
  }

  connection.onRequest(method, handle);
}

function cancelled(): ResponseError {
  return new ResponseError(errorNumbers.cancelled, 'The request was cancelled.');
}

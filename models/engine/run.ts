/**
 * The life of an engine process: it serves its owner over the IPC channel of `fork`, and never outlives it.
 */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { framesOf, log, messageOf } from './log';
import { noticeMethod, type Notice } from './protocol';
import { serve } from './serve';
import { createHandlers, type EngineServerOptions } from './server';
import { TrainingSlot } from './training/slot';

/** How often the process looks whether its parent is still the one that started it. */
const parentCheckMs = 500;

/**
 * Turns this process into an engine. Returns at once; the process ends with its owner, or when told to.
 *
 * @param loaders load what takes time or memory, when it is first asked for
 */
export function runEngine(
  loaders: Pick<
    EngineServerOptions,
    'loadTranslator' | 'loadLanguageDetector' | 'loadTraining' | 'inspectDevices'
  >,
): void {
  if (process.send === undefined) {
    log(
      'error',
      'The engine is started by the Polyhead extension. At a terminal use `npm run -s polyhead -- --help`.',
    );
    process.exitCode = 2;
    return;
  }
  const slot = new TrainingSlot();
  endWithOwner(slot);
  endOnFault();
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  // The reply to `shutdown` is written in the microtasks that follow; the exit comes behind them.
  const end = (): void => void setImmediate(() => process.exit(0));
  const notify = (sentence: string): void => {
    // One that cannot be sent means that the owner is gone.
    connection.sendNotification(noticeMethod, { sentence } satisfies Notice).catch(() => undefined);
  };
  serve(connection, createHandlers({ ...loaders, slot, log, end, notify }), log);
}

/** Ends without an owner; a training saves itself first. */
function endWithOwner(slot: TrainingSlot): void {
  const end = (): void => void slot.settle().finally(() => process.exit(0));
  process.once('disconnect', end);
  // The channel stays open when some other process has inherited the owner's end; the parent's id then tells.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, parentCheckMs);
  watch.unref();
}

function endOnFault(): void {
  const fault = (kind: string, error: unknown): void => {
    log('error', `The engine ends because of an ${kind}.`, { stack: framesOf(error) });
    log('debug', messageOf(error));
    process.exit(1);
  };
  process.on('uncaughtException', (error) => fault('uncaught exception', error));
  process.on('unhandledRejection', (reason) => fault('unhandled rejection', reason));
}

/**
 * The reading thread's entry: grammars and parsers take their time over a large text, and the extension host is shared
 * by all extensions.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
// The bundler puts the file beside the bundle.
import wasm from 'vscode-oniguruma/release/onig.wasm';
import { Grammars } from './grammars';
import { GrammarCatalogue } from './grammarSource';
import type { FromThread, ThreadData, ToThread } from './messages';
import { ownGrammars } from './ownGrammars';
import { TextReader } from './textReader';

const port = parentPort!;
const { grammars } = workerData as ThreadData;
const say = (message: FromThread): void => port.postMessage(message);

const reader = new TextReader(
  new Grammars({
    // What the editor brings is newer than what we do.
    catalogue: new GrammarCatalogue([
      ...ownGrammars,
      ...grammars.map((file) => ({ ...file, read: () => readFile(file.path, 'utf8') })),
    ]),
    readWasm: () => readFile(path.join(__dirname, wasm)),
    warn: (sentence) => say({ kind: 'warning', sentence }),
  }),
);
const running = new Map<number, AbortController>();

port.on('message', (message: ToThread) => {
  if (message.kind === 'cancel') running.get(message.id)?.abort();
  else if (message.kind === 'forget') reader.forget(message.document);
  else void read(message);
});

async function read({ id, request }: Extract<ToThread, { kind: 'read' }>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    say({ kind: 'reply', id, reply: await reader.read(request, controller.signal) });
  } catch (error) {
    if (!controller.signal.aborted) {
      say({
        kind: 'failure',
        id,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  } finally {
    running.delete(id);
  }
}

/** The finder of prose with its reading thread, as the extension has them. */
import { Uri } from 'vscode';
import type { DisposableStore } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import { editorGrammars } from './editorGrammars';
import { ProseFinder } from './proseFinder';
import { ReadingThread } from './readingThread';

/** @param store takes charge of both */
export function createFinder(extensionUri: Uri, log: EngineLog, store: DisposableStore): ProseFinder {
  const thread = new ReadingThread({
    modulePath: Uri.joinPath(extensionUri, 'dist', 'reading.js').fsPath,
    data: () => ({ grammars: editorGrammars() }),
    warn: (sentence) => log.warn(sentence),
  });
  return store.add(new ProseFinder(store.add(thread)));
}

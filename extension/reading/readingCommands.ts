/** The commands that show comments in translation and leave the file as it is. */
import { commands } from 'vscode';
import { registerCommand } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { DocumentServices } from '../documents/wholeDocument';
import { TranslatedComments } from './translatedComments';

export function registerReadingCommands(services: DocumentServices): Disposable {
  const store = new DisposableStore();
  const comments = store.add(new TranslatedComments(services));
  store.add(registerCommand(commands, 'polyhead.toggleTranslatedComments', () => comments.toggle()));
  store.add(registerCommand(commands, 'polyhead.toggleReadingStyle', () => comments.toggleStyle()));
  return store;
}

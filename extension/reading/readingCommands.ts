/** The commands that show comments and documentation in translation and leave the file as it is. */
import { commands } from 'vscode';
import { registerCommand } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { DocumentServices } from '../documents/wholeDocument';
import { TranslatedComments } from './translatedComments';
import { TranslatedDocumentation } from './translatedDocumentation';

export function registerReadingCommands(services: DocumentServices): Disposable {
  const store = new DisposableStore();
  const comments = store.add(new TranslatedComments(services));
  store.add(registerCommand(commands, 'polyhead.toggleTranslatedComments', () => comments.toggle()));
  store.add(registerCommand(commands, 'polyhead.toggleReadingStyle', () => comments.toggleStyle()));
  const documentation = store.add(new TranslatedDocumentation(services));
  store.add(
    registerCommand(commands, 'polyhead.translateDocumentation', () => documentation.translateAtCursor()),
  );
  return store;
}

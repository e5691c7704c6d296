/** The commands that translate whole documents: to the side, into a preview, into a file, in place of comments. */
import { commands, l10n, window } from 'vscode';
import { registerCommand } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import { inform, tellFailure } from '../notices';
import { translateMarkdownAs } from './markdownAs';
import { Proposals } from './proposals';
import { translatedScheme } from './schemes';
import { commentsOfFile, stringsOfFile, translateTextsInFile } from './textsInFile';
import { TranslatedDocuments } from './translatedDocuments';
import type { DocumentServices } from './wholeDocument';

export function registerDocumentCommands(services: DocumentServices): Disposable {
  const store = new DisposableStore();
  const proposals = store.add(new Proposals(services.log));
  const translated = store.add(new TranslatedDocuments(services));
  store.add(
    registerCommand(commands, 'polyhead.translateCommentsInFile', () =>
      translateTextsInFile(commentsOfFile, proposals, services),
    ),
  );
  store.add(
    registerCommand(commands, 'polyhead.translateStringsInFile', () =>
      translateTextsInFile(stringsOfFile, proposals, services),
    ),
  );
  store.add(registerCommand(commands, 'polyhead.translateMarkdownAs', () => translateMarkdownAs(services)));
  store.add(
    registerCommand(commands, 'polyhead.translateDocumentToSide', () => toSide(translated, services)),
  );
  store.add(
    registerCommand(commands, 'polyhead.openTranslatedPreview', () => openPreview(translated, services)),
  );
  return store;
}

async function toSide(translated: TranslatedDocuments, { log }: DocumentServices): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined || editor.document.uri.scheme === translatedScheme) {
    inform(l10n.t('Open the document that is to be translated.'));
    return;
  }
  try {
    await translated.show(editor.document, 'reading');
  } catch (error) {
    tellFailure(error, log);
  }
}

/** The preview of VS Code's own Markdown extension, over the translation: it goes along as translations come. */
async function openPreview(translated: TranslatedDocuments, { log }: DocumentServices): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined || document.uri.scheme === translatedScheme) {
    inform(l10n.t('Open the Markdown file that is to be translated.'));
    return;
  }
  try {
    const uri = await translated.open(document, 'reading');
    // One that is not locked goes over to whatever Markdown file is clicked into, first of all to the source.
    await commands.executeCommand('markdown.showLockedPreviewToSide', uri);
  } catch (error) {
    tellFailure(error, log);
  }
}

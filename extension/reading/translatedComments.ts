/**
 * “Polyhead: Show Translated Comments”: a document's comments in the person's language, beside the lines that they stand
 * in or in their place, without a change to the file.
 */
import {
  l10n,
  Range,
  ThemeColor,
  window,
  workspace,
  type DecorationOptions,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import { readConfig } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import { DocumentTranslation } from '../documents/documentTranslation';
import { focusOf } from '../documents/focus';
import type { DocumentServices } from '../documents/wholeDocument';
import { EngineError } from '../engine/engineError';
import { languageName } from '../languages/languagePair';
import { writeSetting } from '../languages/languages';
import { inform, mention, tellFailure } from '../notices';
import { besideLines } from './besideLines';

/** Whose comments are shown in translation. */
interface Shown {
  readonly translation: DocumentTranslation;
  told: boolean;
}

export class TranslatedComments implements Disposable {
  readonly #services: DocumentServices;
  readonly #store = new DisposableStore();
  readonly #shown = new Map<TextDocument, Shown>();
  readonly #beside = this.#store.add(
    window.createTextEditorDecorationType({
      after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 3ch', fontStyle: 'italic' },
    }),
  );
  /** VS Code has no way to leave text out of sight; what follows `none` reaches the style sheet. */
  readonly #inPlace = this.#store.add(
    window.createTextEditorDecorationType({
      textDecoration: 'none; display: none',
      before: { color: new ThemeColor('editorCodeLens.foreground') },
    }),
  );

  constructor(services: DocumentServices) {
    this.#services = services;
    const drawAll = (): void => window.visibleTextEditors.forEach((editor) => this.#draw(editor));
    this.#store.add(window.onDidChangeVisibleTextEditors(drawAll));
    this.#store.add(
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        // A cursor uncovers what it comes upon; beside comments it changes nothing.
        const { document } = textEditor;
        if (this.#shown.has(document) && isInPlace(document)) this.#draw(textEditor);
      }),
    );
    this.#store.add(workspace.onDidCloseTextDocument((document) => this.#hide(document)));
    this.#store.add(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('polyhead.readingStyle')) drawAll();
      }),
    );
  }

  /** Shows the active document's comments in translation, or hides the translations that are shown. */
  toggle(): void {
    const document = window.activeTextEditor?.document;
    if (document === undefined) inform(l10n.t('Open the file whose comments are to be read in translation.'));
    else if (this.#shown.has(document)) this.#hide(document);
    else this.#show(document);
  }

  /** Beside the comments, or in their place, from now on: for all documents for which that is set in the same place. */
  async toggleStyle(): Promise<void> {
    const document = window.activeTextEditor?.document;
    const style =
      readConfig(workspace, 'polyhead.readingStyle', document) === 'beside' ? 'inPlace' : 'beside';
    await writeSetting('polyhead.readingStyle', style, document);
    mention(
      style === 'beside'
        ? l10n.t('$(check) Translations stand beside comments')
        : l10n.t('$(check) Translations stand in the place of comments, but for the one at the cursor'),
    );
  }

  dispose(): void {
    for (const { translation } of this.#shown.values()) translation.dispose();
    this.#shown.clear();
    this.#store.dispose();
  }

  #show(document: TextDocument): void {
    const translation = new DocumentTranslation({
      document,
      direction: 'reading',
      services: this.#services,
      focus: () => focusOf(document),
      onChange: () => {
        this.#drawDocument(document);
        this.#tell(document);
      },
      onFailure: (error) => {
        // An engine that is ended on purpose is followed by another.
        if (EngineError.from(error).code !== 'cancelled') this.#hide(document);
        tellFailure(error, this.#services.log);
      },
    });
    this.#shown.set(document, { translation, told: false });
  }

  #hide(document: TextDocument): void {
    this.#shown.get(document)?.translation.dispose();
    this.#shown.delete(document);
    this.#drawDocument(document);
  }

  /** Nothing to show needs a word, once: the person would wait for it. */
  #tell(document: TextDocument): void {
    const shown = this.#shown.get(document);
    if (shown === undefined || shown.told || shown.translation.working) return;
    const { passages, isInTarget } = shown.translation;
    shown.told = true;
    if (passages.length === 0) {
      inform(l10n.t('There are no comments with words in this file.'));
      this.#hide(document);
    } else if (isInTarget) {
      const { to } = this.#services.languages.request('reading', document);
      inform(l10n.t('The comments are in {0} already.', languageName(to)));
      this.#hide(document);
    }
  }

  #drawDocument(document: TextDocument): void {
    for (const editor of window.visibleTextEditors) if (editor.document === document) this.#draw(editor);
  }

  #draw(editor: TextEditor): void {
    const translation = this.#shown.get(editor.document)?.translation;
    const inPlace = isInPlace(editor.document);
    // While the person types, what is known is of the text before: VS Code moves the decorations along meanwhile.
    if (translation !== undefined && translation.source !== editor.document.getText()) return;
    const lines = translation === undefined ? [] : linesOf(editor, translation, inPlace);
    editor.setDecorations(this.#beside, inPlace ? [] : lines);
    editor.setDecorations(this.#inPlace, inPlace ? lines : []);
  }
}

function isInPlace(document: TextDocument): boolean {
  return readConfig(workspace, 'polyhead.readingStyle', document) === 'inPlace';
}

/** Each translated line as a decoration. */
function linesOf(
  { document, selections }: TextEditor,
  translation: DocumentTranslation,
  inPlace: boolean,
): DecorationOptions[] {
  return translation.replacements.flatMap(({ span, text }) => {
    const start = document.positionAt(span.start);
    const range = new Range(start, document.positionAt(span.end));
    // In a hidden text nobody could write.
    if (inPlace && selections.some((selection) => selection.intersection(range) !== undefined)) return [];
    return besideLines(document.getText(range), start.character, text).flatMap(
      (line): DecorationOptions[] => {
        const at = start.line + line.line;
        const place = new Range(at, line.start, at, line.end);
        if (inPlace) {
          // An empty range has nothing to hide, and a line of its own needs no sign of it.
          if (place.isEmpty) return [];
          return [{ range: place, renderOptions: { before: { contentText: line.text } } }];
        }
        if (line.text === '') return [];
        const end = document.lineAt(at).range.end;
        return [{ range: new Range(end, end), renderOptions: { after: { contentText: line.text } } }];
      },
    );
  });
}

/**
 * “Polyhead: Translate Document to the Side”: a read-only document that holds another one's text in translation, fills
 * itself as translations come, follows the source as it changes, and scrolls along with it.
 */
import {
  EventEmitter,
  languages as vscodeLanguages,
  l10n,
  TabInputText,
  TabInputWebview,
  Uri,
  ViewColumn,
  window,
  workspace,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { DisposableStore, type Disposable } from '../disposable';
import { languageName } from '../languages/languagePair';
import type { Direction } from '../languages/languages';
import { inform, tellFailure, type Action } from '../notices';
import { DocumentTranslation } from './documentTranslation';
import { focusOf } from './focus';
import { translatedScheme } from './schemes';
import { follow } from './scrolling';
import { translatedText, type TranslatedText } from './translatedText';
import type { DocumentServices } from './wholeDocument';

/** A picture of every word that comes would flicker. */
const refreshMs = 150;

const keepAliveMs = 60_000;

interface Opened {
  readonly source: TextDocument;
  readonly translation: DocumentTranslation;
  readonly store: DisposableStore;
  shown: TranslatedText;
  /** The person knows that there is nothing to translate. */
  toldInTarget: boolean;
  /** It has had a tab; without one again, nobody reads it any more. */
  hadTab: boolean;
}

export class TranslatedDocuments implements TextDocumentContentProvider, Disposable {
  readonly #services: DocumentServices;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new EventEmitter<Uri>());
  readonly #opened = new Map<string, Opened>();
  readonly onDidChange = this.#changed.event;

  constructor(services: DocumentServices) {
    this.#services = services;
    this.#store.add(workspace.registerTextDocumentContentProvider(translatedScheme, this));
    this.#store.add(window.tabGroups.onDidChangeTabs(() => this.#closeUnread()));
    this.#store.add(workspace.onDidOpenTextDocument((document) => this.#followReopened(document)));
    const keepingAlive = setInterval(() => this.#keepAlive(), keepAliveMs);
    this.#store.add({ dispose: () => clearInterval(keepingAlive) });
  }

  /**
   * Where the translation of a document can be opened.
   *
   * @param to the language that it is read in, a tag
   */
  uriOf(source: TextDocument, direction: Direction, to: string): Uri {
    const { path } = source.uri;
    const [, base, ending] = /^(.*?[^/])(\.[^./]+)?$/s.exec(path) ?? ['', path];
    return Uri.from({
      scheme: translatedScheme,
      path: `${base} (${languageName(to).replaceAll('/', '∕')})${ending ?? ''}`,
      query: JSON.stringify({ source: source.uri.toString(), direction }),
    });
  }

  /** Opens the translation beside its source. */
  async show(source: TextDocument, direction: Direction): Promise<void> {
    const uri = await this.open(source, direction);
    await window.showTextDocument(uri, {
      viewColumn: ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
  }

  /** Makes the translation there for whoever shows it, as the Markdown preview does. */
  async open(source: TextDocument, direction: Direction): Promise<Uri> {
    const { languages } = this.#services;
    const uri = this.uriOf(source, direction, languages.request(direction, source).to);
    const document = await workspace.openTextDocument(uri);
    // What is asked for by a message's button may have been closed and opened again since.
    const current = await workspace.openTextDocument(source.uri);
    // VS Code still had the document of a tab that is closed, as it was then.
    if (this.#opened.get(uri.toString())?.source !== current) this.#beginAnew(uri, current);
    if (document.languageId !== source.languageId) {
      await vscodeLanguages.setTextDocumentLanguage(document, source.languageId);
    }
    return uri;
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const opened = this.#opened.get(uri.toString()) ?? (await this.#beginAt(uri));
    return opened.shown.text;
  }

  dispose(): void {
    for (const { store } of this.#opened.values()) store.dispose();
    this.#opened.clear();
    this.#store.dispose();
  }

  /** Of a tab that was there before us there is the address alone. */
  async #beginAt(uri: Uri): Promise<Opened> {
    const source = await workspace.openTextDocument(Uri.parse(askedAt(uri).source, true));
    return this.#opened.get(uri.toString()) ?? this.#begin(uri, source);
  }

  #beginAnew(uri: Uri, source: TextDocument): void {
    const before = this.#opened.get(uri.toString());
    before?.store.dispose();
    this.#begin(uri, source).toldInTarget = before?.toldInTarget ?? false;
    this.#changed.fire(uri);
  }

  /** A document that is closed and opened again is another object; the one of before tells of no change any more. */
  #followReopened(document: TextDocument): void {
    for (const [address, { source }] of [...this.#opened]) {
      // Another language mode opens the same object again.
      if (source === document || source.uri.toString() !== document.uri.toString()) continue;
      this.#beginAnew(Uri.parse(address, true), document);
    }
  }

  #begin(uri: Uri, source: TextDocument): Opened {
    const { direction } = askedAt(uri);
    const store = new DisposableStore();
    let refreshing: ReturnType<typeof setTimeout> | undefined;
    store.add({ dispose: () => clearTimeout(refreshing) });
    const translation = store.add(
      new DocumentTranslation({
        document: source,
        direction,
        services: this.#services,
        focus: () => focusOf(source),
        onChange: () => {
          refreshing ??= setTimeout(() => {
            refreshing = undefined;
            opened.shown = translatedText(translation.source, translation.replacements);
            this.#changed.fire(uri);
            if (translation.isInTarget) this.#tellInTarget(opened, direction);
          }, refreshMs);
        },
        onFailure: (error) => tellFailure(error, this.#services.log),
      }),
    );
    const opened: Opened = {
      source,
      translation,
      store,
      shown: translatedText(source.getText(), []),
      toldInTarget: false,
      hadTab: tabsOf(uri.toString()).length > 0,
    };
    store.add(
      follow(
        { shows: (document) => document === source, lineFor: (line) => opened.shown.toSource(line) },
        {
          shows: (document) => document.uri.toString() === uri.toString(),
          lineFor: (line) => opened.shown.toTranslated(line),
        },
      ),
    );
    this.#opened.set(uri.toString(), opened);
    return opened;
  }

  /** Reading a text that is in the person's language already: perhaps the other direction was meant. */
  #tellInTarget(opened: Opened, direction: Direction): void {
    if (opened.toldInTarget) return;
    opened.toldInTarget = true;
    const { source } = opened;
    const { languages } = this.#services;
    const other: Direction = direction === 'writing' ? 'reading' : 'writing';
    const { to } = languages.request(other, source);
    const actions: Action[] = [];
    if (languages.request(direction, source).to !== to) {
      const title = l10n.t('Translate into {0}', languageName(to));
      actions.push({ title, run: () => this.show(source, other) });
    }
    inform(
      l10n.t('The document is in {0} already.', languageName(languages.request(direction, source).to)),
      ...actions,
    );
  }

  /** Where the last tab has been closed, nothing is translated any more. */
  #closeUnread(): void {
    for (const [address, opened] of this.#opened) {
      const hasTab = tabsOf(address).length > 0;
      if (opened.hadTab && !hasTab) {
        opened.store.dispose();
        this.#opened.delete(address);
      }
      opened.hadTab ||= hasTab;
    }
  }

  /** VS Code lets go of a document that only a preview reads after some minutes, and it would change no more. */
  #keepAlive(): void {
    for (const address of this.#opened.keys()) {
      if (tabsOf(address).includes('preview')) void workspace.openTextDocument(Uri.parse(address, true));
    }
  }
}

/** What a translation's address says. */
function askedAt({ query }: Uri): { readonly source: string; readonly direction: Direction } {
  return JSON.parse(query) as ReturnType<typeof askedAt>;
}

/** The tabs that show a translation, as text or as VS Code's preview of it. */
function tabsOf(address: string): ('text' | 'preview')[] {
  const name = Uri.parse(address, true).path.split('/').at(-1)!;
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input, label }) => {
      if (input instanceof TabInputText && input.uri.toString() === address) return ['text'];
      const isPreview = input instanceof TabInputWebview && /markdown\.preview/.test(input.viewType);
      return isPreview && label.includes(name) ? ['preview'] : [];
    });
}

/**
 * “Polyhead: Translate Documentation at Cursor”: what the hovers of language servers and the diagnostics say at the
 * cursor, in the person's language, as one more hover beside them.
 */
import {
  commands,
  Hover,
  l10n,
  languages as vscodeLanguages,
  MarkdownString,
  Uri,
  window,
  workspace,
  type Position,
  type Range,
  type TextDocument,
} from 'vscode';
import { DisposableStore, type Disposable } from '../disposable';
import { translatedText } from '../documents/translatedText';
import { translateWhole, type DocumentServices } from '../documents/wholeDocument';
import { languageName } from '../languages/languagePair';
import { inform, tellFailure } from '../notices';
import type { ProseKind } from '../prose/passage';

/** Documentation is Markdown, and to find its prose it must be a document. */
const documentationScheme = 'polyhead-documentation';

const kinds: ReadonlySet<ProseKind> = new Set(['markup', 'text']);

/** The documentation that was asked for last. */
interface Translated {
  readonly uri: string;
  readonly version: number;
  readonly range: Range;
  readonly markdown: string;
}

export class TranslatedDocumentation implements Disposable {
  readonly #services: DocumentServices;
  readonly #store = new DisposableStore();
  readonly #contents = new Map<string, string>();
  #translated: Translated | undefined;
  #count = 0;

  constructor(services: DocumentServices) {
    this.#services = services;
    this.#store.add(
      workspace.registerTextDocumentContentProvider(documentationScheme, {
        provideTextDocumentContent: ({ path }) => this.#contents.get(path) ?? '',
      }),
    );
    this.#store.add(
      vscodeLanguages.registerHoverProvider(
        { scheme: '*' },
        {
          provideHover: (document, position) => this.#hoverAt(document, position),
        },
      ),
    );
  }

  async translateAtCursor(): Promise<void> {
    const editor = window.activeTextEditor;
    if (editor === undefined) {
      inform(l10n.t('Put the cursor on the name whose documentation is to be translated.'));
      return;
    }
    try {
      const { document, selection } = editor;
      await this.#translate(document, selection.active);
      if (this.#hoverAt(document, selection.active) !== undefined) {
        await commands.executeCommand('editor.action.showHover');
      }
    } catch (error) {
      tellFailure(error, this.#services.log);
    }
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #translate(document: TextDocument, position: Position): Promise<void> {
    this.#translated = undefined;
    const { version } = document;
    const documentation = await documentationAt(document, position);
    if (documentation === '') {
      inform(l10n.t('No hover and no problem says anything at the cursor.'));
      return;
    }
    const markdown = await this.#translateMarkdown(documentation);
    if (markdown === undefined) {
      inform(l10n.t('What is said at the cursor needs no translation, or has no words.'));
      return;
    }
    const range = document.getWordRangeAtPosition(position) ?? document.lineAt(position).range;
    this.#translated = { uri: document.uri.toString(), version, range, markdown };
  }

  /** @returns undefined where nothing of it is translated */
  async #translateMarkdown(markdown: string): Promise<string | undefined> {
    const path = `/${++this.#count}.md`;
    this.#contents.set(path, markdown);
    try {
      const document = await workspace.openTextDocument(Uri.from({ scheme: documentationScheme, path }));
      const { to } = this.#services.languages.request('reading');
      const title = l10n.t('Translating into {0}', languageName(to));
      const whole = await translateWhole(document, kinds, 'reading', this.#services, title);
      if (whole.replacements.length === 0) return undefined;
      return translatedText(whole.source, whole.replacements).text;
    } finally {
      this.#contents.delete(path);
    }
  }

  #hoverAt(document: TextDocument, position: Position): Hover | undefined {
    const translated = this.#translated;
    if (
      translated?.uri !== document.uri.toString() ||
      translated.version !== document.version ||
      !translated.range.contains(position)
    )
      return undefined;
    // What other extensions have written has no say here: neither HTML nor commands.
    const contents = new MarkdownString(`**${l10n.t('In translation')}**\n\n${translated.markdown}`);
    return new Hover([contents], translated.range);
  }
}

/** What others say at a place, as Markdown: problems first, as VS Code has them. */
async function documentationAt(document: TextDocument, position: Position): Promise<string> {
  const problems = vscodeLanguages
    .getDiagnostics(document.uri)
    .filter(({ range }) => range.contains(position))
    .map(({ message }) => new MarkdownString().appendText(message).value);
  const hovers = await commands.executeCommand<Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  const said = hovers.flatMap(({ contents }) => contents.map(asMarkdown)).filter((text) => !isOurs(text));
  return [...problems, ...said].filter((text) => text.trim() !== '').join('\n\n---\n\n');
}

/** VS Code hands all of them out as Markdown, however they were made. */
function asMarkdown(content: Hover['contents'][number]): string {
  if (typeof content === 'string') return content;
  return content instanceof MarkdownString ? content.value : '';
}

/** Our own hover over prose is no documentation. */
function isOurs(markdown: string): boolean {
  return markdown.includes('command:polyhead.');
}

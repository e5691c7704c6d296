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
import { asMarkdown } from '../hover/markdown';
import { languageName } from '../languages/languagePair';
import { inform, tellFailure } from '../notices';
import type { ProseKind } from '../prose/passage';

/** To find the prose of what is said it must be a document. */
const documentationScheme = 'polyhead-documentation';

/** In Markdown, between texts of several. */
const ruler = '\n\n---\n\n';

const kinds: ReadonlySet<ProseKind> = new Set(['markup', 'text']);

/** What others say at a place: problems as plain text, documentation as Markdown. Empty where they say nothing. */
interface Said {
  readonly problems: string;
  readonly documentation: string;
}

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
    const said = await saidAt(document, position);
    if (joined(said) === '') {
      inform(l10n.t('No hover and no problem says anything at the cursor.'));
      return;
    }
    const markdown = await this.#translateSaid(said);
    if (markdown === undefined) {
      inform(l10n.t('What is said at the cursor needs no translation, or has no words.'));
      return;
    }
    const range = document.getWordRangeAtPosition(position) ?? document.lineAt(position).range;
    this.#translated = { uri: document.uri.toString(), version, range, markdown };
  }

  /** @returns Markdown; undefined where nothing of it is translated */
  async #translateSaid({ problems, documentation }: Said): Promise<string | undefined> {
    const read = await this.#translateText(problems, 'txt');
    const shown = await this.#translateText(documentation, 'md');
    if (read === undefined && shown === undefined) return undefined;
    return joined({ problems: asMarkdown(read ?? problems), documentation: shown ?? documentation });
  }

  /**
   * @param extension of a file with such a text
   * @returns undefined where nothing of it is translated
   */
  async #translateText(text: string, extension: 'md' | 'txt'): Promise<string | undefined> {
    if (text === '') return undefined;
    const path = `/${++this.#count}.${extension}`;
    this.#contents.set(path, text);
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

async function saidAt(document: TextDocument, position: Position): Promise<Said> {
  const problems = vscodeLanguages
    .getDiagnostics(document.uri)
    .filter(({ range }) => range.contains(position))
    .map(({ message }) => message);
  const hovers = await commands.executeCommand<Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  const said = hovers.flatMap(({ contents }) => contents.map(markdownOf)).filter((text) => !isOurs(text));
  return { problems: inParts(problems, '\n\n'), documentation: inParts(said, ruler) };
}

/** Problems first, as VS Code has them. */
function joined({ problems, documentation }: Said): string {
  return inParts([problems, documentation], ruler);
}

function inParts(texts: readonly string[], between: string): string {
  return texts.filter((text) => text.trim() !== '').join(between);
}

/** VS Code hands all of them out as Markdown, however they were made. */
function markdownOf(content: Hover['contents'][number]): string {
  if (typeof content === 'string') return content;
  return content instanceof MarkdownString ? content.value : '';
}

/** Our own hover over prose is no documentation. */
function isOurs(markdown: string): boolean {
  return markdown.includes('command:polyhead.');
}

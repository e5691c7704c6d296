/**
 * The little of VS Code that the extension's functions ask of it, as far as it can be had without the editor: texts in
 * English, positions, and documents that can be edited. Tests mock the module `vscode` with what `fakeVscode` makes.
 */
import type * as vscode from 'vscode';

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}

  isBefore(other: Position): boolean {
    return this.line < other.line || (this.line === other.line && this.character < other.character);
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(one: Position, other: Position);
  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number);
  constructor(...places: (Position | number)[]) {
    const [one, other] = (
      places.length === 2
        ? places
        : [
            new Position(places[0] as number, places[1] as number),
            new Position(places[2] as number, places[3] as number),
          ]
    ) as [Position, Position];
    [this.start, this.end] = other.isBefore(one) ? [other, one] : [one, other];
  }

  contains(position: Position): boolean {
    return !position.isBefore(this.start) && !this.end.isBefore(position);
  }

  get isEmpty(): boolean {
    return this.start.line === this.end.line && this.start.character === this.end.character;
  }
}

export class Selection extends Range {
  constructor(
    readonly anchor: Position,
    readonly active: Position,
  ) {
    super(anchor, active);
  }
}

export class WorkspaceEdit {
  readonly edits: { range: Range; text: string }[] = [];
  replace(_: unknown, range: Range, text: string): void {
    this.edits.push({ range, text });
  }
}

/** A setting, a document, an editor: what a test puts into the editor. */
class Editor {
  readonly configuration = new Map<string, unknown>();
  readonly visibleTextEditors: unknown[] = [];
  readonly documents: FakeDocument[] = [];
  readonly listeners = new Set<(event: object) => void>();
  /** Decorations that were made and are not disposed of. */
  readonly decorationTypes = new Set<object>();
  readonly visibleListeners = new Set<() => void>();
  /** What notifications said. */
  readonly said: string[] = [];
  /** Functions of commands, by their ids. */
  readonly commands = new Map<string, (...parameters: unknown[]) => unknown>();
  clipboard = '';
  hoverProvider: unknown;
}

export class MarkdownString {
  isTrusted: unknown;
  constructor(readonly value: string) {}
}

export class Hover {
  constructor(
    readonly contents: MarkdownString,
    readonly range: Range,
  ) {}
}

class ThemeColor {
  constructor(readonly id: string) {}
}

export const EndOfLine = { LF: 1, CRLF: 2 };

/** An extension that tells the comment signs of a language. */
const fakeFiles: Readonly<Partial<Record<string, string>>> = {
  'c.json': JSON.stringify({ comments: { lineComment: '//', blockComment: ['/*', '*/'] } }),
};
const fakeExtension = {
  extensionUri: 'fake',
  packageJSON: { contributes: { languages: [{ id: 'c', configuration: 'c.json' }] } },
};

class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire = (value: T): void => this.#listeners.forEach((listener) => listener(value));
  dispose = (): void => this.#listeners.clear();
}

export function fakeVscode() {
  const editor = new Editor();
  return {
    editor,
    Position,
    Range,
    Selection,
    WorkspaceEdit,
    EndOfLine,
    EventEmitter,
    ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
    ProgressLocation: { Notification: 15 },
    env: {
      language: 'en',
      clipboard: { writeText: (text: string) => Promise.resolve(void (editor.clipboard = text)) },
    },
    l10n: {
      t: (message: string, ...values: unknown[]) =>
        message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
    },
    commands: {
      registerCommand: (id: string, run: (...parameters: unknown[]) => unknown) => {
        editor.commands.set(id, run);
        return { dispose: () => editor.commands.delete(id) };
      },
      executeCommand: (id: string, ...parameters: unknown[]) =>
        Promise.resolve(editor.commands.get(id)?.(...parameters)),
    },
    languages: {
      registerHoverProvider: (_: unknown, provider: unknown) => {
        editor.hoverProvider = provider;
        return { dispose: () => undefined };
      },
    },
    Hover,
    MarkdownString,
    ThemeColor,
    DecorationRangeBehavior: { ClosedClosed: 1 },
    ColorThemeKind: { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 },
    window: {
      activeColorTheme: { kind: 2 },
      setStatusBarMessage: () => undefined,
      showInformationMessage: (sentence: string) => {
        editor.said.push(sentence);
        return Promise.resolve(undefined);
      },
      visibleTextEditors: editor.visibleTextEditors,
      onDidChangeVisibleTextEditors: (listener: () => void) => {
        editor.visibleListeners.add(listener);
        return { dispose: () => editor.visibleListeners.delete(listener) };
      },
      createTextEditorDecorationType: () => {
        const type = { dispose: () => editor.decorationTypes.delete(type) };
        editor.decorationTypes.add(type);
        return type;
      },
      showWarningMessage: (sentence: string) => {
        editor.said.push(sentence);
        return Promise.resolve(undefined);
      },
    },
    extensions: {
      all: [fakeExtension],
      onDidChange: () => ({ dispose: () => undefined }),
    },
    Uri: { joinPath: (_: unknown, file: string) => file },
    workspace: {
      fs: {
        readFile: (file: string) => Promise.resolve(new TextEncoder().encode(fakeFiles[file] ?? '')),
        isWritableFileSystem: (scheme: string) => scheme !== 'git',
      },
      onDidCloseTextDocument: () => ({ dispose: () => undefined }),
      getConfiguration: () => ({ get: (id: string) => editor.configuration.get(id) }),
      onDidChangeConfiguration: () => ({ dispose: () => undefined }),
      onDidChangeTextDocument: (listener: (event: object) => void) => {
        editor.listeners.add(listener);
        return { dispose: () => editor.listeners.delete(listener) };
      },
      applyEdit: ({ edits }: WorkspaceEdit) =>
        Promise.resolve(editor.documents[0]!.apply(edits, editor.documents[0]!.version)),
    },
  };
}

export type FakeVscode = ReturnType<typeof fakeVscode>;

/** A document that can be edited as VS Code does: all changes of an edit at once, or none. */
export class FakeDocument {
  version = 1;
  isClosed = false;
  readonly languageId: string;
  readonly uri: { scheme: string; readonly path: string };
  readonly eol: number;
  readonly #editor: FakeVscode['editor'];
  #text: string;
  /** The texts before each edit. */
  readonly undoSteps: string[] = [];

  /** The text's line endings are the document's: `\r\n` where there is one. */
  constructor(
    { editor }: { readonly editor: FakeVscode['editor'] },
    text: string,
    languageId = 'plaintext',
    path = '/text',
  ) {
    this.uri = { scheme: 'file', path };
    this.#editor = editor;
    this.#text = text;
    this.languageId = languageId;
    this.eol = text.includes('\r\n') ? EndOfLine.CRLF : EndOfLine.LF;
    editor.documents.unshift(this);
  }

  get text(): string {
    return this.#text;
  }

  get #lines(): string[] {
    return this.#text.split(/\r\n|\n/);
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  lineAt(line: number) {
    const text = this.#lines[line];
    if (text === undefined) throw new Error(`The document has no line ${line}.`);
    const range = new Range(new Position(line, 0), new Position(line, text.length));
    return { text, range, firstNonWhitespaceCharacterIndex: text.length - text.trimStart().length };
  }

  offsetAt({ line, character }: Position): number {
    const before = this.#lines.slice(0, line).reduce((sum, text) => sum + text.length + this.eol, 0);
    return before + Math.min(character, this.#lines[line]!.length);
  }

  positionAt(offset: number): Position {
    const before = this.#text.slice(0, Math.max(0, offset)).split(/\r\n|\n/);
    return new Position(before.length - 1, before.at(-1)!.length);
  }

  getText(range?: Range): string {
    if (range === undefined) return this.#text;
    const { start, end } = range;
    return this.#text.slice(this.offsetAt(start), this.offsetAt(end));
  }

  /** What the person types meanwhile: a text in the place of the characters from an offset on. */
  type(offset: number, length: number, text: string): void {
    this.#change([{ rangeOffset: offset, rangeLength: length, text }]);
  }

  /** @returns false, with nothing changed, when the edits were made for another version */
  apply(edits: readonly { range: Range; text: string }[], version: number): boolean {
    if (version !== this.version) return false;
    const changes = edits.map(({ range, text }) => {
      const rangeOffset = this.offsetAt(range.start);
      return { rangeOffset, rangeLength: this.offsetAt(range.end) - rangeOffset, text };
    });
    const ordered = [...changes].sort((a, b) => a.rangeOffset - b.rangeOffset);
    ordered.forEach(({ rangeOffset }, index) => {
      const before = ordered[index - 1];
      if (before !== undefined && before.rangeOffset + before.rangeLength > rangeOffset)
        throw new Error('Overlapping ranges are not allowed!');
    });
    this.undoSteps.push(this.#text);
    this.#change(ordered);
    return true;
  }

  /** The document in an editor; a read-only one accepts edits and makes nothing of them. */
  showIn({ readOnly = false } = {}): void {
    this.#editor.visibleTextEditors.push({
      document: this,
      selections: [],
      edit: (build: (builder: { replace: (range: Range, text: string) => void }) => void) => {
        const edits: { range: Range; text: string }[] = [];
        build({ replace: (range, text) => edits.push({ range, text }) });
        return Promise.resolve(readOnly || this.apply(edits, this.version));
      },
    });
  }

  #change(ordered: readonly { rangeOffset: number; rangeLength: number; text: string }[]): void {
    let text = '';
    let end = 0;
    for (const change of ordered) {
      text += this.#text.slice(end, change.rangeOffset) + change.text;
      end = change.rangeOffset + change.rangeLength;
    }
    this.#text = text + this.#text.slice(end);
    this.version++;
    // VS Code tells of the last change first.
    const contentChanges = [...ordered].reverse();
    for (const listener of this.#editor.listeners) listener({ document: this, contentChanges });
  }
}

/** As the type that the extension's functions take. */
export const asDocument = (document: FakeDocument): vscode.TextDocument =>
  document as unknown as vscode.TextDocument;

/**
 * The selections that a text marks: `[…]` each, a cursor `▮`. The marks are taken out.
 *
 * @returns the text without marks, and the selections in the text's order
 */
export function readMarks(marked: string): { text: string; selections: vscode.Selection[] } {
  let text = '';
  let begun: Position | undefined;
  const selections: Selection[] = [];
  const here = (): Position => {
    const lines = text.split(/\r\n|\n/);
    return new Position(lines.length - 1, lines.at(-1)!.length);
  };
  for (const character of marked) {
    if (character === '▮') selections.push(new Selection(here(), here()));
    else if (character === '[') begun = here();
    else if (character === ']') selections.push(new Selection(begun!, here()));
    else text += character;
  }
  return { text, selections: selections as unknown as vscode.Selection[] };
}

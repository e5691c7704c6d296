/**
 * What the rooms of whole documents ask of VS Code beyond the extension's functions: documents that are opened by their
 * addresses, tabs, content that extensions provide, decorations, and messages whose buttons are pressed later. Added to
 * what `fakeVscode` makes.
 */
import type { Disposable } from '../../../extension/disposable';
import { fakeVscode, FakeDocument, type FakeVscode } from '../extension/fakeVscode';

/** An address with all that our schemes use. */
export class FakeAddress {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;

  constructor({ scheme, path, query = '' }: { scheme: string; path: string; query?: string }) {
    this.scheme = scheme;
    this.path = path;
    this.query = query;
  }

  toString(): string {
    const query = this.query === '' ? '' : `?${encodeURIComponent(this.query)}`;
    return `${this.scheme}:${encodeURI(this.path)}${query}`;
  }

  static from(parts: { scheme: string; path: string; query?: string }): FakeAddress {
    return new FakeAddress(parts);
  }

  static parse(address: string): FakeAddress {
    const [, scheme, path, query = ''] = /^([^:]+):([^?]*)(?:\?(.*))?$/s.exec(address)!;
    return new FakeAddress({ scheme: scheme!, path: decodeURI(path!), query: decodeURIComponent(query) });
  }
}

export class AddressedDocument extends FakeDocument {
  override readonly uri: FakeAddress;

  constructor(vscode: { readonly editor: FakeVscode['editor'] }, address: string, text: string) {
    super(vscode, text, 'markdown');
    this.uri = FakeAddress.parse(address);
  }
}

class TabInputText {
  constructor(readonly uri: FakeAddress) {}
}

class TabInputTextDiff {
  constructor(
    readonly original: FakeAddress,
    readonly modified: FakeAddress,
  ) {}
}

class TabInputWebview {
  constructor(readonly viewType: string) {}
}

interface FakeTab {
  readonly input: TabInputText | TabInputTextDiff | TabInputWebview;
  readonly label: string;
  readonly group: { readonly isActive: true };
  isActive: boolean;
}

/** An event of VS Code's that a test fires. */
function event<T>(): { fire: (value: T) => void; on: (listener: (value: T) => void) => Disposable } {
  const listeners = new Set<(value: T) => void>();
  return {
    fire: (value) => [...listeners].forEach((listener) => listener(value)),
    on: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
}

/** The provider of a scheme's documents. */
export interface Provider {
  readonly onDidChange?: (listener: (uri: FakeAddress) => void) => Disposable;
  provideTextDocumentContent(uri: FakeAddress): string | Promise<string>;
}

/** What the person sees and does. */
class Workbench {
  readonly opened = event<AddressedDocument>();
  readonly closed = event<FakeDocument>();
  readonly tabsChanged = event<object>();
  readonly selected = event<{ textEditor: object }>();
  readonly documents = new Map<string, AddressedDocument>();
  readonly providers = new Map<string, Provider>();
  readonly tabs: FakeTab[] = [];
  /** Messages with their buttons. */
  readonly messages: { readonly sentence: string; readonly press: (title: string) => void }[] = [];

  constructor(readonly editor: FakeVscode['editor']) {}

  /** A document that is open, as another object than one that was open before. */
  open(address: string, text: string): AddressedDocument {
    const document = new AddressedDocument(this, address, text);
    this.documents.set(address, document);
    this.opened.fire(document);
    return document;
  }

  close(document: AddressedDocument): void {
    document.isClosed = true;
    this.documents.delete(document.uri.toString());
    this.closed.fire(document);
  }

  openTab(input: FakeTab['input'], label = ''): void {
    for (const tab of this.tabs) tab.isActive = false;
    this.tabs.push({ input, label, group: { isActive: true }, isActive: true });
    this.tabsChanged.fire({});
  }

  closeTabs(tabs: readonly FakeTab[]): Promise<boolean> {
    for (const tab of tabs) this.tabs.splice(this.tabs.indexOf(tab), 1);
    this.tabsChanged.fire({});
    return Promise.resolve(true);
  }

  say(sentence: string, ...titles: string[]): Promise<string | undefined> {
    return new Promise((resolve) => {
      const press = (title: string): void => resolve(titles.includes(title) ? title : undefined);
      this.messages.push({ sentence, press });
    });
  }

  async openDocument(uri: FakeAddress): Promise<AddressedDocument> {
    const address = uri.toString();
    const known = this.documents.get(address);
    if (known !== undefined) return known;
    const text = await this.providers.get(uri.scheme)?.provideTextDocumentContent(uri);
    return this.open(address, text ?? '');
  }
}

export function fakeWorkbench() {
  const fake = fakeVscode();
  const workbench = new Workbench(fake.editor);
  const say = (sentence: string, ...titles: string[]) => workbench.say(sentence, ...titles);
  fake.editor.commands.set('vscode.diff', (original, modified, label) =>
    workbench.openTab(
      new TabInputTextDiff(original as FakeAddress, modified as FakeAddress),
      label as string,
    ),
  );
  return {
    ...fake,
    workbench,
    Uri: FakeAddress,
    TabInputText,
    TabInputTextDiff,
    TabInputWebview,
    ViewColumn: { Beside: -2 },
    TextEditorRevealType: { AtTop: 3 },
    languages: {
      ...fake.languages,
      setTextDocumentLanguage: (document: unknown) => Promise.resolve(document),
    },
    window: {
      ...fake.window,
      activeTextEditor: undefined as object | undefined,
      showInformationMessage: say,
      showWarningMessage: say,
      showErrorMessage: say,
      onDidChangeTextEditorVisibleRanges: event<object>().on,
      onDidChangeTextEditorSelection: workbench.selected.on,
      tabGroups: {
        get all() {
          return [{ tabs: workbench.tabs }];
        },
        onDidChangeTabs: workbench.tabsChanged.on,
        close: (tabs: readonly FakeTab[]) => workbench.closeTabs(tabs),
      },
      showTextDocument: async (shown: FakeAddress | AddressedDocument) => {
        const uri = shown instanceof FakeAddress ? shown : shown.uri;
        await workbench.openDocument(uri);
        workbench.openTab(new TabInputText(uri));
      },
    },
    workspace: {
      ...fake.workspace,
      onDidOpenTextDocument: workbench.opened.on,
      onDidCloseTextDocument: workbench.closed.on,
      openTextDocument: (uri: FakeAddress) => workbench.openDocument(uri),
      registerTextDocumentContentProvider: (scheme: string, provider: Provider) => {
        workbench.providers.set(scheme, provider);
        return { dispose: () => workbench.providers.delete(scheme) };
      },
    },
  };
}

export type FakeWorkbench = ReturnType<typeof fakeWorkbench>;

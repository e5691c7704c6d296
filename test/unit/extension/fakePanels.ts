/**
 * Panels of VS Code with a page in each, as far as their hosts see them: a page that is hidden is gone, and one that comes
 * into sight is new. Added to what `fakeVscode` makes.
 */
import type { FromHost, FromPage } from '../../../webview/components/messages';

export class FakePanel {
  readonly iconPath = undefined;
  title = '';
  visible = true;
  /** What the page was told without having asked. */
  readonly told: { name: string; value: unknown }[] = [];
  readonly #waiting = new Map<number, (message: FromHost) => void>();
  readonly #disposed = new Set<() => void>();
  #receive: (message: FromPage) => void = () => undefined;
  #lastId = 0;

  readonly webview = {
    options: {},
    html: '',
    cspSource: 'fake:',
    asWebviewUri: (uri: unknown) => uri,
    postMessage: (message: FromHost) => {
      // A page that is gone hears nothing.
      if (!this.visible) return Promise.resolve(false);
      if (message.kind === 'event') this.told.push(message);
      else this.#waiting.get(message.id)?.(message);
      return Promise.resolve(true);
    },
    onDidReceiveMessage: (listener: (message: FromPage) => void) => {
      this.#receive = listener;
      return { dispose: () => (this.#receive = () => undefined) };
    },
  };

  reveal(): void {
    if (this.visible) return;
    this.visible = true;
    this.#receive({ kind: 'ready' });
  }

  hide(): void {
    this.visible = false;
    this.#waiting.clear();
  }

  dispose(): void {
    for (const listener of this.#disposed) listener();
  }

  onDidDispose(listener: () => void): void {
    this.#disposed.add(listener);
  }

  onDidChangeViewState(): { dispose(): void } {
    return { dispose: () => undefined };
  }

  /** What the page gets for a request: a reply, or a failure. */
  ask(method: string, parameters: unknown): Promise<FromHost> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#receive({ kind: 'request', id, method, parameters });
    });
  }
}

/** An address, as VS Code has them. */
export class FakeUri {
  constructor(
    readonly scheme: string,
    readonly path: string,
  ) {}

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}:${this.path}`;
  }

  static file(file: string): FakeUri {
    return new FakeUri('file', file);
  }

  static joinPath({ scheme, path }: FakeUri, ...names: string[]): FakeUri {
    return new FakeUri(scheme, [path, ...names].join('/'));
  }
}

/** What the dialog for files is asked, and says. */
interface SaveDialog {
  asked: Record<string, unknown>[];
  chosen: FakeUri | undefined;
}

export function fakePanels() {
  const panels: FakePanel[] = [];
  const saveDialog: SaveDialog = { asked: [], chosen: undefined };
  return {
    panels,
    saveDialog,
    Uri: FakeUri,
    ViewColumn: { Active: -1, Beside: -2 },
    window: {
      activeTextEditor: undefined,
      createWebviewPanel: () => {
        const panel = new FakePanel();
        panels.push(panel);
        return panel;
      },
      showSaveDialog: (options: Record<string, unknown>) => {
        saveDialog.asked.push(options);
        return Promise.resolve(saveDialog.chosen);
      },
    },
  };
}

export type FakePanels = ReturnType<typeof fakePanels>;

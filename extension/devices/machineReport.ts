/** The report about this machine as a document that can be read and copied, and not changed. */
import { EventEmitter, Uri, workspace, type TextDocumentContentProvider } from 'vscode';
import { DisposableStore, type Disposable } from '../disposable';
import { reportScheme } from './reportScheme';

export const reportUri = `${reportScheme}:/Polyhead Machine Report.md`;

export class MachineReport implements TextDocumentContentProvider, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new EventEmitter<Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #write: () => Promise<string>;
  #text: string | undefined;

  /** @param write writes a report of what is known, for a tab that VS Code has kept */
  constructor(write: () => Promise<string>) {
    this.#write = write;
    this.#store.add(workspace.registerTextDocumentContentProvider(reportScheme, this));
  }

  set(text: string): void {
    this.#text = text;
    this.#changed.fire(Uri.parse(reportUri));
  }

  async provideTextDocumentContent(): Promise<string> {
    return this.#text ?? this.#write();
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/**
 * The languages that the person translates between: read from the settings, changed by commands, shown in the status
 * bar.
 */
import { ConfigurationTarget, EventEmitter, workspace, type ConfigurationScope } from 'vscode';
import { readConfig, type SettingId } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { AskedPair } from './languagePair';

export class Languages implements Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new EventEmitter<void>());
  #last: AskedPair | undefined;

  /** The pair asked for, or the one that was used last, has changed. */
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#store.add(
      workspace.onDidChangeConfiguration((event) => {
        if (
          event.affectsConfiguration('polyhead.sourceLanguage') ||
          event.affectsConfiguration('polyhead.targetLanguage')
        )
          this.#changed.fire();
      }),
    );
  }

  /** What the settings ask for, for a document. */
  asked(scope?: ConfigurationScope): AskedPair {
    return {
      from: readConfig(workspace, 'polyhead.sourceLanguage', scope),
      to: readConfig(workspace, 'polyhead.targetLanguage', scope),
    };
  }

  /** The pair of the last translation. */
  get last(): AskedPair | undefined {
    return this.#last;
  }

  used(pair: AskedPair): void {
    if (this.#last?.from === pair.from && this.#last.to === pair.to) return;
    this.#last = pair;
    this.#changed.fire();
  }

  /** Writes the settings, where the person has them. */
  async ask({ from, to }: AskedPair, scope?: ConfigurationScope): Promise<void> {
    await write('polyhead.sourceLanguage', from, scope);
    await write('polyhead.targetLanguage', to, scope);
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** Writes a setting in the folder or the workspace if it is set there, else for all workspaces. */
async function write(id: SettingId, value: string, scope: ConfigurationScope | undefined): Promise<void> {
  const configuration = workspace.getConfiguration(undefined, scope);
  const found = configuration.inspect(id);
  const { WorkspaceFolder, Workspace, Global } = ConfigurationTarget;
  const inWorkspace = found?.workspaceValue === undefined ? Global : Workspace;
  const target = found?.workspaceFolderValue === undefined ? inWorkspace : WorkspaceFolder;
  await configuration.update(id, value, target);
}

/**
 * The languages that the person translates between: read from the settings, changed by commands, shown in the status
 * bar.
 */
import { ConfigurationTarget, EventEmitter, env, workspace, type ConfigurationScope } from 'vscode';
import { automatic, type ParametersOf } from '../../models/engine/protocol';
import { readConfig, type SettingId, type SettingTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import { isAutomatic, isSameLanguage, type AskedPair } from './languagePair';

/**
 * Which way a translation goes: `reading` brings foreign text into the person's language, `writing` the person's text
 * into the project's language, and `either` follows what the text turns out to be in.
 */
export type Direction = 'reading' | 'writing' | 'either';

/** The part of a request that says which languages it is between. */
export type RequestedLanguages = Pick<ParametersOf<'translate'>, 'from' | 'to' | 'preferredTarget'>;

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

  /** The person's own language: what the setting says, or that of the editor. */
  mine(scope?: ConfigurationScope): string {
    const set = readConfig(workspace, 'polyhead.myLanguage', scope);
    return isAutomatic(set) ? env.language : set;
  }

  /** What the engine is asked for, for a document. */
  request(direction: Direction, scope?: ConfigurationScope): RequestedLanguages {
    const asked = this.asked(scope);
    const mine = this.mine(scope);
    switch (direction) {
      case 'either':
        return { ...asked, preferredTarget: mine };
      case 'reading': {
        const to = isAutomatic(asked.to) ? mine : asked.to;
        return { from: isSameLanguage(asked.from, to) ? automatic : asked.from, to, preferredTarget: mine };
      }
      case 'writing': {
        const project = readConfig(workspace, 'polyhead.projectLanguage', scope);
        const from = isSameLanguage(mine, project) ? automatic : mine;
        return { from, to: project, preferredTarget: project };
      }
    }
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
    await writeSetting('polyhead.sourceLanguage', from, scope);
    await writeSetting('polyhead.targetLanguage', to, scope);
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** Writes a setting in the folder or the workspace if it is set there, else for all workspaces. */
export async function writeSetting<Id extends SettingId>(
  id: Id,
  value: SettingTypes[Id],
  scope: ConfigurationScope | undefined,
): Promise<void> {
  const configuration = workspace.getConfiguration(undefined, scope);
  const found = configuration.inspect(id);
  const { WorkspaceFolder, Workspace, Global } = ConfigurationTarget;
  const inWorkspace = found?.workspaceValue === undefined ? Global : Workspace;
  const target = found?.workspaceFolderValue === undefined ? inWorkspace : WorkspaceFolder;
  await configuration.update(id, value, target);
}

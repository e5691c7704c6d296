/**
 * What Polyhead adds to VS Code: every command and setting with its type, and the `contributes` that
 * package.json must hold. The titles are in package.nls.json. A unit test keeps the three equal.
 *
 * A new command or setting: its type here, its line below, the same in package.json, its text in package.nls.json.
 */
import type { ConfigurationScope, Disposable, commands, workspace } from 'vscode';

/** Every command with its function's type. */
export interface CommandTypes {
  'polyhead.translateSelection': () => Promise<void>;
  'polyhead.showLog': () => void;
}

/** Every setting with its value's type. */
export interface SettingTypes {
  'polyhead.sourceLanguage': string;
  'polyhead.targetLanguage': string;
}

export type CommandId = keyof CommandTypes;
export type SettingId = keyof SettingTypes;

interface Menus {
  /** A submenu of VS Code, with where the command stands in it and when. */
  readonly [menu: string]: { readonly when: string; readonly group: string };
}

const commandMenus: { readonly [Id in CommandId]: Menus } = {
  'polyhead.translateSelection': {
    'editor/context': { when: 'editorHasSelection && !editorReadonly', group: '1_modification' },
  },
  'polyhead.showLog': {},
};

const languageTag = { type: 'string', pattern: '^[a-z]{2,3}(-[A-Za-z0-9]+)*$', scope: 'resource' } as const;

const settings: {
  readonly [Id in SettingId]: { readonly default: SettingTypes[Id]; readonly type: string };
} = {
  'polyhead.sourceLanguage': { ...languageTag, default: 'en' },
  'polyhead.targetLanguage': { ...languageTag, default: 'de' },
};

/** What package.json's `contributes` must be. */
export function expectedContributes(): object {
  const menus: Record<string, object[]> = {};
  for (const [command, places] of Object.entries(commandMenus)) {
    for (const [menu, place] of Object.entries(places)) (menus[menu] ??= []).push({ command, ...place });
  }
  return {
    commands: Object.keys(commandMenus).map((command) => ({
      command,
      title: `%${command}.title%`,
      category: 'Polyhead',
    })),
    menus,
    configuration: {
      title: 'Polyhead',
      properties: Object.fromEntries(
        Object.entries(settings).map(([id, setting], order) => [
          id,
          { order, ...setting, markdownDescription: `%${id}.description%` },
        ]),
      ),
    },
  };
}

/** Registers the function of a command. */
export function registerCommand<Id extends CommandId>(
  namespace: typeof commands,
  id: Id,
  run: CommandTypes[Id],
): Disposable {
  return namespace.registerCommand(id, run);
}

/** Runs a command of ours. */
export function runCommand<Id extends CommandId>(
  namespace: typeof commands,
  id: Id,
  ...parameters: Parameters<CommandTypes[Id]>
): Thenable<unknown> {
  return namespace.executeCommand(id, ...parameters);
}

/** A setting's value for a document; the default where somebody wrote a value of another type. */
export function readConfig<Id extends SettingId>(
  namespace: typeof workspace,
  id: Id,
  scope: ConfigurationScope,
): SettingTypes[Id] {
  const value = namespace.getConfiguration(undefined, scope).get<unknown>(id);
  const fallback: SettingTypes[Id] = settings[id].default;
  return typeof value === typeof fallback ? (value as SettingTypes[Id]) : fallback;
}

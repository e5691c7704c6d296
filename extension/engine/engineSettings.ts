/**
 * What the person's settings say about engines and models. All of them are of the machine: no folder has a say.
 */
import path from 'node:path';
import { l10n, workspace, type ExtensionContext } from 'vscode';
import { readConfig, type SettingId } from '../contributions';
import { openSettings, warn } from '../notices';
import type { EngineSettings } from './engineClient';
import type { EngineLog } from './engineLog';

const settingsOfEngines: readonly SettingId[] = [
  'polyhead.dataFolder',
  'polyhead.modelFolders',
  'polyhead.threads',
  'polyhead.engineIdleMinutes',
  'polyhead.translationDevice',
];

/** Whether running engines must be started again for a change of settings to take effect. */
export function concernsEngines(event: { affectsConfiguration: (id: string) => boolean }): boolean {
  return settingsOfEngines.some((id) => event.affectsConfiguration(id));
}

/** Tells the person which of these settings name a folder that will not be used. */
export function warnOfUnusablePaths(): void {
  const folders = {
    'polyhead.dataFolder': [readConfig(workspace, 'polyhead.dataFolder')],
    'polyhead.modelFolders': readConfig(workspace, 'polyhead.modelFolders'),
  } as const satisfies Partial<Record<SettingId, readonly string[]>>;
  for (const [id, written] of Object.entries(folders)) {
    const unusable = written.find((folder) => folder !== '' && !path.isAbsolute(folder));
    if (unusable === undefined) continue;
    warn(
      l10n.t('“{0}” in {1} is no absolute path and is not used. Write the whole path.', unusable, id),
      openSettings(id),
    );
  }
}

/** Where Polyhead keeps what the person imports and trains. */
export function dataFolder(context: ExtensionContext, log: EngineLog): string {
  const chosen = readConfig(workspace, 'polyhead.dataFolder');
  if (chosen !== '' && !path.isAbsolute(chosen)) {
    log.warn('polyhead.dataFolder is not an absolute path, so the usual folder is used.');
  }
  return path.isAbsolute(chosen) ? chosen : context.globalStorageUri.fsPath;
}

/** Where models that the person imports are kept: a folder for each. */
export function importedModelsFolder(context: ExtensionContext, log: EngineLog): string {
  return path.join(dataFolder(context, log), 'models');
}

/** Where models of runs are kept that the person uses for translation: a folder for each, one a pair. */
export function usedModelsFolder(context: ExtensionContext, log: EngineLog): string {
  return path.join(dataFolder(context, log), 'used');
}

/** Where trainings are kept: a folder for each. */
export function runsFolder(context: ExtensionContext, log: EngineLog): string {
  return path.join(dataFolder(context, log), 'runs');
}

/**
 * The person's own models come before those that Polyhead brings, so that theirs win for a pair; before all others, what
 * a run was chosen to translate with.
 */
export function readEngineSettings(context: ExtensionContext, log: EngineLog): EngineSettings {
  const others = readConfig(workspace, 'polyhead.modelFolders').filter((folder) => {
    if (path.isAbsolute(folder)) return true;
    log.warn('polyhead.modelFolders names a folder that is not an absolute path; it is left out.');
    return false;
  });
  return {
    modelFolders: [
      usedModelsFolder(context, log),
      importedModelsFolder(context, log),
      ...others,
      context.asAbsolutePath(path.join('models', 'pretrained')),
    ],
    threads: readConfig(workspace, 'polyhead.threads'),
    devices: {
      translation: readConfig(workspace, 'polyhead.translationDevice'),
      file: path.join(dataFolder(context, log), 'devices.json'),
      tryOut: true,
    },
    idleMs: readConfig(workspace, 'polyhead.engineIdleMinutes') * 60_000,
  };
}

/**
 * The command “Polyhead: Import Model Folder…”: a folder that the person chooses becomes one of their models.
 */
import { commands, l10n, window, type Uri } from 'vscode';
import type { LanguagePair } from '../../models/engine/protocol';
import { registerCommand, runCommand } from '../contributions';
import type { Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import type { Engines } from '../engine/engines';
import { pairName } from '../languages/languagePair';
import type { Languages } from '../languages/languages';
import { confirm, inform, tellFailure } from '../notices';
import { inPercent, withPatientProgress } from '../progress';

export interface ImportServices {
  readonly engines: Engines;
  readonly languages: Languages;
  readonly log: EngineLog;
  /** Where imported models are kept. */
  readonly modelsFolder: () => string;
}

export function registerImportModelFolder(services: ImportServices): Disposable {
  return registerCommand(commands, 'polyhead.importModelFolder', () =>
    importModelFolder(services).catch((error: unknown) => tellFailure(error, services.log)),
  );
}

async function importModelFolder(services: ImportServices): Promise<void> {
  const [folder] =
    (await window.showOpenDialog({
      title: l10n.t('Import a model: choose its folder'),
      openLabel: l10n.t('Import Model'),
      canSelectFolders: true,
      canSelectFiles: false,
    })) ?? [];
  if (folder === undefined) return;
  const first = await importFrom(folder, false, services);
  if (first.outcome === 'exists' && !(await mayReplace(first.pair))) return;
  const { pair } = first.outcome === 'exists' ? await importFrom(folder, true, services) : first;
  inform(
    l10n.t('Imported the model “{0}”: {1}.', pair.name, pairName(pair)),
    {
      title: l10n.t('Use These Languages'),
      run: () => services.languages.ask(pair, window.activeTextEditor?.document),
    },
    { title: l10n.t('Pick Languages'), run: () => runCommand(commands, 'polyhead.pickLanguages') },
  );
}

function mayReplace(pair: LanguagePair): Promise<boolean> {
  return confirm(
    l10n.t('There is an imported model for {0} already: “{1}”.', pairName(pair), pair.name),
    l10n.t('Replacing it removes it from Polyhead; the folder that it came from stays.'),
    l10n.t('Replace'),
  );
}

function importFrom(
  folder: Uri,
  replace: boolean,
  { engines, modelsFolder }: ImportServices,
): ReturnType<Engines['importModel']> {
  return withPatientProgress(l10n.t('Importing a model'), inPercent, (signal, count) =>
    engines.importModel(
      { folder: folder.fsPath, modelsFolder: modelsFolder(), replace },
      { signal, onProgress: ({ done, total }) => count(done, total) },
    ),
  );
}

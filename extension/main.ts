/**
 * The extension's entry: builds the services and registers the features, nothing else. Activation starts
 * no process and loads no model; the first translation does.
 */
import { commands, l10n, Uri, window, workspace, type ExtensionContext } from 'vscode';
import { registerShowAttention } from './attention/showAttention';
import { registerCommand } from './contributions';
import { DisposableStore } from './disposable';
import { registerDocumentCommands } from './documents/documentCommands';
import { Engines } from './engine/engines';
import {
  concernsEngines,
  importedModelsFolder,
  readEngineSettings,
  warnOfUnusablePaths,
} from './engine/engineSettings';
import { thisMachine, whyUnsupported } from './engine/platform';
import { registerHover } from './hover/hoverProvider';
import { extendTranslate, type RegisterSource } from './integrations/commentTranslate';
import { Languages } from './languages/languages';
import { registerLanguageCommands } from './languages/pickLanguages';
import { registerImportModelFolder } from './models/importModelFolder';
import { registerNameFromDescription } from './naming/nameFromDescription';
import { mention, tellFailure } from './notices';
import { editorGrammars } from './prose/editorGrammars';
import { ProseFinder } from './prose/proseFinder';
import { registerReadingCommands } from './reading/readingCommands';
import { ReadingThread } from './prose/readingThread';
import { StatusBar } from './statusBar';
import { Training } from './training/training';
import { registerTranslateCommands } from './translate/translateCommands';

/** What the extension exports. */
export interface PolyheadApi {
  /** The ids of the engine processes that serve requests now, for tests in a real editor. */
  engineProcessIds(): number[];
  /** For Comment Translate, which can take its translations from here. */
  extendTranslate(register: RegisterSource): void;
}

let running: { readonly engines: Engines; readonly training: Training } | undefined;

export function activate(context: ExtensionContext): PolyheadApi {
  const services = new DisposableStore();
  context.subscriptions.push(services);

  const log = services.add(window.createOutputChannel('Polyhead', { log: true }));
  const languages = services.add(new Languages());
  const statusBar = services.add(new StatusBar());
  const finder = services.add(
    new ProseFinder(
      services.add(
        new ReadingThread({
          modulePath: Uri.joinPath(context.extensionUri, 'dist', 'reading.js').fsPath,
          data: () => ({ grammars: editorGrammars() }),
          warn: (sentence) => log.warn(sentence),
        }),
      ),
    ),
  );
  // Not among the services: VS Code disposes of those before `deactivate` has ended, and the one that trains has to save.
  const engines = new Engines({
    modulePath: Uri.joinPath(context.extensionUri, 'dist', 'engine.js').fsPath,
    settings: () => readEngineSettings(context, log),
    unsupported: whyUnsupported(thisMachine()),
    log,
    onStateChange: () => showStatus(),
  });
  const training = services.add(new Training(context, engines, log));
  running = { engines, training };

  function showStatus(): void {
    const asked = languages.asked(window.activeTextEditor?.document);
    statusBar.show({ asked, last: languages.last, engine: engines.state });
  }
  showStatus();
  warnOfUnusablePaths();
  services.add(languages.onDidChange(showStatus));
  services.add(window.onDidChangeActiveTextEditor(showStatus));
  services.add(
    workspace.onDidChangeConfiguration((event) => {
      if (!concernsEngines(event)) return;
      warnOfUnusablePaths();
      engines.renew();
    }),
  );

  services.add(registerDocumentCommands({ engines, languages, log, finder }));
  services.add(registerReadingCommands({ engines, languages, log, finder }));
  services.add(registerNameFromDescription({ engines, languages, log }));
  services.add(registerTranslateCommands({ engines, languages, log, finder }));
  services.add(registerHover({ engines, languages, log, finder }));
  services.add(registerLanguageCommands(languages, engines, log));
  services.add(
    registerImportModelFolder({
      engines,
      languages,
      log,
      modelsFolder: () => importedModelsFolder(context, log),
    }),
  );
  services.add(
    registerShowAttention({ engines, languages, log, finder, extensionUri: context.extensionUri }),
  );
  services.add(
    registerCommand(commands, 'polyhead.restartEngine', async () => {
      try {
        await engines.restart();
        await engines.pairs();
        mention(l10n.t('$(check) The translation engine was restarted'));
      } catch (error) {
        tellFailure(error, log);
      }
    }),
  );
  services.add(registerCommand(commands, 'polyhead.showLog', () => log.show()));
  return {
    engineProcessIds: () => engines.processIds,
    extendTranslate: extendTranslate({ engines, languages, log }),
  };
}

/** VS Code waits for this, so that a training is saved and the engines are gone before the extension host is. */
export async function deactivate(): Promise<void> {
  if (running === undefined) return;
  const { training, engines } = running;
  await Promise.all([training.close().then(() => engines.stop()), engines.stopTranslating()]);
}

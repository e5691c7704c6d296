/**
 * The extension's entry: builds the services and puts up the doors of the rooms, nothing else. Activation
 * reads no room, starts no process and loads no model; the first use does.
 */
import { commands, l10n, Uri, window, workspace, type ExtensionContext } from 'vscode';
import { registerCommand, runCommand } from './contributions';
import { DisposableStore } from './disposable';
import { Engines } from './engine/engines';
import { concernsEngines, readEngineSettings, warnOfUnusablePaths } from './engine/engineSettings';
import { thisMachine, whyUnsupported } from './engine/platform';
import { extendTranslate, type RegisterSource } from './integrations/commentTranslate';
import { Languages } from './languages/languages';
import { mention, openSettings, tellFailure, warn } from './notices';
import { Rooms } from './rooms';
import { StatusBar } from './statusBar';

/** What the extension exports. */
export interface PolyheadApi {
  /** The ids of the engine processes that serve requests now, for tests in a real editor. */
  engineProcessIds(): number[];
  /** For Comment Translate, which can take its translations from here. */
  extendTranslate(register: RegisterSource): void;
}

let running: { readonly engines: Engines; readonly rooms: Rooms } | undefined;

export function activate(context: ExtensionContext): PolyheadApi {
  const services = new DisposableStore();
  context.subscriptions.push(services);

  const log = services.add(window.createOutputChannel('Polyhead', { log: true }));
  const languages = services.add(new Languages());
  const statusBar = services.add(new StatusBar());
  // Not among the services: VS Code disposes of those before `deactivate` has ended, and the one that trains has to save.
  const engines = new Engines({
    modulePath: Uri.joinPath(context.extensionUri, 'dist', 'engine.js').fsPath,
    settings: () => readEngineSettings(context, log),
    unsupported: whyUnsupported(thisMachine()),
    log,
    onStateChange: () => showStatus(),
    onNotice: noticesOnce(),
  });
  const rooms = services.add(new Rooms({ context, engines, languages, log }));
  running = { engines, rooms };

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

/** Each engine tells what it has met; the person hears of it once in a window. */
function noticesOnce(): (sentence: string) => void {
  const told = new Set<string>();
  return (sentence) => {
    if (told.has(sentence)) return;
    told.add(sentence);
    warn(sentence, openSettings('polyhead.translationDevice'), {
      title: l10n.t('Show Devices'),
      run: () => runCommand(commands, 'polyhead.showDevices'),
    });
  };
}

/** VS Code waits for this, so that a training is saved and the engines are gone before the extension host is. */
export async function deactivate(): Promise<void> {
  if (running === undefined) return;
  const { rooms, engines } = running;
  await Promise.all([rooms.close().then(() => engines.stop()), engines.stopTranslating()]);
}

/**
 * The extension's entry: builds the services and registers the features, nothing else. Activation starts
 * no process and loads no model; the first translation does.
 */
import { commands, Uri, window, type ExtensionContext } from 'vscode';
import { registerCommand } from './contributions';
import { DisposableStore } from './disposable';
import { EngineClient } from './engine/engineClient';
import { registerTranslateSelection } from './translate/translateSelection';

/** What the extension exports, for tests in a real editor. */
export interface PolyheadApi {
  /** The id of the engine process that serves requests now, if there is one. */
  engineProcessId(): number | undefined;
}

let engine: EngineClient | undefined;

export function activate(context: ExtensionContext): PolyheadApi {
  const services = new DisposableStore();
  context.subscriptions.push(services);
  const fileOf = (...segments: string[]): string => Uri.joinPath(context.extensionUri, ...segments).fsPath;

  const log = services.add(window.createOutputChannel('Polyhead', { log: true }));
  const client = services.add(
    new EngineClient({
      modulePath: fileOf('dist', 'engine.js'),
      modelFolders: [fileOf('models', 'pretrained')],
      log,
    }),
  );
  engine = client;

  services.add(registerCommand(commands, 'polyhead.showLog', () => log.show()));
  services.add(registerTranslateSelection(client, log));
  return { engineProcessId: () => client.processId };
}

/** VS Code waits for this, so that the engine is gone before the extension host is. */
export async function deactivate(): Promise<void> {
  await engine?.stop();
}

/** The panel with curves in the editor area: one page, that several runs are laid over each other in. */
import { env, l10n, Uri, ViewColumn, window, type WebviewPanel, type WebviewPanelSerializer } from 'vscode';
import { curvesDoor } from '../../webview/training/messages';
import type { ParametersOf } from '../../webview/components/messages';
import { panelTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import { mention } from '../notices';
import { saveFile } from '../saveFile';
import { PageDoor } from '../webviewDoor';
import { pageOptions, webviewHtml } from '../webviewHtml';
import { HistoryFeed } from './historyFeed';
import { curvesTexts } from './curvesTexts';
import type { Trainings } from './trainings';

export interface CurvesPanelOptions {
  readonly extensionUri: Uri;
  readonly trainings: Trainings;
  readonly log: EngineLog;
}

export class CurvesPanel implements WebviewPanelSerializer, Disposable {
  readonly #options: CurvesPanelOptions;
  #panel: { readonly panel: WebviewPanel; readonly door: PageDoor<typeof curvesDoor> } | undefined;
  /** The runs that a command asked for, until the page has asked for them. */
  #asked: readonly string[] | undefined;

  constructor(options: CurvesPanelOptions) {
    this.#options = options;
  }

  /** Brings the panel up with these runs; with those that it showed before where none are given. */
  show(runs?: readonly string[]): void {
    this.#asked = runs;
    if (this.#panel === undefined) {
      this.#fill(window.createWebviewPanel(panelTypes.curves, l10n.t('Training Curves'), ViewColumn.Active));
      return;
    }
    const { panel, door } = this.#panel;
    const wasVisible = panel.visible;
    panel.reveal();
    // A hidden page is built anew, and asks.
    if (runs === undefined || !wasVisible) return;
    this.#asked = undefined;
    door.tell('show', [...runs]);
  }

  /** VS Code brings a panel back that was open when the window closed. */
  deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    this.#panel?.panel.dispose();
    this.#fill(panel);
    return Promise.resolve();
  }

  dispose(): void {
    this.#panel?.panel.dispose();
  }

  #fill(panel: WebviewPanel): void {
    const { extensionUri, trainings, log } = this.#options;
    const { webview } = panel;
    const disposables = new DisposableStore();
    const texts = curvesTexts();
    panel.iconPath = Uri.joinPath(extensionUri, 'images', 'icon.png');
    webview.options = pageOptions(extensionUri);
    const feed = new HistoryFeed(
      (id) => trainings.store.folderOf(id),
      (part) => door.tell('history', part),
    );
    const door: PageDoor<typeof curvesDoor> = disposables.add(
      new PageDoor({
        webview,
        door: curvesDoor,
        handlers: {
          open: async () => {
            feed.forget();
            await trainings.refresh();
            const shown = this.#asked === undefined ? null : [...this.#asked];
            this.#asked = undefined;
            return { runs: [...trainings.runs], shown };
          },
          watch: async ({ runs }) => {
            await feed.watch(runs);
            return null;
          },
          save: async (file) => ({ saved: await save(file) }),
        },
        log,
        misunderstood: texts.misunderstood,
      }),
    );
    webview.html = webviewHtml(webview, extensionUri, 'curves', l10n.t('Training Curves'), {
      language: env.language,
      texts,
    });
    let watch = panel.visible ? trainings.watch() : undefined;
    disposables.add({ dispose: () => watch?.dispose() });
    disposables.add(
      panel.onDidChangeViewState(() => {
        watch?.dispose();
        watch = panel.visible ? trainings.watch() : undefined;
      }),
    );
    disposables.add(
      trainings.onDidChange(() => {
        if (!panel.visible) return;
        door.tell('runs', [...trainings.runs]);
        feed.update().catch((error: unknown) => log.error((error as Error).message));
      }),
    );
    this.#panel = { panel, door };
    panel.onDidDispose(() => {
      disposables.dispose();
      if (this.#panel?.panel === panel) this.#panel = undefined;
    });
  }
}

/** @returns whether the person chose a place */
async function save(file: ParametersOf<typeof curvesDoor, 'save'>): Promise<boolean> {
  const place = await saveFile({ ...file, title: l10n.t('Save the curves') });
  if (place === undefined) return false;
  mention(l10n.t('$(check) Saved {0}', place.fsPath));
  return true;
}

/** The panel with curves in the editor area: one page, that several runs are laid over each other in. */
import { writeFile } from 'node:fs/promises';
import { env, l10n, Uri, ViewColumn, window, type WebviewPanel, type WebviewPanelSerializer } from 'vscode';
import { curvesDoor, type SaveFormat } from '../../webview/training/messages';
import { panelTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import { mention } from '../notices';
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
    if (this.#panel !== undefined) {
      this.#panel.panel.reveal();
      if (runs !== undefined) this.#panel.door.tell('show', [...runs]);
      return;
    }
    this.#fill(window.createWebviewPanel(panelTypes.curves, l10n.t('Training Curves'), ViewColumn.Active));
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
          save: async ({ format, name, content }) => ({ saved: await save(format, name, content) }),
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

const filters: Readonly<Record<SaveFormat, () => Record<string, string[]>>> = {
  png: () => ({ [l10n.t('PNG picture')]: ['png'] }),
  svg: () => ({ [l10n.t('SVG picture')]: ['svg'] }),
  csv: () => ({ [l10n.t('CSV table')]: ['csv'] }),
};

/** @returns whether the person chose a place */
async function save(format: SaveFormat, name: string, content: Uint8Array): Promise<boolean> {
  const file = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-') || 'curves'}.${format}`;
  const chosen = await window.showSaveDialog({
    title: l10n.t('Save the curves'),
    filters: filters[format](),
    defaultUri: Uri.file(file),
  });
  if (chosen === undefined) return false;
  await writeFile(chosen.fsPath, content);
  mention(l10n.t('$(check) Saved {0}', chosen.fsPath));
  return true;
}

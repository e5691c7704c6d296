/**
 * The attention panel: one editor tab with the attention page in it, which the host answers from the engines. It comes
 * back by itself when the window is reloaded.
 */
import { l10n, Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import {
  attentionDoor,
  type AttentionDoor,
  type Model,
  type Observation,
  type Shown,
} from '../../webview/attention/messages';
import type { ParametersOf } from '../../webview/components/messages';
import type { LanguagePair, ReplyOf } from '../../models/engine/protocol';
import { DisposableStore, toDisposable, type Disposable } from '../disposable';
import { EngineError } from '../engine/engineError';
import type { EngineLog } from '../engine/engineLog';
import type { Engines } from '../engine/engines';
import { pairName } from '../languages/languagePair';
import type { Languages } from '../languages/languages';
import { panelTypes } from '../contributions';
import { saveFile } from '../saveFile';
import { PageDoor, type PageHandlers } from '../webviewDoor';
import { pageOptions, webviewHtml } from '../webviewHtml';
import { attentionTexts } from './attentionTexts';

/** What the page shows of each place of a translation, and how many translations. */
const candidates = 8;
const alternatives = 5;

export interface AttentionServices {
  readonly engines: Engines;
  readonly languages: Languages;
  readonly log: EngineLog;
  readonly extensionUri: Uri;
  /** Models beside those of the engines' folders that can be looked into, such as checkpoints of runs. */
  readonly furtherModels?: () => Promise<LanguagePair[]>;
}

export class AttentionPanels implements Disposable {
  readonly #services: AttentionServices;
  readonly #store = new DisposableStore();
  #open: { readonly panel: WebviewPanel; readonly door: PageDoor<AttentionDoor> } | undefined;
  /** What the page is to show when it asks; told once. */
  #pending: Shown | null = null;

  constructor(services: AttentionServices) {
    this.#services = services;
    this.#store.add(toDisposable(() => void this.#open?.panel.dispose()));
  }

  /** Opens the panel, or brings it to the front; with a text, it shows that. */
  show(shown: Shown | undefined): void {
    if (shown !== undefined) this.#pending = shown;
    if (this.#open === undefined) {
      const column = window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside;
      this.adopt(
        window.createWebviewPanel(
          panelTypes.attention,
          title(),
          column,
          pageOptions(this.#services.extensionUri),
        ),
      );
      return;
    }
    const { panel, door } = this.#open;
    const wasVisible = panel.visible;
    panel.reveal();
    // A hidden page is built anew, and asks.
    if (shown === undefined || !wasVisible) return;
    this.#pending = null;
    door.tell('shown', shown);
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Puts the page into a panel, new or kept by VS Code. */
  adopt(panel: WebviewPanel): void {
    this.#open?.panel.dispose();
    const { extensionUri, log } = this.#services;
    const { webview } = panel;
    const page = new DisposableStore();
    const door = page.add(
      new PageDoor({
        webview,
        door: attentionDoor,
        handlers: this.#handlers(panel),
        log,
        misunderstood: attentionTexts().misunderstood,
      }),
    );
    const open = { panel, door };
    this.#open = open;
    page.add(
      panel.onDidDispose(() => {
        if (this.#open === open) this.#open = undefined;
        page.dispose();
      }),
    );
    panel.title = title();
    panel.iconPath = Uri.joinPath(extensionUri, 'images', 'icon.png');
    webview.options = pageOptions(extensionUri);
    webview.html = webviewHtml(webview, extensionUri, 'attention', title(), { texts: attentionTexts() });
  }

  #handlers(panel: WebviewPanel): PageHandlers<AttentionDoor> {
    const { engines } = this.#services;
    return {
      start: async (_, { signal }) => {
        const shown = this.#pending;
        const models = await this.#models();
        // What a page does not get any more, or what another command has replaced meanwhile, is not taken for told.
        if (signal.aborted || !panel.visible || this.#pending !== shown) return { shown: null, models };
        this.#pending = null;
        return { shown, models };
      },
      observe: (parameters, { signal }) => this.#observe(parameters, signal),
      attention: (parameters, { signal }) => engines.attention(parameters, { signal }),
      walk: (parameters, { signal }) => engines.walk({ ...parameters, candidates }, { signal }),
      release: async ({ observation }) => {
        await engines.release(observation);
        return null;
      },
      save: async (file) => {
        const place = await saveFile({ ...file, title: l10n.t('Save the attention') });
        return { saved: place !== undefined };
      },
    };
  }

  async #models(): Promise<Model[]> {
    const { engines, furtherModels } = this.#services;
    const models = [...(await engines.models()), ...((await furtherModels?.()) ?? [])];
    return models.map(({ folder, name, from, to }) => ({
      folder,
      name,
      from,
      to,
      pair: pairName({ from, to }),
    }));
  }

  async #observe(
    { text, target, from, to, folder }: ParametersOf<AttentionDoor, 'observe'>,
    signal: AbortSignal,
  ): Promise<Observation> {
    const { engines, languages } = this.#services;
    const chosen = folder === undefined ? undefined : await this.#known(folder);
    const asked = languages.request('either');
    const reply = await engines.observe(
      {
        ...asked,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        text,
        ...(target !== undefined && { target }),
        ...(folder !== undefined && { folder }),
        candidates,
        alternatives: target === undefined ? alternatives : 0,
      },
      { signal },
    );
    const observation = observationOf(reply);
    if (chosen === undefined) return observation;
    // In its own folder a checkpoint is called by its languages, as every model of them is.
    return { ...observation, model: { ...observation.model, name: chosen.name } };
  }

  /** A page, or a link in a file, must not have the engine read whatever folder it names. */
  async #known(folder: string): Promise<Model> {
    const known = (await this.#models()).find((model) => model.folder === folder);
    if (known !== undefined) return known;
    throw new EngineError('user', l10n.t('There is no model in {0} any more. Choose another one.', folder));
  }
}

const title = (): string => l10n.t('Attention');

/** What the page needs of the engine's reply. */
function observationOf({ translation, segments, ...reply }: ReplyOf<'observe'>): Observation {
  const { text, from, to, alreadyInTarget } = translation;
  return {
    ...reply,
    translation: text,
    from,
    to,
    pair: pairName({ from, to }),
    alreadyInTarget,
    segments,
  };
}

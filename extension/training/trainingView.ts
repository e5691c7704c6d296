/** The sidebar's view “Training”: a page that the host keeps up to date, and whose wishes it fulfils. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  commands,
  env,
  l10n,
  type CancellationToken,
  type Uri,
  type WebviewView,
  type WebviewViewProvider,
  type WebviewViewResolveContext,
} from 'vscode';
import type { LanguagePair, PresetDescription, ReplyOf } from '../../models/engine/protocol';
import {
  sidebarDoor,
  type Choices,
  type Form,
  type Preset,
  type PresetName,
  type RunAction,
} from '../../webview/training/messages';
import { runCommand } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import { EngineError } from '../engine/engineError';
import type { EngineLog } from '../engine/engineLog';
import type { Engines } from '../engine/engines';
import { pairName } from '../languages/languagePair';
import { PageDoor, type PageHandlers } from '../webviewDoor';
import { pageOptions, webviewHtml } from '../webviewHtml';
import { baseModelsOf, type BaseModel } from './baseModels';
import type { CorporaDraft } from './corporaDraft';
import { HistoryFeed } from './historyFeed';
import { sidebarTexts } from './pageTexts';
import { estimateOf } from './planInWords';
import type { RunActions } from './runActions';
import type { RunPlan } from './runRecord';
import { presetsOf, requestOf } from './trainingRequest';
import type { Trainings } from './trainings';
import { countInWords, roughly } from './wording';

export interface TrainingViewOptions {
  readonly extensionUri: Uri;
  readonly engines: Engines;
  readonly trainings: Trainings;
  readonly actions: RunActions;
  readonly corpora: CorporaDraft;
  readonly log: EngineLog;
}

export class TrainingView implements WebviewViewProvider, Disposable {
  readonly #options: TrainingViewOptions;
  readonly #disposables = new DisposableStore();
  #defaults: ReplyOf<'trainingDefaults'> | undefined;
  #pairs: readonly LanguagePair[] = [];
  /** `opened`: it has asked for what it shows, and can be told of changes. A page that is hidden is gone. */
  #page: { door: PageDoor<typeof sidebarDoor>; view: WebviewView; opened: boolean } | undefined;
  /** What the page was told last that the form can be filled from. */
  #told = '';
  /** What a command wants shown that came before the page could be told. */
  #toShow: { run: string | null } | undefined;

  constructor(options: TrainingViewOptions) {
    this.#options = options;
  }

  resolveWebviewView(view: WebviewView, _: WebviewViewResolveContext, __: CancellationToken): void {
    const { extensionUri, log, trainings } = this.#options;
    const disposables = new DisposableStore();
    this.#disposables.add(disposables);
    view.webview.options = pageOptions(extensionUri);
    const texts = sidebarTexts();
    const feed = new HistoryFeed(
      (id) => trainings.store.folderOf(id),
      (part) => door.tell('history', part),
    );
    const door: PageDoor<typeof sidebarDoor> = disposables.add(
      new PageDoor({
        webview: view.webview,
        door: sidebarDoor,
        handlers: this.#handlers(feed),
        log,
        misunderstood: texts.misunderstood,
      }),
    );
    view.webview.html = webviewHtml(view.webview, extensionUri, 'training', l10n.t('Training'), {
      language: env.language,
      texts,
    });
    const page = { door, view, opened: false };
    this.#page = page;
    let watch = view.visible ? trainings.watch() : undefined;
    disposables.add({ dispose: () => watch?.dispose() });
    disposables.add(
      view.onDidChangeVisibility(() => {
        watch?.dispose();
        page.opened = false;
        watch = view.visible ? trainings.watch() : undefined;
      }),
    );
    disposables.add(
      trainings.onDidChange(() => {
        if (!view.visible) return;
        door.tell('runs', [...trainings.runs]);
        this.#tellChoices();
        feed.update().catch((error: unknown) => log.error((error as Error).message));
      }),
    );
    disposables.add(
      this.#options.engines.onDidChangeModels(() => {
        void this.#loadPairs()
          .then(() => this.#tellChoices())
          .catch((error: unknown) => log.warn(`The models cannot be listed: ${(error as Error).message}`));
      }),
    );
    view.onDidDispose(() => {
      disposables.dispose();
      this.#page = undefined;
    });
  }

  /** Brings the view up with a run, or with the form. @param keepFocus where it is, as in the tree that is walked through */
  async show(run: string | null, keepFocus = false): Promise<void> {
    this.#toShow = { run };
    if (this.#page !== undefined && keepFocus) this.#page.view.show(true);
    else await commands.executeCommand('polyhead.training.focus');
    // A page that is on its way asks for it itself.
    if (this.#page?.view.visible !== true || !this.#page.opened) return;
    this.#toShow = undefined;
    this.#page.door.tell('show', run);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #handlers(feed: HistoryFeed): PageHandlers<typeof sidebarDoor> {
    const { trainings, actions, corpora, engines } = this.#options;
    return {
      open: async () => {
        feed.forget();
        await Promise.all([this.#loadDefaults(), this.#loadPairs(), trainings.refresh()]);
        const shown = this.#toShow;
        // When it has taken in what it asked for, it can be told what to show.
        if (shown !== undefined) setTimeout(() => this.#page?.door.tell('show', shown.run), 0);
        this.#toShow = undefined;
        if (this.#page !== undefined) this.#page.opened = true;
        return {
          presets: presetsOf(this.#defaults!, presetInWords),
          choices: this.#choices(),
          runs: [...trainings.runs],
        };
      },
      watch: async ({ runs }) => {
        await feed.watch(runs);
        return null;
      },
      addCorpora: async ({ from, languages }) => {
        if (from === 'catalogues') await unlessCancelled(corpora.collectCatalogues(languages));
        else await corpora.pick(from, languages);
        return this.#choices();
      },
      copy: async ({ run }) => {
        const plan = trainings.find(run)?.run.record.plan;
        if (plan === undefined)
          throw new EngineError('user', l10n.t('What this run was asked for is not known.'));
        await corpora.replace(plan.corpora, plan.form);
        // A run's best model may be another one by now; the folder is what was meant.
        const base = this.#models().find(({ folder }) => folder === plan.base)?.key ?? null;
        return { form: { ...plan.form, base }, choices: this.#choices() };
      },
      removeCorpus: async ({ index }) => {
        await corpora.remove(index);
        return this.#choices();
      },
      estimate: async ({ form }, { signal, report }) => {
        const folder = path.join(trainings.store.folder, 'new');
        const request = requestOf(folder, this.#planOf(form), trainings.surroundings);
        const { plan } = await engines.work('planTraining', request, {
          signal,
          onProgress: ({ stage, done, total }) =>
            report({ stage: stageInWords(stage), share: total > 0 ? Math.min(1, done / total) : 0 }),
        });
        return estimateOf(plan);
      },
      start: async ({ form }) => {
        const plan = this.#planOf(form);
        await mkdir(trainings.store.folder, { recursive: true });
        const run = await trainings.store.create(this.#nameOf(form), plan);
        await trainings.queue.advance();
        await trainings.refresh();
        return { run };
      },
      act: async ({ run, action }) => {
        await this.#act(run, action, actions);
        return null;
      },
      showCurves: async ({ runs }) => {
        const items = runs.map((run) => ({ kind: 'run' as const, run }));
        await runCommand(commands, 'polyhead.showTrainingCurves', items[0], items);
        return null;
      },
    };
  }

  async #act(run: string, action: RunAction, actions: RunActions): Promise<void> {
    switch (action) {
      case 'pause':
        return actions.pause(run);
      case 'resume':
        return actions.resume(run);
      case 'stop':
        return actions.stop(run);
      case 'use':
        return unlessCancelled(actions.use(run));
      case 'giveUp': {
        const found = this.#options.trainings.find(run);
        if (found !== undefined) await actions.giveUp(found.run.from, found.run.to);
      }
    }
  }

  async #loadDefaults(): Promise<void> {
    this.#defaults ??= await this.#options.engines.work('trainingDefaults', {});
  }

  async #loadPairs(): Promise<void> {
    this.#pairs = await this.#options.engines.models();
  }

  #choices(): Choices {
    const models = this.#models().map(({ key, name, from, to }) => ({ key, name, from, to }));
    const choices = { ...this.#options.corpora.choices, models };
    this.#told = JSON.stringify(choices);
    return choices;
  }

  /** Models have come or gone, such as a run's first checkpoint. */
  #tellChoices(): void {
    const told = this.#told;
    const choices = this.#choices();
    if (this.#page?.opened === true && told !== this.#told) this.#page.door.tell('choices', choices);
  }

  #models(): BaseModel[] {
    return baseModelsOf(this.#options.trainings.stored, this.#pairs);
  }

  /** What the person calls it, or its languages; with a number where that is taken. */
  #nameOf(form: Form): string {
    const wanted = form.name.trim() || pairName(form);
    const taken = new Set(this.#options.trainings.runs.map(({ name }) => name));
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted} ${number}`;
    return name;
  }

  #planOf(form: Form): RunPlan {
    const corpora = this.#options.corpora.corpora;
    if (corpora.length === 0)
      throw new EngineError('user', l10n.t('Choose files with sentence pairs first.'));
    if (form.base === null) return { form, corpora };
    const base = this.#models().find(({ key }) => key === form.base);
    if (base === undefined)
      throw new EngineError(
        'user',
        l10n.t('The model to go on from is not there any more. Choose another one.'),
      );
    const known = [base.from, base.to];
    const ownVocabulary = !known.includes(form.from) || !known.includes(form.to);
    return { form, corpora, base: base.folder, ...(ownVocabulary && { ownVocabulary }) };
  }
}

/** Work that a notification tells of: whoever cancels it there need not be told that it has ended. */
async function unlessCancelled(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'cancelled') throw error;
  }
}

function presetInWords(
  name: PresetName,
  { model, parameters }: PresetDescription,
): Pick<Preset, 'size' | 'purpose' | 'makeup'> {
  const purposes: Readonly<Record<PresetName, string>> = {
    tiny: l10n.t('To try things out, in minutes'),
    small: l10n.t('For a laptop and some 100,000 pairs'),
    base: l10n.t('The paper’s: millions of pairs, a strong machine'),
    big: l10n.t('The paper’s larger one: more of both'),
  };
  return {
    size: l10n.t('{0} parameters', roughly(parameters)),
    purpose: purposes[name],
    makeup: l10n.t(
      'Width {0}, {1} encoder and {2} decoder layers',
      countInWords(Number(model['dModel'])),
      countInWords(Number(model['encoderLayers'])),
      countInWords(Number(model['decoderLayers'])),
    ),
  };
}

function stageInWords(stage: 'reading' | 'learning' | 'measuring'): string {
  switch (stage) {
    case 'reading':
      return l10n.t('Reading the corpus');
    case 'learning':
      return l10n.t('Learning the vocabulary');
    case 'measuring':
      return l10n.t('Taking trial steps');
  }
}

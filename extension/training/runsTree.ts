/** The view “Runs and Models”: the person's runs with their checkpoints, and the models that translate. */
import path from 'node:path';
import {
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import type { LanguagePair } from '../../models/engine/protocol';
import type { RunState, RunSummary } from '../../webview/training/messages';
import type { CommandId } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import { pairName, shortName } from '../languages/languagePair';
import { runContext, type ModelOrigin, type RunsItem } from './runsItem';
import { bytesOf, type Checkpoint } from './runStore';
import type { Trainings } from './trainings';
import {
  activityInWords,
  averagedCount,
  bleuInWords,
  bytesInWords,
  countInWords,
  roughly,
  stateInWords,
} from './wording';

export interface RunsTreeOptions {
  /** Where it is shown; whoever made it asks this tree for what it shows. */
  readonly view: TreeView<RunsItem>;
  readonly trainings: Trainings;
  /** Every model there is; of two for a pair the first translates. */
  readonly models: () => Promise<LanguagePair[]>;
  readonly importedFolder: () => string;
  readonly usedFolder: () => string;
  /** Of the models that come with Polyhead. */
  readonly shippedFolder: () => string;
  readonly log: EngineLog;
}

type Model = Extract<RunsItem, { kind: 'model' }>;

export class RunsTree implements TreeDataProvider<RunsItem>, Disposable {
  readonly #options: RunsTreeOptions;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<undefined>());
  readonly #view: TreeView<RunsItem>;
  /** Sizes of models do not change. */
  readonly #bytes = new Map<string, number>();
  /** What the tree showed last: it is built anew only when something of it is different. */
  #shown = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: RunsTreeOptions) {
    this.#options = options;
    const { trainings } = options;
    this.#view = options.view;
    let watch: Disposable | undefined;
    const followVisibility = (): void => {
      watch?.dispose();
      watch = this.#view.visible ? trainings.watch() : undefined;
    };
    followVisibility();
    this.#disposables.add(this.#view.onDidChangeVisibility(followVisibility));
    this.#disposables.add({ dispose: () => watch?.dispose() });
    this.#disposables.add(trainings.onDidChange(() => this.#refresh()));
  }

  /** The runs that are selected. */
  get selectedRuns(): string[] {
    return this.#view.selection.flatMap((item) => (item.kind === 'run' ? [item.run] : []));
  }

  /** Models have been imported, or are no longer used. */
  refreshModels(): void {
    this.#bytes.clear();
    this.#changed.fire(undefined);
  }

  async getChildren(item?: RunsItem): Promise<RunsItem[]> {
    const { trainings } = this.#options;
    if (item === undefined) {
      if (trainings.runs.length === 0) await trainings.refresh();
      const runs = trainings.runs.map(({ id }) => ({ kind: 'run' as const, run: id }));
      // Without anything of the person's own there is nothing to do here yet: the welcome says what there could be.
      const own = runs.length > 0 || (await this.#models()).some(({ origin }) => origin !== 'shipped');
      return own ? [...runs, { kind: 'models' }] : [];
    }
    if (item.kind === 'run') {
      const { checkpoints = [] } = trainings.find(item.run)?.run ?? {};
      return checkpoints.map(({ name }) => ({ kind: 'checkpoint', run: item.run, name }));
    }
    return item.kind === 'models' ? this.#models() : [];
  }

  getTreeItem(item: RunsItem): TreeItem | Promise<TreeItem> {
    switch (item.kind) {
      case 'run':
        return this.#runItem(item.run);
      case 'checkpoint':
        return this.#checkpointItem(item.run, item.name);
      case 'models': {
        const heading = new TreeItem(l10n.t('Models'), TreeItemCollapsibleState.Collapsed);
        heading.id = 'models';
        return heading;
      }
      case 'model':
        return this.#modelItem(item);
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #refresh(): void {
    const { runs, stored, used } = this.#options.trainings;
    const shown = JSON.stringify([
      runs.map((run) => [run.id, run.name, descriptionOf(run), run.inUse, run.usable, run.elsewhere]),
      stored.map(({ checkpoints }) => checkpoints),
      used,
    ]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changed.fire(undefined);
  }

  #runItem(id: string): TreeItem {
    const found = this.#options.trainings.find(id);
    if (found === undefined) return new TreeItem(id);
    const { summary, run } = found;
    const hasModels = run.checkpoints.length > 0;
    const item = new TreeItem(
      summary.name,
      hasModels ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
    );
    item.id = `run/${id}`;
    item.description = descriptionOf(summary);
    item.iconPath = iconOf(summary);
    item.contextValue = runContext(summary);
    item.tooltip = tooltipOf(summary);
    item.accessibilityInformation = { label: `${summary.name}, ${descriptionOf(summary)}` };
    item.command = {
      command: 'polyhead.showRun' satisfies CommandId,
      title: l10n.t('Show Run'),
      arguments: [{ kind: 'run', run: id } satisfies RunsItem],
    };
    return item;
  }

  #checkpointItem(id: string, name: string): TreeItem {
    const { trainings } = this.#options;
    const checkpoint = trainings.find(id)?.run.checkpoints.find((one) => one.name === name);
    if (checkpoint === undefined) return new TreeItem(name);
    const best = trainings.find(id)?.run.best;
    const item = new TreeItem(labelOf(checkpoint));
    item.id = `run/${id}/${name}`;
    item.contextValue = checkpoint.average ? 'average' : checkpoint.best ? 'best' : 'checkpoint';
    item.iconPath = new ThemeIcon(checkpoint.average ? 'merge' : checkpoint.best ? 'star-full' : 'history');
    item.description = [
      ...(checkpoint.best ? [l10n.t('best')] : []),
      ...(checkpoint.best && typeof best?.bleu === 'number' ? [bleuInWords(best.bleu)] : []),
      bytesInWords(checkpoint.bytes),
      ...(trainings.used.some((model) => model.run === id && model.folder.endsWith(name))
        ? [l10n.t('used')]
        : []),
    ].join(' · ');
    return item;
  }

  async #modelItem({ folder, name, from, to, origin, idle }: Model): Promise<TreeItem> {
    let bytes = this.#bytes.get(folder);
    if (bytes === undefined) {
      bytes = await bytesOf(folder);
      this.#bytes.set(folder, bytes);
    }
    const origins: Readonly<Record<ModelOrigin, string>> = {
      used: l10n.t('of a run, used for translation'),
      imported: l10n.t('imported'),
      configured: l10n.t('from a folder of your settings'),
      shipped: l10n.t('comes with Polyhead'),
    };
    const item = new TreeItem(shortName({ from, to }));
    item.id = `model/${folder}`;
    item.contextValue = origin === 'configured' ? 'imported' : origin;
    item.iconPath = new ThemeIcon(origin === 'used' ? 'globe' : 'package');
    item.description = [
      name,
      origins[origin],
      ...(idle ? [l10n.t('another one comes before it')] : []),
      bytesInWords(bytes),
    ].join(' · ');
    item.tooltip = new MarkdownString().appendText(`${name}\n\n${folder}`);
    return item;
  }

  async #models(): Promise<Model[]> {
    const { models, log } = this.#options;
    try {
      const found = await models();
      const served = new Set<string>();
      const isFirst = (pair: string): boolean => !served.has(pair) && served.add(pair).has(pair);
      return found.map(({ folder, name, from, to }) => ({
        kind: 'model',
        origin: this.#originOf(folder),
        idle: !isFirst(shortName({ from, to })),
        folder,
        name,
        from,
        to,
      }));
    } catch (error) {
      log.warn(`The models cannot be listed: ${(error as Error).message}`);
      return [];
    }
  }

  #originOf(folder: string): ModelOrigin {
    const { usedFolder, importedFolder, shippedFolder } = this.#options;
    switch (path.dirname(folder)) {
      case usedFolder():
        return 'used';
      case importedFolder():
        return 'imported';
      case shippedFolder():
        return 'shipped';
      default:
        return 'configured';
    }
  }
}

function labelOf({ step, average, name }: Checkpoint): string {
  if (!average) return l10n.t('Step {0}', countInWords(step));
  return l10n.t('Average of {0} up to step {1}', averagedCount(name), countInWords(step));
}

function descriptionOf(run: RunSummary): string {
  const parts = [
    // A run is called by its languages unless the person named it.
    ...(run.name.startsWith(pairName(run)) ? [] : [shortName(run)]),
    run.elsewhere ? l10n.t('in another window') : activityInWords(run),
    ...(run.step > 0 && run.state !== 'training' ? [l10n.t('step {0}', countInWords(run.step))] : []),
    ...(typeof run.best?.bleu === 'number' ? [bleuInWords(run.best.bleu)] : []),
    bytesInWords(run.bytes),
  ];
  return parts.join(' · ');
}

const icons: Readonly<Record<RunState, readonly [icon: string, colour?: string]>> = {
  waiting: ['clock'],
  training: ['sync~spin', 'charts.blue'],
  paused: ['debug-pause'],
  interrupted: ['warning', 'list.warningForeground'],
  finished: ['pass', 'charts.green'],
  stopped: ['debug-stop'],
  failed: ['error', 'list.errorForeground'],
};

function iconOf({ state, inUse }: RunSummary): ThemeIcon {
  if (inUse && state !== 'training') return new ThemeIcon('globe', new ThemeColor('charts.green'));
  const [icon, colour] = icons[state];
  return new ThemeIcon(icon, colour === undefined ? undefined : new ThemeColor(colour));
}

function tooltipOf(run: RunSummary): MarkdownString {
  const text = new MarkdownString();
  const { step, best } = run;
  const lines = [
    `${run.name}: ${pairName(run)}`,
    [
      run.elsewhere ? l10n.t('trains in another window') : stateInWords(run.state),
      ...(run.inUse ? [l10n.t('used for translation')] : []),
    ].join(', '),
    ...(run.sentence === null ? [] : [run.sentence]),
    [
      ...(step > 0 ? [l10n.t('step {0}', countInWords(step))] : []),
      ...(run.parameters === null ? [] : [l10n.t('{0} parameters', roughly(run.parameters))]),
      bytesInWords(run.bytes),
    ].join(' · '),
    ...(typeof best?.bleu === 'number'
      ? [l10n.t('Best after step {0}: {1}', countInWords(best.step), bleuInWords(best.bleu))]
      : []),
  ];
  for (const line of lines) text.appendText(line).appendMarkdown('\n\n');
  return text;
}

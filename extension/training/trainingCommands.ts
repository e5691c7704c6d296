/** The commands of trainings, runs and models: from the palette, the tree and the sidebar. */
import path from 'node:path';
import { commands, l10n, window, type QuickPickItem } from 'vscode';
import type { RunSummary } from '../../webview/training/messages';
import { registerCommand, runCommand, type ItemCommandId } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import { EngineError } from '../engine/engineError';
import type { EngineLog } from '../engine/engineLog';
import type { Engines } from '../engine/engines';
import { tellFailure } from '../notices';
import type { CurvesPanel } from './curvesPanel';
import { evaluateModel, exportModel, type NamedModel } from './modelActions';
import { bestOf, type RunActions } from './runActions';
import type { RunsItem } from './runsItem';
import type { RunsTree } from './runsTree';
import type { Checkpoint } from './runStore';
import type { Trainings } from './trainings';
import type { TrainingView } from './trainingView';
import { activityInWords, modelName } from './wording';

export interface TrainingCommandsOptions {
  readonly trainings: Trainings;
  readonly actions: RunActions;
  readonly engines: Engines;
  readonly view: TrainingView;
  readonly tree: RunsTree;
  readonly curves: CurvesPanel;
  readonly log: EngineLog;
}

export function registerTrainingCommands(options: TrainingCommandsOptions): Disposable {
  const { trainings, actions, engines, view, tree, curves, log } = options;
  const store = new DisposableStore();
  const asks = new Asks(trainings, engines);
  const guarded = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await trainings.refresh();
      await work();
    } catch (error) {
      tellFailure(error, log);
    }
  };

  function onRun(
    id: ItemCommandId,
    question: string,
    suits: (run: RunSummary) => boolean,
    work: (run: string, item: RunsItem | undefined) => Promise<unknown>,
  ): void {
    store.add(
      registerCommand(commands, id, (item?: RunsItem) =>
        guarded(async () => {
          const run = item === undefined ? await asks.forRun(question, suits) : runOf(item);
          if (run !== undefined) await work(run, item);
        }),
      ),
    );
  }

  function onModel(id: ItemCommandId, question: string, work: (model: NamedModel) => Promise<void>): void {
    store.add(
      registerCommand(commands, id, (item?: RunsItem) =>
        guarded(async () => {
          const model = item === undefined ? await asks.forModel(question) : asks.modelOf(item);
          if (model !== undefined) await work(model);
        }),
      ),
    );
  }

  store.add(registerCommand(commands, 'polyhead.newTraining', () => guarded(() => view.show(null))));
  store.add(
    registerCommand(commands, 'polyhead.showTrainingCurves', (item, selected) =>
      guarded(() => {
        const runs = (selected ?? (item === undefined ? [] : [item])).flatMap((one) =>
          one.kind === 'run' ? [one.run] : [],
        );
        const chosen = runs.length > 0 ? runs : tree.selectedRuns;
        curves.show(chosen.length > 0 ? chosen : undefined);
        return Promise.resolve();
      }),
    ),
  );
  onRun(
    'polyhead.showRun',
    l10n.t('Which run shall be shown?'),
    () => true,
    (run, item) => view.show(run, item !== undefined),
  );
  onRun(
    'polyhead.pauseTraining',
    l10n.t('Which training shall pause?'),
    ({ state, elsewhere }) => (state === 'training' && !elsewhere) || state === 'waiting',
    (run) => actions.pause(run),
  );
  onRun(
    'polyhead.resumeTraining',
    l10n.t('Which training shall go on?'),
    ({ state }) => state !== 'training' && state !== 'waiting',
    (run) => actions.resume(run),
  );
  onRun(
    'polyhead.stopTraining',
    l10n.t('Which training shall end?'),
    ({ state, elsewhere }) =>
      !elsewhere &&
      (state === 'training' || state === 'waiting' || state === 'paused' || state === 'interrupted'),
    (run) => actions.stop(run),
  );
  onRun(
    'polyhead.useForTranslation',
    l10n.t('Which run’s model shall translate?'),
    ({ usable }) => usable,
    (run, item) => actions.use(run, asks.checkpointOf(item)),
  );
  onRun(
    'polyhead.averageCheckpoints',
    l10n.t('Which run’s checkpoints shall be averaged?'),
    ({ usable }) => usable,
    (run) => actions.average(run),
  );
  onRun(
    'polyhead.renameRun',
    l10n.t('Which run shall have another name?'),
    () => true,
    (run) => actions.rename(run),
  );
  onRun(
    'polyhead.deleteRun',
    l10n.t('Which run shall be deleted?'),
    ({ state }) => state !== 'training',
    (run, item) => actions.delete(run, asks.checkpointOf(item)),
  );
  onModel('polyhead.showModelAttention', l10n.t('Which model shall be looked into?'), async (model) => {
    const text = trainings.sampleOf(path.basename(path.dirname(model.folder))) ?? '';
    await runCommand(commands, 'polyhead.showAttention', { text, folder: model.folder });
  });
  onModel('polyhead.evaluateModel', l10n.t('Which model shall be evaluated?'), (model) =>
    evaluateModel(model, engines),
  );
  onModel('polyhead.exportModel', l10n.t('Which model shall be exported?'), (model) =>
    exportModel(model, 'folder', engines),
  );
  onModel('polyhead.exportOnnx', l10n.t('Which model shall be exported as ONNX?'), (model) =>
    exportModel(model, 'onnx', engines),
  );
  store.add(
    registerCommand(commands, 'polyhead.useModelBefore', (item?: RunsItem) =>
      guarded(async () => {
        const pair = item?.kind === 'model' ? item : await asks.forUsed();
        if (pair !== undefined) await actions.giveUp(pair.from, pair.to);
      }),
    ),
  );
  return store;
}

function runOf(item: RunsItem): string | undefined {
  return item.kind === 'run' || item.kind === 'checkpoint' ? item.run : undefined;
}

/** What a command is about, where it is called without anything: the only one there is, or the one that the person picks. */
class Asks {
  readonly #trainings: Trainings;
  readonly #engines: Engines;

  constructor(trainings: Trainings, engines: Engines) {
    this.#trainings = trainings;
    this.#engines = engines;
  }

  async forRun(question: string, suits: (run: RunSummary) => boolean): Promise<string | undefined> {
    const runs = this.#trainings.runs.filter(suits);
    if (runs.length === 0)
      throw new EngineError('user', l10n.t('There is no run for that. “New Training Run” makes one.'));
    const choices = runs.map((run) => ({
      label: run.name,
      description: `${run.from} → ${run.to} · ${activityInWords(run)}`,
      id: run.id,
    }));
    return (await pick(question, choices))?.id;
  }

  /** A model of the person's runs, or one that translates now. */
  async forModel(question: string): Promise<NamedModel | undefined> {
    const ofRuns = this.#trainings.stored.flatMap((run) =>
      run.checkpoints.length === 0 ? [] : [this.#named(run.id, bestOf(run))],
    );
    const others = await this.#engines.models();
    const choices = [...ofRuns, ...others].map((model) => ({
      label: model.name,
      description: `${model.from} → ${model.to}`,
      model,
    }));
    return (await pick(question, choices))?.model;
  }

  /** A pair that a run's model translates. */
  async forUsed(): Promise<{ readonly from: string; readonly to: string } | undefined> {
    const { used } = this.#trainings;
    if (used.length === 0) throw new EngineError('user', l10n.t('No run’s model is used for translation.'));
    const choices = used.map((model) => ({
      label: `${model.from} → ${model.to}`,
      description: model.name,
      model,
    }));
    return (await pick(l10n.t('For which languages?'), choices))?.model;
  }

  checkpointOf(item: RunsItem | undefined): Checkpoint | undefined {
    if (item?.kind !== 'checkpoint') return undefined;
    return this.#trainings.find(item.run)?.run.checkpoints.find(({ name }) => name === item.name);
  }

  /** @throws EngineError where there is no model yet */
  modelOf(item: RunsItem): NamedModel | undefined {
    if (item.kind === 'model') return item;
    const id = runOf(item);
    const run = id === undefined ? undefined : this.#trainings.find(id)?.run;
    return run === undefined ? undefined : this.#named(run.id, this.checkpointOf(item) ?? bestOf(run));
  }

  #named(id: string, checkpoint: Checkpoint): NamedModel {
    const { run } = this.#trainings.find(id)!;
    return {
      folder: path.join(run.folder, checkpoint.name),
      name: modelName(run.record.name, checkpoint),
      from: run.from,
      to: run.to,
    };
  }
}

/** The only choice where there is one. */
async function pick<Item extends QuickPickItem>(
  question: string,
  choices: readonly Item[],
): Promise<Item | undefined> {
  if (choices.length === 1) return choices[0];
  return window.showQuickPick(choices, { placeHolder: question, matchOnDescription: true });
}

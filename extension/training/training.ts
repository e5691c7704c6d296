/** Training in the editor: puts its parts together, and tells the person what came of a run. */
import path from 'node:path';
import { commands, l10n, workspace, type ExtensionContext, type Memento, type TreeView } from 'vscode';
import type { LanguagePair } from '../../models/engine/protocol';
import type { RunSummary } from '../../webview/training/messages';
import { readConfig, runCommand, setContext, type SettingId } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import { dataFolder, importedModelsFolder, runsFolder, usedModelsFolder } from '../engine/engineSettings';
import type { Engines } from '../engine/engines';
import { inform, openSettings, warn, type Action } from '../notices';
import { CorporaDraft } from './corporaDraft';
import { CurvesPanel } from './curvesPanel';
import { RunActions } from './runActions';
import type { RunsItem } from './runsItem';
import { RunsTree } from './runsTree';
import { registerTrainingCommands } from './trainingCommands';
import { Trainings, type Ended } from './trainings';
import { TrainingStatusBar } from './trainingStatusBar';
import { TrainingView } from './trainingView';
import { UsedModels } from './usedModels';

/** Which interruptions have been told. */
const toldOf = 'polyhead.training.interruptions';

export class Training implements Disposable {
  readonly #store = new DisposableStore();
  readonly #trainings: Trainings;
  /** The page of the sidebar, and that of the editor area. */
  readonly view: TrainingView;
  readonly tree: RunsTree;
  readonly curves: CurvesPanel;

  /** @param runsView shows the tree */
  constructor(context: ExtensionContext, engines: Engines, log: EngineLog, runsView: TreeView<RunsItem>) {
    const { extensionUri, globalState } = context;
    const used = new UsedModels(() => usedModelsFolder(context, log), engines);
    const trainings = this.#store.add(
      new Trainings({
        engines,
        log,
        used,
        runsFolder: () => runsFolder(context, log),
        pauseOnBattery: () => readConfig(workspace, 'polyhead.pauseTrainingOnBattery'),
        device: () => readConfig(workspace, 'polyhead.trainingDevice'),
      }),
    );
    this.#trainings = trainings;
    const corpora = new CorporaDraft({
      engines,
      memento: globalState,
      corporaFolder: () => path.join(dataFolder(context, log), 'corpora'),
    });
    const actions = new RunActions({ trainings, engines, used });
    this.view = this.#store.add(
      new TrainingView({ extensionUri, engines, trainings, actions, corpora, log }),
    );
    this.tree = this.#store.add(
      new RunsTree({
        view: runsView,
        trainings,
        models: () => engines.models(),
        importedFolder: () => importedModelsFolder(context, log),
        usedFolder: () => usedModelsFolder(context, log),
        shippedFolder: () => context.asAbsolutePath(path.join('models', 'pretrained')),
        log,
      }),
    );
    this.curves = this.#store.add(new CurvesPanel({ extensionUri, trainings, log }));
    const { view, tree, curves } = this;
    this.#store.add(registerTrainingCommands({ trainings, actions, engines, view, tree, curves, log }));
    this.#store.add(engines.onDidChangeModels(() => tree.refreshModels()));
    this.#store.add(new TrainingStatusBar(trainings));
    this.#store.add(trainings.onDidEnd((ended) => tell(ended)));
    this.#store.add(trainings.onDidChange(() => this.#setContext()));
    this.#store.add(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('polyhead.dataFolder' satisfies SettingId)) void this.#leaveFolder();
      }),
    );
    void this.#offerToResume(globalState);
  }

  /** The models of all runs, for who looks into models. */
  models(): Promise<LanguagePair[]> {
    return this.#trainings.models();
  }

  /** Saves what trains, because the window closes. */
  close(): Promise<void> {
    return this.#trainings.close();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #setContext(): void {
    const { training } = this.#trainings;
    void setContext(commands, 'polyhead.isTraining', training !== undefined && !training.elsewhere);
  }

  async #leaveFolder(): Promise<void> {
    const left = this.#trainings.training;
    if (!(await this.#trainings.leaveFolder()) || left === undefined) return;
    inform(
      l10n.t(
        'The training of “{0}” is saved and paused: Polyhead keeps its data in another folder now. With the former folder in the settings it can be resumed.',
        left.name,
      ),
      openSettings('polyhead.dataFolder'),
    );
  }

  /** Runs that ended with their window: whoever had them train may want them to go on. Each time is told once. */
  async #offerToResume(memento: Memento): Promise<void> {
    const trainings = this.#trainings;
    await trainings.refresh();
    const left = trainings.runs.filter(
      ({ state, pausedBy }) => state === 'interrupted' || pausedBy === 'window',
    );
    const keyOf = ({ id, step }: RunSummary): string => `${id} ${step}`;
    const told = memento.get<readonly string[]>(toldOf, []);
    const [run, ...others] = left.filter((one) => !told.includes(keyOf(one)));
    if (run === undefined) return;
    await memento.update(toldOf, left.map(keyOf));
    const item: RunsItem = { kind: 'run', run: run.id };
    inform(
      others.length > 0
        ? l10n.t(
            '{0} trainings ended with their windows, “{1}” the last of them.',
            others.length + 1,
            run.name,
          )
        : run.state === 'paused'
          ? l10n.t('The training of “{0}” is paused. {1}', run.name, run.sentence ?? '').trim()
          : l10n.t('The training of “{0}” was interrupted. {1}', run.name, run.sentence ?? '').trim(),
      { title: l10n.t('Resume'), run: () => runCommand(commands, 'polyhead.resumeTraining', item) },
      { title: l10n.t('Show'), run: () => runCommand(commands, 'polyhead.showRun', item) },
    );
  }
}

/** Tells how a run ended, with what may come next. */
function tell({ id, record: { name, state, sentence } }: Ended): void {
  const item: RunsItem = { kind: 'run', run: id };
  const show: Action = { title: l10n.t('Show'), run: () => runCommand(commands, 'polyhead.showRun', item) };
  const resume: Action = {
    title: l10n.t('Resume'),
    run: () => runCommand(commands, 'polyhead.resumeTraining', item),
  };
  const use: Action = {
    title: l10n.t('Use for Translation'),
    run: () => runCommand(commands, 'polyhead.useForTranslation', item),
  };
  const why = sentence ?? '';
  switch (state) {
    case 'finished':
      inform(l10n.t('The training of “{0}” is finished. {1}', name, why).trim(), use, show);
      return;
    case 'failed':
      warn(l10n.t('The training of “{0}” has failed. {1}', name, why), show);
      return;
    case 'paused':
    case 'interrupted':
      warn(l10n.t('The training of “{0}” was interrupted. {1}', name, why), resume, show);
      return;
    case 'stopped':
    case 'training':
    case 'waiting':
      // As the person wanted it.
      return;
  }
}

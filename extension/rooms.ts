/**
 * The rooms behind the commands, views and hovers: each is read from the disk and built when somebody first enters it, so
 * that VS Code starts without them. Until then a door stands in each place that leads there.
 */
import { readdir } from 'node:fs/promises';
import {
  commands,
  EventEmitter,
  languages as vscodeLanguages,
  TabInputText,
  TabInputTextDiff,
  window,
  workspace,
  type ExtensionContext,
  type HoverProvider,
} from 'vscode';
import type { LanguagePair } from '../models/engine/protocol';
import type { Attention } from './attention/showAttention';
import { panelTypes, readConfig, type CommandId, type ViewId } from './contributions';
import { DisposableStore, type Disposable } from './disposable';
import { reportScheme } from './devices/reportScheme';
import { proposalScheme, translatedScheme } from './documents/schemes';
import type { EngineLog } from './engine/engineLog';
import type { Engines } from './engine/engines';
import { importedModelsFolder, runsFolder } from './engine/engineSettings';
import type { Languages } from './languages/languages';
import { later, type Later } from './later';
import { tellFailure } from './notices';
import type { RunsItem } from './training/runsItem';
import type { Training } from './training/training';

export interface RoomServices {
  readonly context: ExtensionContext;
  readonly engines: Engines;
  readonly languages: Languages;
  readonly log: EngineLog;
}

type Room =
  | 'translation'
  | 'documents'
  | 'reading'
  | 'naming'
  | 'languages'
  | 'models'
  | 'devices'
  | 'attention'
  | 'training';

/** Every command but those that need no room. */
const commandsOf: Readonly<Record<Room, readonly CommandId[]>> = {
  translation: ['polyhead.translateSelection', 'polyhead.insertTranslationBelow', 'polyhead.copyTranslation'],
  documents: [
    'polyhead.translateCommentsInFile',
    'polyhead.translateStringsInFile',
    'polyhead.applyProposal',
    'polyhead.discardProposal',
    'polyhead.translateDocumentToSide',
    'polyhead.translateMarkdownAs',
    'polyhead.openTranslatedPreview',
  ],
  reading: [
    'polyhead.toggleTranslatedComments',
    'polyhead.toggleReadingStyle',
    'polyhead.translateDocumentation',
  ],
  naming: ['polyhead.nameFromDescription'],
  languages: ['polyhead.pickLanguages', 'polyhead.swapLanguages'],
  models: ['polyhead.importModelFolder'],
  devices: ['polyhead.showDevices', 'polyhead.verifyMachine'],
  attention: ['polyhead.showAttention'],
  training: [
    'polyhead.newTraining',
    'polyhead.showTrainingCurves',
    'polyhead.showRun',
    'polyhead.showModelAttention',
    'polyhead.pauseTraining',
    'polyhead.resumeTraining',
    'polyhead.stopTraining',
    'polyhead.useForTranslation',
    'polyhead.useModelBefore',
    'polyhead.averageCheckpoints',
    'polyhead.evaluateModel',
    'polyhead.exportModel',
    'polyhead.exportOnnx',
    'polyhead.renameRun',
    'polyhead.deleteRun',
  ],
};

export class Rooms implements Disposable {
  readonly #services: RoomServices;
  readonly #store = new DisposableStore();
  #training: Training | undefined;

  constructor(services: RoomServices) {
    this.#services = services;
    const { context, engines, languages, log } = services;
    const { extensionUri } = context;
    const finder = later(async () => {
      const { createFinder } = await import(/* webpackChunkName: "texts" */ './prose/createFinder');
      return createFinder(extensionUri, log, this.#store);
    });
    const common = { engines, languages, log };

    this.#room('translation', async () => {
      const { registerTranslateCommands } = await import(
        /* webpackChunkName: "texts" */ './translate/translateCommands'
      );
      const found = await finder();
      return () => registerTranslateCommands({ ...common, finder: found });
    });
    const documents = this.#room('documents', async () => {
      const { registerDocumentCommands } = await import(
        /* webpackChunkName: "texts" */ './documents/documentCommands'
      );
      const found = await finder();
      return () => registerDocumentCommands({ ...common, finder: found });
    });
    this.#room('reading', async () => {
      const { registerReadingCommands } = await import(
        /* webpackChunkName: "texts" */ './reading/readingCommands'
      );
      const found = await finder();
      return () => registerReadingCommands({ ...common, finder: found });
    });
    this.#room('naming', async () => {
      const { registerNameFromDescription } = await import(
        /* webpackChunkName: "texts" */ './naming/nameFromDescription'
      );
      return () => registerNameFromDescription(common);
    });
    this.#room('languages', async () => {
      const { registerLanguageCommands } = await import(
        /* webpackChunkName: "texts" */ './languages/pickLanguages'
      );
      return () => registerLanguageCommands(languages, engines, log);
    });
    this.#room('models', async () => {
      const { registerImportModelFolder } = await import(
        /* webpackChunkName: "texts" */ './models/importModelFolder'
      );
      return () =>
        registerImportModelFolder({ ...common, modelsFolder: () => importedModelsFolder(context, log) });
    });
    const devices = this.#room('devices', async () => {
      const { DevicesRoom } = await import(/* webpackChunkName: "texts" */ './devices/devicesCommands');
      return () => new DevicesRoom({ engines, log });
    });
    this.#doorOfHover(
      later(async () => {
        const { openHover } = await import(/* webpackChunkName: "texts" */ './hover/hoverProvider');
        return this.#store.add(openHover({ ...common, finder: await finder() }));
      }),
    );
    const training = this.#doorsOfTraining();
    const furtherModels = async (): Promise<LanguagePair[]> =>
      (await hasRuns(runsFolder(context, log))) ? (await training()).models() : [];
    this.#doorsOfAttention(
      this.#room('attention', async () => {
        const { openAttention } = await import(
          /* webpackChunkName: "attention" */ './attention/showAttention'
        );
        const found = await finder();
        return () => openAttention({ ...common, finder: found, extensionUri, furtherModels });
      }),
    );
    // Tabs that VS Code has kept ask for what they showed.
    if (isShown(translatedScheme, proposalScheme))
      documents().catch((error: unknown) => tellFailure(error, log));
    if (isShown(reportScheme)) devices().catch((error: unknown) => tellFailure(error, log));
  }

  /** Saves what trains, because the window closes. */
  async close(): Promise<void> {
    await this.#training?.close();
  }

  dispose(): void {
    this.#store.dispose();
  }

  /**
   * Lets a room's commands wait for it.
   *
   * @param load reads the room's program; what it hands out builds it, and registers its commands in the doors' place
   */
  #room<T extends Disposable>(name: Room, load: () => Promise<() => T>): Later<T> {
    const doors = this.#store.add(new DisposableStore());
    const open = later(async () => {
      const build = await load();
      doors.dispose();
      return this.#store.add(build());
    });
    for (const id of commandsOf[name]) {
      doors.add(
        commands.registerCommand(id, async (...given: unknown[]) => {
          try {
            await open();
          } catch (error) {
            tellFailure(error, this.#services.log);
            return;
          }
          await commands.executeCommand(id, ...given);
        }),
      );
    }
    return open;
  }

  #doorOfHover(hover: Later<HoverProvider>): void {
    this.#store.add(
      vscodeLanguages.registerHoverProvider('*', {
        provideHover: async (document, position, token) =>
          readConfig(workspace, 'polyhead.hover', document) === 'off'
            ? undefined
            : (await hover()).provideHover(document, position, token),
      }),
    );
  }

  #doorsOfAttention(attention: Later<Attention>): void {
    this.#store.add(
      window.registerWebviewPanelSerializer(panelTypes.attention, {
        deserializeWebviewPanel: async (panel) => (await attention()).panels.adopt(panel),
      }),
    );
  }

  #doorsOfTraining(): Later<Training> {
    const { context, engines, log } = this.#services;
    const training: Later<Training> = this.#room('training', async () => {
      const { Training } = await import(/* webpackChunkName: "training" */ './training/training');
      return () => {
        this.#training = new Training(context, engines, log, runsView);
        this.#store.add(this.#training.tree.onDidChangeTreeData((item) => changed.fire(item)));
        return this.#training;
      };
    });
    // One view for good: VS Code drops a provider a moment after its end, and with it one that has taken its place.
    const changed = this.#store.add(new EventEmitter<undefined>());
    const runsView = this.#store.add(
      window.createTreeView<RunsItem>('polyhead.runs' satisfies ViewId, {
        treeDataProvider: {
          onDidChangeTreeData: changed.event,
          getChildren: async (item) => (await training()).tree.getChildren(item),
          getTreeItem: async (item) => (await training()).tree.getTreeItem(item),
        },
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    this.#store.add(
      window.registerWebviewViewProvider('polyhead.training' satisfies ViewId, {
        resolveWebviewView: async (...given) => (await training()).view.resolveWebviewView(...given),
      }),
    );
    this.#store.add(
      window.registerWebviewPanelSerializer(panelTypes.curves, {
        deserializeWebviewPanel: async (panel) => (await training()).curves.deserializeWebviewPanel(panel),
      }),
    );
    hasRuns(runsFolder(context, log))
      .then((has) => (has ? training() : undefined))
      .catch((error: unknown) => tellFailure(error, log));
    return training;
  }
}

/** Whether a tab shows a document of these schemes. */
function isShown(...schemes: readonly string[]): boolean {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ input }) => {
      if (input instanceof TabInputText) return schemes.includes(input.uri.scheme);
      return input instanceof TabInputTextDiff && schemes.includes(input.modified.scheme);
    });
}

/** Whether somebody has trained here: one of the runs may want to go on. */
async function hasRuns(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length > 0;
}

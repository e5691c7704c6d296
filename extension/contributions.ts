/**
 * What Polyhead adds to VS Code: every command, key, view, context key and setting with its type, and the `contributes`
 * that package.json must hold. The titles are in package.nls.json. A unit test keeps the three equal.
 *
 * A new command or setting: its type here, its line below, the same in package.json (the test prints what it must be),
 * its text in package.nls.json.
 */
import type { ConfigurationScope, Disposable, commands, workspace } from 'vscode';
import type { DeviceSetting, TrainingDeviceSetting } from '../models/engine/protocol';
import type { RunsItem } from './training/runsItem';

/** Every command with its function's type. */
export interface CommandTypes extends ItemCommandTypes {
  'polyhead.translateSelection': () => Promise<void>;
  'polyhead.insertTranslationBelow': () => Promise<void>;
  'polyhead.copyTranslation': () => Promise<void>;
  'polyhead.translateCommentsInFile': () => Promise<void>;
  'polyhead.translateStringsInFile': () => Promise<void>;
  'polyhead.applyProposal': () => Promise<void>;
  'polyhead.discardProposal': () => Promise<void>;
  'polyhead.translateDocumentToSide': () => Promise<void>;
  'polyhead.translateMarkdownAs': () => Promise<void>;
  'polyhead.openTranslatedPreview': () => Promise<void>;
  'polyhead.toggleTranslatedComments': () => void;
  'polyhead.toggleReadingStyle': () => Promise<void>;
  'polyhead.translateDocumentation': () => Promise<void>;
  'polyhead.nameFromDescription': () => Promise<void>;
  'polyhead.pickLanguages': () => Promise<void>;
  'polyhead.swapLanguages': () => Promise<void>;
  'polyhead.importModelFolder': () => Promise<void>;
  /** `given`: a text with its languages or its model, as `shown` of webview/attention/messages.ts; or anything. */
  'polyhead.showAttention': (given?: unknown) => Promise<void>;
  'polyhead.restartEngine': () => Promise<void>;
  'polyhead.showLog': () => void;
  'polyhead.showDevices': () => Promise<void>;
  'polyhead.verifyMachine': () => Promise<void>;
  'polyhead.newTraining': () => Promise<void>;
  'polyhead.showTrainingCurves': (item?: RunsItem, selected?: readonly RunsItem[]) => Promise<void>;
}

/** Asks which one where it is called without one, as from the palette. */
type OnItem = (item?: RunsItem) => Promise<void>;

/** Commands on a run or a model. */
interface ItemCommandTypes {
  'polyhead.showRun': OnItem;
  'polyhead.showModelAttention': OnItem;
  'polyhead.pauseTraining': OnItem;
  'polyhead.resumeTraining': OnItem;
  'polyhead.stopTraining': OnItem;
  'polyhead.useForTranslation': OnItem;
  'polyhead.useModelBefore': OnItem;
  'polyhead.averageCheckpoints': OnItem;
  'polyhead.evaluateModel': OnItem;
  'polyhead.exportModel': OnItem;
  'polyhead.exportOnnx': OnItem;
  'polyhead.renameRun': OnItem;
  'polyhead.deleteRun': OnItem;
}

/**
 * The commands behind the links of hovers, which are in no menu and not in the palette. A link can be written by anybody,
 * so that what it brings is checked.
 */
export interface LinkedCommandTypes {
  /** Each takes the number of the hover. */
  'polyhead.replaceByHover': (hover?: unknown) => Promise<void>;
  'polyhead.copyHover': (hover?: unknown) => Promise<void>;
  'polyhead.showHoverAttention': (hover?: unknown) => Promise<void>;
}

/** Every setting with its value's type. */
export interface SettingTypes {
  'polyhead.sourceLanguage': string;
  'polyhead.targetLanguage': string;
  'polyhead.myLanguage': string;
  'polyhead.projectLanguage': string;
  'polyhead.minimumConfidence': number;
  'polyhead.readingStyle': 'beside' | 'inPlace';
  'polyhead.hover': 'off' | 'selection' | 'comments' | 'all';
  'polyhead.engineIdleMinutes': number;
  'polyhead.threads': number;
  'polyhead.dataFolder': string;
  'polyhead.modelFolders': string[];
  'polyhead.pauseTrainingOnBattery': boolean;
  'polyhead.trainingDevice': TrainingDeviceSetting;
  'polyhead.translationDevice': DeviceSetting;
}

/** Every context key with its value's type. */
export interface ContextKeyTypes {
  /** A run trains in this window. */
  'polyhead.isTraining': boolean;
}

export type CommandId = keyof CommandTypes;
export type ItemCommandId = keyof ItemCommandTypes;
export type LinkedCommandId = keyof LinkedCommandTypes;
export type SettingId = keyof SettingTypes;
export type ContextKey = keyof ContextKeyTypes;
export type ViewId = 'polyhead.training' | 'polyhead.runs';

/** Panels of the editor area, by the names under which VS Code keeps their tabs when a window is reloaded. */
export const panelTypes = { attention: 'polyhead.attention', curves: 'polyhead.trainingCurves' } as const;

interface Place {
  readonly when?: string;
  /** In the palette there are none. */
  readonly group?: string;
}

interface Contribution {
  /** Where the command is a button. */
  readonly icon?: string;
  /** Menus of VS Code, or the submenu of ours, with where the command stands in it and when; several places in one. */
  readonly menus?: Readonly<Record<string, Place | readonly Place[]>>;
  readonly keybinding?: { readonly key: string; readonly mac: string; readonly when: string };
}

/** Polyhead's own menu within the editor's context menu. */
const submenu = 'polyhead.editorContext';

/** L for language, after Ctrl+K: a test in VS Code sees that its own keys leave these free. */
const chord = (key: string, when: string): NonNullable<Contribution['keybinding']> => ({
  key: `ctrl+k ${key}`,
  mac: `cmd+k ${key}`,
  when,
});

/** The comparison that *Translate Comments in File* shows is in front. */
const isProposal = 'resourceScheme == polyhead-proposal';

const isMarkdown = 'editorLangId =~ /^(markdown|mdx)$/';

/** What can be translated with: a run stands for its best checkpoint. */
const anyModel = 'run:.*:usable|checkpoint|best|average|used|imported|shipped';

const runsView: ViewId = 'polyhead.runs';
const trainingView: ViewId = 'polyhead.training';

/** In the tree of runs and models: on items of these kinds (runsItem.ts), as a picture on the item or in its menu. */
const onItems = (kinds: string, group: string): { 'view/item/context': Place } => ({
  'view/item/context': { when: `view == ${runsView} && viewItem =~ /^(${kinds})$/`, group },
});

/** The same, on the item and in its menu. */
const onItemsAndInline = (
  kinds: string,
  inline: string,
  group: string,
): { 'view/item/context': readonly Place[] } => {
  const [picture, entry] = [onItems(kinds, inline), onItems(kinds, group)];
  return { 'view/item/context': [picture['view/item/context'], entry['view/item/context']] };
};

const commandContributions: { readonly [Id in CommandId]: Contribution } = {
  'polyhead.translateSelection': {
    menus: { [submenu]: { when: '!editorReadonly', group: '1_translate@1' } },
    keybinding: chord('l', 'editorTextFocus && !editorReadonly'),
  },
  'polyhead.insertTranslationBelow': {
    menus: { [submenu]: { when: '!editorReadonly', group: '1_translate@2' } },
    keybinding: chord('shift+l', 'editorTextFocus && !editorReadonly'),
  },
  'polyhead.copyTranslation': {
    menus: { [submenu]: { group: '1_translate@3' } },
    keybinding: chord('alt+l', 'editorTextFocus'),
  },
  'polyhead.translateCommentsInFile': {
    menus: { [submenu]: { when: '!editorReadonly', group: '2_document@1' } },
  },
  'polyhead.translateStringsInFile': {
    menus: { [submenu]: { when: '!editorReadonly', group: '2_document@7' } },
  },
  'polyhead.applyProposal': {
    icon: '$(check)',
    menus: {
      commandPalette: { when: isProposal },
      'editor/title': { when: isProposal, group: 'navigation@1' },
    },
  },
  'polyhead.discardProposal': {
    icon: '$(discard)',
    menus: {
      commandPalette: { when: isProposal },
      'editor/title': { when: isProposal, group: 'navigation@2' },
    },
  },
  'polyhead.translateDocumentToSide': {
    menus: { [submenu]: { group: '2_document@2' } },
  },
  'polyhead.toggleTranslatedComments': {
    menus: { [submenu]: { group: '2_document@3' } },
  },
  'polyhead.translateMarkdownAs': {
    menus: { commandPalette: { when: isMarkdown }, [submenu]: { when: isMarkdown, group: '2_document@4' } },
  },
  'polyhead.openTranslatedPreview': {
    menus: { commandPalette: { when: isMarkdown }, [submenu]: { when: isMarkdown, group: '2_document@5' } },
  },
  'polyhead.toggleReadingStyle': {},
  'polyhead.translateDocumentation': {
    menus: { [submenu]: { group: '2_document@6' } },
  },
  'polyhead.nameFromDescription': {
    menus: { [submenu]: { when: '!editorReadonly', group: '1_translate@4' } },
  },
  'polyhead.pickLanguages': {
    menus: { [submenu]: { group: '3_languages@1' } },
  },
  'polyhead.swapLanguages': {
    menus: { [submenu]: { group: '3_languages@2' } },
  },
  'polyhead.importModelFolder': {
    icon: '$(cloud-download)',
    menus: { 'view/title': { when: `view == ${runsView}`, group: 'navigation@3' } },
  },
  'polyhead.showAttention': {
    menus: { [submenu]: { group: '1_translate@9' } },
  },
  'polyhead.restartEngine': {},
  'polyhead.showLog': {},
  'polyhead.showDevices': {},
  'polyhead.verifyMachine': {},
  'polyhead.newTraining': {
    icon: '$(add)',
    menus: {
      'view/title': [
        { when: `view == ${trainingView}`, group: 'navigation@1' },
        { when: `view == ${runsView}`, group: 'navigation@1' },
      ],
    },
  },
  'polyhead.showRun': {},
  'polyhead.showModelAttention': { menus: onItems(anyModel, '1_show@2') },
  'polyhead.showTrainingCurves': {
    icon: '$(graph-line)',
    menus: {
      'view/title': [
        { when: `view == ${trainingView}`, group: 'navigation@2' },
        { when: `view == ${runsView}`, group: 'navigation@2' },
      ],
      ...onItemsAndInline('run:.*', 'inline@3', '1_show@1'),
    },
  },
  'polyhead.pauseTraining': {
    icon: '$(debug-pause)',
    menus: onItemsAndInline('run:(training|waiting):.*', 'inline@1', '2_train@1'),
  },
  'polyhead.resumeTraining': {
    icon: '$(play)',
    menus: onItemsAndInline('run:(paused|interrupted|finished|stopped|failed):.*', 'inline@1', '2_train@2'),
  },
  'polyhead.stopTraining': {
    icon: '$(debug-stop)',
    menus: onItems('run:(training|waiting|paused|interrupted):.*', '2_train@3'),
  },
  'polyhead.useForTranslation': {
    icon: '$(globe)',
    menus: onItemsAndInline('run:.*:usable|checkpoint|best|average', 'inline@2', '3_use@1'),
  },
  'polyhead.useModelBefore': {
    icon: '$(discard)',
    menus: onItemsAndInline('used', 'inline@1', '3_use@2'),
  },
  'polyhead.averageCheckpoints': { menus: onItems('run:.*:usable', '4_models@1') },
  'polyhead.evaluateModel': { menus: onItems(anyModel, '4_models@2') },
  'polyhead.exportModel': { menus: onItems(anyModel, '4_models@3') },
  'polyhead.exportOnnx': { menus: onItems(anyModel, '4_models@4') },
  'polyhead.renameRun': { menus: onItems('run:.*', '5_change@1') },
  'polyhead.deleteRun': {
    icon: '$(trash)',
    menus: onItems(
      'run:(waiting|paused|interrupted|finished|stopped|failed):.*|checkpoint|best|average',
      '5_change@2',
    ),
  },
};

/** A container of ours in the activity bar, with its views. */
const container = 'polyhead';
const containerIcon = 'images/activity.svg';

const views: readonly ({ readonly id: ViewId } & Readonly<Record<string, string | number>>)[] = [
  {
    id: trainingView,
    type: 'webview',
    name: '%polyhead.training.name%',
    icon: containerIcon,
    initialSize: 7,
  },
  { id: runsView, name: '%polyhead.runs.name%', icon: containerIcon, initialSize: 3 },
];

const languageTag = '[a-z]{2,3}(-[A-Za-z0-9]+)*';

/** A language tag, or `auto`. */
const language = {
  type: 'string',
  default: 'auto',
  pattern: `^(auto|${languageTag})$`,
  scope: 'resource',
} as const;

type Setting<Id extends SettingId> = {
  readonly default: SettingTypes[Id];
  readonly type: string;
  readonly scope: 'resource' | 'machine';
} & Readonly<Record<string, unknown>>;

const settings: { readonly [Id in SettingId]: Setting<Id> } = {
  'polyhead.sourceLanguage': language,
  'polyhead.targetLanguage': language,
  'polyhead.myLanguage': language,
  'polyhead.projectLanguage': { ...language, default: 'en', pattern: `^${languageTag}$` },
  'polyhead.minimumConfidence': { type: 'number', default: 0, minimum: 0, maximum: 1, scope: 'resource' },
  'polyhead.readingStyle': {
    type: 'string',
    default: 'beside',
    enum: ['beside', 'inPlace'],
    scope: 'resource',
  },
  'polyhead.hover': {
    type: 'string',
    default: 'comments',
    enum: ['off', 'selection', 'comments', 'all'],
    scope: 'resource',
  },
  // What a folder's settings must not reach is of the machine: processes, cores, paths.
  'polyhead.engineIdleMinutes': {
    type: 'number',
    default: 10,
    minimum: 0,
    maximum: 1440,
    scope: 'machine',
  },
  'polyhead.threads': { type: 'integer', default: 1, minimum: 1, maximum: 64, scope: 'machine' },
  'polyhead.dataFolder': { type: 'string', default: '', scope: 'machine' },
  'polyhead.modelFolders': {
    type: 'array',
    items: { type: 'string' },
    uniqueItems: true,
    default: [],
    scope: 'machine',
  },
  'polyhead.pauseTrainingOnBattery': { type: 'boolean', default: true, scope: 'machine' },
  'polyhead.trainingDevice': {
    type: 'string',
    default: 'auto',
    enum: ['auto', 'cpu', 'webgpu'],
    scope: 'machine',
  },
  'polyhead.translationDevice': {
    type: 'string',
    default: 'auto',
    enum: ['auto', 'cpu', 'webgpu', 'dml', 'coreml', 'cuda'],
    scope: 'machine',
  },
};

/** The steps of the walkthrough, each with a picture of docs/images and what a person does to finish it. */
const walkthroughSteps: readonly {
  id: string;
  picture: string;
  done: readonly (
    `onCommand:${CommandId | LinkedCommandId}` | `onSettingChanged:${SettingId}` | `onView:${string}`
  )[];
}[] = [
  { id: 'translate', picture: 'comment', done: ['onCommand:polyhead.translateSelection'] },
  {
    id: 'hover',
    picture: 'hover',
    done: ['onSettingChanged:polyhead.hover', 'onCommand:polyhead.replaceByHover'],
  },
  { id: 'attention', picture: 'attention', done: ['onCommand:polyhead.showAttention'] },
  { id: 'train', picture: 'training', done: ['onView:polyhead.training'] },
];

function walkthrough(): object {
  const text = (step: string, part: string): string => `%polyhead.walkthrough.${step}.${part}%`;
  return {
    id: 'start',
    title: '%polyhead.walkthrough.title%',
    description: '%polyhead.walkthrough.description%',
    steps: walkthroughSteps.map(({ id, picture, done }) => ({
      id,
      title: text(id, 'title'),
      description: text(id, 'description'),
      media: { image: `docs/images/${picture}.png`, altText: text(id, 'picture') },
      completionEvents: done,
    })),
  };
}

/** Colours that a theme or a person may set otherwise. */
export const colourIds = {
  translatingBackground: 'polyhead.translatingBackground',
  translatingBorder: 'polyhead.translatingBorder',
} as const;

const none = '#00000000';
const colours: Readonly<Record<keyof typeof colourIds, object>> = {
  translatingBackground: {
    dark: '#3794ff26',
    light: '#005fb81a',
    highContrast: none,
    highContrastLight: none,
  },
  translatingBorder: {
    dark: none,
    light: none,
    highContrast: 'contrastActiveBorder',
    highContrastLight: 'contrastActiveBorder',
  },
};

/** What package.json's `contributes` must be. */
export function expectedContributes(): object {
  const contributions = Object.entries(commandContributions) as [CommandId, Contribution][];
  const menus: Record<string, object[]> = {
    'editor/context': [{ submenu, group: '1_modification@9' }],
  };
  for (const [command, { menus: places = {} }] of contributions) {
    for (const [menu, inMenu] of Object.entries(places)) {
      for (const place of [inMenu].flat()) (menus[menu] ??= []).push({ command, ...place });
    }
  }
  return {
    commands: contributions.map(([command, { icon }]) => ({
      command,
      title: `%${command}.title%`,
      category: 'Polyhead',
      ...(icon !== undefined && { icon }),
    })),
    viewsContainers: { activitybar: [{ id: container, title: 'Polyhead', icon: containerIcon }] },
    views: { [container]: views },
    viewsWelcome: [{ view: runsView, contents: '%polyhead.runs.welcome%' }],
    // Comment Translate's own point: see integrations/commentTranslate.ts.
    translates: [{ translate: 'polyhead', title: 'Polyhead' }],
    walkthroughs: [walkthrough()],
    submenus: [{ id: submenu, label: `%${submenu}.label%` }],
    menus,
    colors: (Object.keys(colours) as (keyof typeof colours)[]).map((name) => ({
      id: colourIds[name],
      description: `%${colourIds[name]}.description%`,
      defaults: colours[name],
    })),
    keybindings: contributions.flatMap(([command, { keybinding }]) =>
      keybinding === undefined ? [] : [{ command, ...keybinding }],
    ),
    configuration: {
      title: 'Polyhead',
      properties: Object.fromEntries(
        Object.entries(settings).map(([id, setting], order) => [
          id,
          { order, ...setting, markdownDescription: `%${id}.description%`, ...enumDescriptions(id, setting) },
        ]),
      ),
    },
  };
}

/** What each value of a choice means. */
function enumDescriptions(id: string, { enum: values }: Setting<SettingId>): object {
  if (!Array.isArray(values)) return {};
  return { markdownEnumDescriptions: values.map((value) => `%${id}.${value}%`) };
}

/** The settings that a folder which is not trusted has no say in. Those of the machine no folder ever has. */
export const restrictedSettings: readonly SettingId[] = (Object.keys(settings) as SettingId[]).filter(
  (id) => settings[id].scope === 'resource',
);

/** Registers the function of a command. */
export function registerCommand<Id extends CommandId>(
  namespace: typeof commands,
  id: Id,
  run: CommandTypes[Id],
): Disposable {
  return namespace.registerCommand(id, run);
}

/** Registers the function behind a link. */
export function registerLinkedCommand<Id extends LinkedCommandId>(
  namespace: typeof commands,
  id: Id,
  run: LinkedCommandTypes[Id],
): Disposable {
  return namespace.registerCommand(id, run);
}

/** Runs a command of ours. */
export function runCommand<Id extends CommandId>(
  namespace: typeof commands,
  id: Id,
  ...parameters: Parameters<CommandTypes[Id]>
): Thenable<unknown> {
  return namespace.executeCommand(id, ...parameters);
}

/** Sets a context key of ours, which `when` clauses ask. */
export function setContext<Key extends ContextKey>(
  namespace: typeof commands,
  key: Key,
  value: ContextKeyTypes[Key],
): Thenable<unknown> {
  return namespace.executeCommand('setContext', key, value);
}

/** Whether a value is one that the setting may have. People write settings by hand. */
function isValid(id: SettingId, value: unknown): boolean {
  const { type, minimum, maximum, pattern, enum: values } = settings[id];
  switch (type) {
    case 'string':
      return (
        typeof value === 'string' &&
        (typeof pattern !== 'string' || new RegExp(pattern).test(value)) &&
        (!Array.isArray(values) || values.includes(value))
      );
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    default:
      return (
        typeof value === 'number' &&
        (type !== 'integer' || Number.isInteger(value)) &&
        value >= (minimum as number) &&
        value <= (maximum as number)
      );
  }
}

/**
 * A setting's value; the default where somebody wrote what it may not be.
 *
 * @param scope the document that it is asked for; none for settings of the machine
 */
export function readConfig<Id extends SettingId>(
  namespace: typeof workspace,
  id: Id,
  scope?: ConfigurationScope,
): SettingTypes[Id] {
  const value = namespace.getConfiguration(undefined, scope).get<unknown>(id);
  return isValid(id, value) ? (value as SettingTypes[Id]) : settings[id].default;
}

/**
 * What the suites share: the extension, documents with selections, and what was said to the person.
 */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PolyheadApi } from '../../extension/main';
import type { CommandId, SettingId, SettingTypes } from '../../extension/contributions';

export function extension(): vscode.Extension<PolyheadApi> {
  const found = vscode.extensions.getExtension<PolyheadApi>('polyhead.polyhead');
  assert.ok(found, 'VS Code does not know the extension');
  return found;
}

export function run(command: CommandId): Thenable<unknown> {
  return vscode.commands.executeCommand(command);
}

let files = 0;

/**
 * Writes `text` to a new file of the workspace and opens it. Each has a name of its own: VS Code lets go of
 * a document some time after its editor has closed, and an untitled one would come back with its old text.
 *
 * @param extension of the file's name, which VS Code tells its language by
 */
export async function edit(text: string, extension = 'txt'): Promise<vscode.TextEditor> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(workspace, 'the suite needs a workspace');
  const file = vscode.Uri.joinPath(workspace.uri, `text${files++}.${extension}`);
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  // No preview: the next file would take its tab.
  return vscode.window.showTextDocument(file, { preview: false });
}

/** Selects each of the given parts of the document; all of it when none are given. */
export function select(editor: vscode.TextEditor, ...parts: string[]): void {
  const { document } = editor;
  const text = document.getText();
  editor.selections = (parts.length === 0 ? [text] : parts).map((part) => {
    const start = text.indexOf(part);
    assert.notEqual(start, -1, `“${part}” is not in the document`);
    return new vscode.Selection(document.positionAt(start), document.positionAt(start + part.length));
  });
}

/** Puts the cursor into a part of the document, and selects nothing. */
export function placeCursor(editor: vscode.TextEditor, part: string): void {
  select(editor, part);
  editor.selection = new vscode.Selection(editor.selection.active, editor.selection.active);
}

/** Sets one of our settings for all workspaces. */
export async function setting<Id extends SettingId>(
  id: Id,
  value: SettingTypes[Id] | undefined,
): Promise<void> {
  await vscode.workspace.getConfiguration().update(id, value, vscode.ConfigurationTarget.Global);
}

/** Takes back every setting of ours. */
export async function resetSettings(): Promise<void> {
  const { contributes } = extension().packageJSON as {
    contributes: { configuration: { properties: Record<string, unknown> } };
  };
  for (const id of Object.keys(contributes.configuration.properties) as SettingId[]) {
    if (vscode.workspace.getConfiguration().inspect(id)?.globalValue !== undefined)
      await setting(id, undefined);
  }
}

/** Undoes once in the active editor. */
export function undo(): Thenable<unknown> {
  return vscode.commands.executeCommand('undo');
}

/** Closes every editor and throws its changes away. */
export async function closeEditors(): Promise<void> {
  while (vscode.window.activeTextEditor !== undefined) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

/** Waits until `condition` gives something; fails with `what` after half a minute, which a busy machine may take. */
export async function until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    assert.ok(Date.now() < end, `waited half a minute in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Stands in for VS Code's notifications, lists and dialogs, which nobody is there to read: keeps what they said, and
 * answers as it was told to.
 */
export class Notifications {
  readonly said: string[] = [];
  /** What the last list offered. */
  offered: string[] = [];
  #shownProgress = 0;
  #cancelNext = false;
  #press: readonly string[] = [];
  #pick: string | undefined;
  #folder: vscode.Uri | undefined;
  #saveAs: vscode.Uri | undefined;
  #typed: string | undefined;
  /** The path that the last dialog for saving suggested. */
  suggested: string | undefined;
  readonly #originals = {
    showInformationMessage: vscode.window.showInformationMessage,
    showWarningMessage: vscode.window.showWarningMessage,
    showErrorMessage: vscode.window.showErrorMessage,
    showQuickPick: vscode.window.showQuickPick,
    showOpenDialog: vscode.window.showOpenDialog,
    showSaveDialog: vscode.window.showSaveDialog,
    showInputBox: vscode.window.showInputBox,
    withProgress: vscode.window.withProgress,
  };

  constructor() {
    const say = (sentence: string, ...rest: unknown[]): Thenable<string | undefined> => {
      this.said.push(sentence);
      const [button, ...later] = this.#press;
      if (button === undefined || !rest.includes(button)) return Promise.resolve(undefined);
      this.#press = later;
      return Promise.resolve(button);
    };
    const showQuickPick = async (
      items: readonly vscode.QuickPickItem[] | Thenable<readonly vscode.QuickPickItem[]>,
    ): Promise<vscode.QuickPickItem | undefined> => {
      const choices = await items;
      this.offered = choices.map(({ label }) => label);
      return choices.find(({ label }) => label === this.#pick);
    };
    const withProgress: typeof vscode.window.withProgress = (_options, task) => {
      this.#shownProgress++;
      const source = new vscode.CancellationTokenSource();
      const result = task({ report: () => undefined }, source.token);
      if (this.#cancelNext) source.cancel();
      return result;
    };
    Object.assign(vscode.window, {
      showInformationMessage: say,
      showWarningMessage: say,
      showErrorMessage: say,
      showQuickPick,
      showOpenDialog: () => Promise.resolve(this.#folder === undefined ? undefined : [this.#folder]),
      showSaveDialog: (options: vscode.SaveDialogOptions) => {
        this.suggested = options.defaultUri?.path;
        return Promise.resolve(this.#saveAs);
      },
      showInputBox: () => Promise.resolve(this.#typed),
      withProgress,
    });
  }

  /** How often a progress notification came up. */
  get shownProgress(): number {
    return this.#shownProgress;
  }

  /** Presses Cancel as soon as progress is shown. */
  cancelWhenShown(): void {
    this.#cancelNext = true;
  }

  /** Presses this button of the next message that has it; then further ones of the messages after that. */
  press(...titles: string[]): void {
    this.#press = titles;
  }

  /** Chooses this entry of every list from now on; dismisses lists without it. */
  pick(label: string | undefined): void {
    this.#pick = label;
  }

  /** Chooses this folder in every dialog from now on. */
  chooseFolder(folder: vscode.Uri | undefined): void {
    this.#folder = folder;
  }

  /** Types this into every input box from now on. */
  type(text: string | undefined): void {
    this.#typed = text;
  }

  /** Saves under this name in every dialog from now on. */
  saveAs(file: vscode.Uri | undefined): void {
    this.#saveAs = file;
  }

  restore(): void {
    Object.assign(vscode.window, this.#originals);
  }
}

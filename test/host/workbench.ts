/**
 * What the suites share: the extension, documents with selections, and what was said to the person.
 */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PolyheadApi } from '../../extension/main';
import type { CommandId } from '../../extension/contributions';

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
 */
export async function edit(text: string): Promise<vscode.TextEditor> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(workspace, 'the suite needs a workspace');
  const file = vscode.Uri.joinPath(workspace.uri, `text${files++}.txt`);
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  return vscode.window.showTextDocument(file);
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

/** Waits until `condition` gives something; fails with `what` after ten seconds. */
export async function until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    assert.ok(Date.now() < end, `waited ten seconds in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Stands in for VS Code's notifications, which nobody is there to read, and keeps what they said. */
export class Notifications {
  readonly said: string[] = [];
  #shownProgress = 0;
  #cancelNext = false;
  readonly #originals = {
    showInformationMessage: vscode.window.showInformationMessage,
    showWarningMessage: vscode.window.showWarningMessage,
    showErrorMessage: vscode.window.showErrorMessage,
    withProgress: vscode.window.withProgress,
  };

  constructor() {
    const say = (sentence: string): Thenable<undefined> => {
      this.said.push(sentence);
      return Promise.resolve(undefined);
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

  restore(): void {
    Object.assign(vscode.window, this.#originals);
  }
}

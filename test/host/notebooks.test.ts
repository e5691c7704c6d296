/** Cells of notebooks: Markdown is prose, and of code the comments are. */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { german, sentence } from './texts';
import { closeEditors, Notifications, run, undo, until } from './workbench';

const markdown = `# Title\n\n${sentence} See [this](https://example.org/a).\n`;
const code = `value = 1  # ${sentence}\nprint("a.b", value)\n`;

/** A notebook with a Markdown cell and one of Python, shown. */
async function open(...[prose, program]: [string, string]): Promise<vscode.NotebookEditor> {
  const document = await vscode.workspace.openNotebookDocument(
    'jupyter-notebook',
    new vscode.NotebookData([
      new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, prose, 'markdown'),
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, program, 'python'),
    ]),
  );
  return vscode.window.showNotebookDocument(document);
}

/** Puts the cursor into a cell, behind some text. */
async function editCell(
  notebook: vscode.NotebookEditor,
  index: number,
  behind: string,
): Promise<vscode.TextEditor> {
  const cell = notebook.notebook.cellAt(index);
  notebook.selections = [new vscode.NotebookRange(index, index + 1)];
  await vscode.commands.executeCommand('notebook.cell.edit');
  const editor = await until('the editor of the cell', () => {
    const active = vscode.window.activeTextEditor;
    return active?.document === cell.document ? active : undefined;
  });
  const at = cell.document.positionAt(cell.document.getText().indexOf(behind) + behind.length);
  editor.selection = new vscode.Selection(at, at);
  return editor;
}

describe('In a notebook', () => {
  let notifications: Notifications;
  beforeEach(() => {
    notifications = new Notifications();
  });
  afterEach(async () => {
    notifications.restore();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await closeEditors();
  });

  it('a paragraph of a Markdown cell is translated, and nothing else', async () => {
    const notebook = await open(markdown, code);
    const { document } = await editCell(notebook, 0, 'The file');
    await run('polyhead.translateSelection');
    assert.deepEqual(notifications.said, []);
    const translated = document.getText();
    assert.match(translated, /^# Title\n\n\S.*\]\(https:\/\/example\.org\/a\).*\n$/);
    assert.ok(!translated.includes(sentence), translated);
    assert.equal(notebook.notebook.cellAt(1).document.getText(), code);
    await undo();
    assert.equal(document.getText(), markdown);
  });

  it('of a cell of code the comment is', async () => {
    const notebook = await open(markdown, code);
    const { document } = await editCell(notebook, 1, 'The file');
    await run('polyhead.translateSelection');
    const [first, second] = document.getText().split('\n');
    assert.match(first!, /^value = 1 {2}# \S/);
    assert.ok(!first!.includes(sentence), first);
    assert.equal(second, 'print("a.b", value)');
    assert.equal(notebook.notebook.cellAt(0).document.getText(), markdown);
  });

  it('a hover comes up over a foreign cell', async () => {
    const notebook = await open(`${german}\n`, code);
    const { document } = notebook.notebook.cellAt(0);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 6),
    );
    const said = hovers
      .flatMap(({ contents }) => contents as vscode.MarkdownString[])
      .map(({ value }) => value);
    assert.ok(
      said.some((value) => value.includes('command:polyhead.')),
      said.join(),
    );
  });
});

/**
 * “Polyhead: Translate Selection” on documents in VS Code, with the engine and the model that are shipped.
 * No test knows the model's words: what it says may change with better weights.
 */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { another, sentence } from './texts';
import { closeEditors, edit, Notifications, run, select, undo } from './workbench';

describe('Translate Selection', () => {
  let notifications: Notifications;

  beforeEach(() => {
    notifications = new Notifications();
  });

  afterEach(async () => {
    notifications.restore();
    await closeEditors();
  });

  it('replaces the selection, and one undo brings the text back', async () => {
    const text = `before ${sentence}\nafter\n`;
    const editor = await edit(text);
    select(editor, sentence);
    await run('polyhead.translateSelection');
    const translated = editor.document.getText();
    assert.deepEqual(notifications.said, []);
    assert.match(translated, /^before \S.*\nafter\n$/);
    assert.ok(!translated.includes(sentence), 'the sentence still stands there in English');
    await undo();
    assert.equal(editor.document.getText(), text);
  });

  it('replaces several selections in one undo step, each in its place', async () => {
    const text = `1. ${sentence}\n2. stays here\n3. ${another}\n`;
    const editor = await edit(text);
    select(editor, sentence, another);
    await run('polyhead.translateSelection');
    const lines = editor.document.getText().split('\n');
    assert.deepEqual(notifications.said, []);
    assert.equal(lines.length, 4);
    assert.match(lines[0]!, /^1\. \S/);
    assert.notEqual(lines[0], `1. ${sentence}`);
    assert.equal(lines[1], '2. stays here');
    assert.match(lines[2]!, /^3\. \S/);
    assert.notEqual(lines[2], `3. ${another}`);
    await undo();
    assert.equal(editor.document.getText(), text);
  });

  it('keeps a placeholder byte for byte', async () => {
    const editor = await edit('The file %s could not be opened.');
    select(editor);
    await run('polyhead.translateSelection');
    const translated = editor.document.getText();
    assert.notEqual(translated, 'The file %s could not be opened.');
    assert.equal(translated.split('%s').length, 2);
  });

  it('keeps the white space around the text of a selection', async () => {
    const editor = await edit(`\t  ${sentence} \n`);
    select(editor);
    await run('polyhead.translateSelection');
    assert.match(editor.document.getText(), /^\t {2}\S.*\S \n$/);
  });

  it('says what to do when no editor is open', async () => {
    await closeEditors();
    await run('polyhead.translateSelection');
    assert.equal(notifications.said.length, 1);
    assert.match(notifications.said[0]!, /^Open a file/);
  });

  it('leaves a selection without letters as it is, and says so', async () => {
    const editor = await edit('12:30 – 14:45 (100 %)\n');
    const { version } = editor.document;
    select(editor);
    await run('polyhead.translateSelection');
    assert.equal(editor.document.version, version);
    assert.equal(notifications.said.length, 1);
    assert.match(notifications.said[0]!, /no words here/);
  });

  it('translates the others when one selection holds no letters, and says that it did', async () => {
    const editor = await edit(`${sentence}\n--- 1 ---\n`);
    select(editor, sentence, '--- 1 ---');
    await run('polyhead.translateSelection');
    assert.match(editor.document.getText(), /\n--- 1 ---\n$/);
    assert.ok(!editor.document.getText().includes(sentence));
    assert.deepEqual(notifications.said, ['Without words, and left as they are: 1 of 2 selections.']);
  });

  it('leaves the document as it was when cancelled, and says nothing', async () => {
    const text = `${sentence} ${another}\n`.repeat(300);
    const editor = await edit(text);
    select(editor);
    notifications.cancelWhenShown();
    await run('polyhead.translateSelection');
    assert.equal(notifications.shownProgress, 1, 'the translation was over before it could be cancelled');
    assert.equal(editor.document.getText(), text);
    assert.deepEqual(notifications.said, []);
  });

  it('marks the text in place while it is translated, and no longer, also when cancelled', async () => {
    const original = vscode.window.createTextEditorDecorationType;
    const [made, gone] = [[] as vscode.TextEditorDecorationType[], [] as vscode.TextEditorDecorationType[]];
    const counting: typeof original = (options) => {
      const type = original(options);
      made.push(type);
      // Frozen by VS Code, so that a stand-in goes out.
      const dispose = (): void => {
        gone.push(type);
        type.dispose();
      };
      return { key: type.key, dispose };
    };
    Object.assign(vscode.window, { createTextEditorDecorationType: counting });
    try {
      const text = `${sentence} ${another}\n`.repeat(300);
      const editor = await edit(text);
      select(editor);
      await run('polyhead.translateSelection');
      assert.notEqual(editor.document.getText(), text);
      assert.deepEqual([made.length, gone.length], [1, 1]);
      select(editor);
      await undo();
      notifications.cancelWhenShown();
      await run('polyhead.translateSelection');
      assert.deepEqual([made.length, gone.length], [2, 2]);
    } finally {
      Object.assign(vscode.window, { createTextEditorDecorationType: original });
    }
  });

  it('translates again after a cancellation', async () => {
    const editor = await edit(sentence);
    select(editor);
    await run('polyhead.translateSelection');
    assert.deepEqual(notifications.said, []);
    assert.notEqual(editor.document.getText(), sentence);
  });

  it('translates in a document that has never been saved', async () => {
    const document = await vscode.workspace.openTextDocument({ content: sentence });
    const editor = await vscode.window.showTextDocument(document);
    select(editor);
    await run('polyhead.translateSelection');
    assert.notEqual(document.getText(), sentence);
  });

  it('offers to copy where the document cannot be written', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('polyhead-test', {
      provideTextDocumentContent: () => sentence,
    });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('polyhead-test:text.txt'));
    const editor = await vscode.window.showTextDocument(document);
    select(editor);
    await vscode.env.clipboard.writeText('');
    notifications.press('Copy Translation');
    await run('polyhead.translateSelection');
    assert.match(notifications.said[0]!, /read-only/);
    assert.equal(document.getText(), sentence);
    await untilCopied();
    assert.notEqual(await vscode.env.clipboard.readText(), sentence);
    provider.dispose();
  });
});

async function untilCopied(): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if ((await vscode.env.clipboard.readText()) !== '') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail('nothing was copied within ten seconds');
}

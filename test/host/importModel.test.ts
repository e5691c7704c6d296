/**
 * “Polyhead: Import Model Folder…”: a model folder becomes the person's, is used, and is replaced only when they agree;
 * what is no model is refused with a sentence.
 */
import * as assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { sentence } from './texts';
import {
  closeEditors,
  edit,
  extension,
  Notifications,
  resetSettings,
  run,
  select,
  setting,
} from './workbench';

describe('Import Model Folder', () => {
  let notifications: Notifications;
  let folder: string;
  let dataFolder: string;

  beforeEach(async () => {
    notifications = new Notifications();
    folder = mkdtempSync(path.join(tmpdir(), 'polyhead-import-'));
    dataFolder = path.join(folder, 'data');
    const shipped = path.join(extension().extensionPath, 'models', 'pretrained', 'en-de');
    cpSync(shipped, path.join(folder, 'model'), { recursive: true });
    const config = path.join(folder, 'model', 'config.json');
    const description = JSON.parse(readFileSync(config, 'utf8')) as object;
    // As if it were Dutch: nobody looks at the words.
    writeFileSync(config, JSON.stringify({ ...description, to: 'nl', name: 'my own' }));
    await setting('polyhead.dataFolder', dataFolder);
  });

  afterEach(async () => {
    notifications.restore();
    await resetSettings();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  it('copies the model, offers its languages, and translates with it', async () => {
    notifications.chooseFolder(vscode.Uri.file(path.join(folder, 'model')));
    notifications.press('Use These Languages');
    await run('polyhead.importModelFolder');
    assert.deepEqual(notifications.said, ['Imported the model “my own”: English → Dutch.']);
    assert.ok(existsSync(path.join(dataFolder, 'models')));
    rmSync(path.join(folder, 'model'), { recursive: true });
    await setting('polyhead.targetLanguage', 'nl');
    const editor = await edit(sentence);
    select(editor);
    await run('polyhead.translateSelection');
    assert.notEqual(editor.document.getText(), sentence);
    assert.equal(notifications.said.length, 1);
  });

  it('replaces an imported model only when the person agrees', async () => {
    notifications.chooseFolder(vscode.Uri.file(path.join(folder, 'model')));
    await run('polyhead.importModelFolder');
    await run('polyhead.importModelFolder');
    assert.deepEqual(notifications.said.slice(1), [
      'There is an imported model for English → Dutch already: “my own”.',
    ]);
    notifications.press('Replace');
    await run('polyhead.importModelFolder');
    assert.equal(notifications.said.length, 4);
    assert.match(notifications.said[3]!, /^Imported the model/);
  });

  it('does nothing when no folder is chosen', async () => {
    notifications.chooseFolder(undefined);
    await run('polyhead.importModelFolder');
    assert.deepEqual(notifications.said, []);
    assert.ok(!existsSync(dataFolder));
  });

  it('refuses what is no model, says what is wrong, and leaves nothing behind', async () => {
    writeFileSync(path.join(folder, 'model', 'model.safetensors'), 'no weights');
    notifications.chooseFolder(vscode.Uri.file(path.join(folder, 'model')));
    await run('polyhead.importModelFolder');
    assert.equal(notifications.said.length, 1);
    assert.match(notifications.said[0]!, /model\.safetensors/);
    assert.ok(!existsSync(path.join(dataFolder, 'models', 'en-nl')));
  });
});

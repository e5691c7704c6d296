/**
 * The extension in a folder that nobody has said to trust.
 */
import * as assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import {
  askForEverything,
  defaultOf,
  effective,
  folderSettings,
  machineSettings,
  restrictedSettings,
} from '../folderSettings';
import { closeEditors, edit, extension, Notifications, run, select } from '../workbench';

const sentence = 'The file was saved on the server.';

describe('in a folder that is not trusted', () => {
  let notifications: Notifications;
  let takeAway: () => Promise<void>;

  before(async () => {
    takeAway = await askForEverything();
  });
  after(() => takeAway());

  beforeEach(() => {
    notifications = new Notifications();
  });
  afterEach(async () => {
    notifications.restore();
    await closeEditors();
  });

  it('VS Code is in restricted mode', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('the extension can be activated', async () => {
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  it('the folder chooses no languages', () => {
    assert.deepEqual([...restrictedSettings()].sort(), folderSettings().sort());
    for (const id of restrictedSettings()) assert.deepEqual(effective(id), defaultOf(id), id);
  });

  it('the folder reaches no folder, core or process of the machine', () => {
    assert.ok(machineSettings().includes('polyhead.modelFolders'));
    for (const id of machineSettings()) assert.deepEqual(effective(id), defaultOf(id), id);
  });

  it('a selection is translated with the models that the extension brings', async () => {
    const editor = await edit(sentence);
    select(editor);
    await run('polyhead.translateSelection');
    assert.deepEqual(notifications.said, []);
    assert.notEqual(editor.document.getText(), sentence);
  });
});

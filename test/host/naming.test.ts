/** “Name from Description…”: names to choose from, and where the chosen one goes. */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeEditors, edit, Notifications, resetSettings, run, select, setting, undo } from './workbench';

describe('Name from Description', () => {
  let notifications: Notifications;

  beforeEach(async () => {
    notifications = new Notifications();
    await setting('polyhead.myLanguage', 'de');
  });

  afterEach(async () => {
    notifications.restore();
    await closeEditors();
    await resetSettings();
  });

  it('puts the chosen name in the place of the description, in one undo step', async () => {
    const editor = await edit('// Datei öffnen\n', 'py');
    select(editor, 'Datei öffnen');
    notifications.pick('open_file');
    await run('polyhead.nameFromDescription');
    assert.equal(editor.document.getText(), '// open_file\n', notifications.offered.join());
    // What Python writes comes first, the other spellings follow.
    assert.deepEqual(notifications.offered.slice(0, 6), [
      'Open File',
      'open_file',
      'openFile',
      'OpenFile',
      'open-file',
      'OPEN_FILE',
    ]);
    assert.equal(new Set(notifications.offered).size, notifications.offered.length);
    await undo();
    assert.equal(editor.document.getText(), '// Datei öffnen\n');
  });

  it('takes a description that is in the project’s language already as it is', async () => {
    await setting('polyhead.myLanguage', 'en');
    const editor = await edit('the number of files that are open at the moment\n', 'ts');
    select(editor, 'the number of files that are open at the moment');
    notifications.pick('numberOfFilesThatAreOpenAtMoment');
    await run('polyhead.nameFromDescription');
    assert.equal(
      editor.document.getText(),
      'numberOfFilesThatAreOpenAtMoment\n',
      notifications.offered.join(),
    );
  });

  it('changes nothing when no name is chosen, and copies the name where there is no editor', async () => {
    const editor = await edit('Datei öffnen', 'ts');
    select(editor);
    notifications.pick(undefined);
    await run('polyhead.nameFromDescription');
    assert.equal(editor.document.getText(), 'Datei öffnen');
    await closeEditors();
    notifications.type('Datei öffnen');
    notifications.pick('openFile');
    await run('polyhead.nameFromDescription');
    assert.equal(await vscode.env.clipboard.readText(), 'openFile');
    assert.deepEqual(notifications.said, []);
  });
});

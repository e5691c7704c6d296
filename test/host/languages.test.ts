/**
 * Languages: detected, picked, swapped; text that is in the target language already; uncertain translations.
 */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { SettingId } from '../../extension/contributions';
import { german, sentence } from './texts';
import { closeEditors, edit, Notifications, resetSettings, run, select, setting, until } from './workbench';

describe('languages', () => {
  let notifications: Notifications;

  beforeEach(() => {
    notifications = new Notifications();
  });

  afterEach(async () => {
    notifications.restore();
    await resetSettings();
    await closeEditors();
  });

  const written = (id: SettingId): unknown => vscode.workspace.getConfiguration().get(id);

  it('are detected: English becomes German although nothing was chosen', async () => {
    const editor = await edit(sentence);
    select(editor);
    await run('polyhead.translateSelection');
    assert.notEqual(editor.document.getText(), sentence);
    assert.deepEqual(notifications.said, []);
  });

  it('a text in the target language is left, and that is said', async () => {
    await setting('polyhead.targetLanguage', 'de');
    const editor = await edit(german);
    select(editor);
    await run('polyhead.translateSelection');
    assert.equal(editor.document.getText(), german);
    assert.deepEqual(notifications.said, ['The text is in the target language already (German).']);
  });

  it('Pick Languages offers the pairs that there are models for, and writes the settings', async () => {
    notifications.pick('English → German');
    await run('polyhead.pickLanguages');
    assert.ok(notifications.offered.includes('Detect both'));
    assert.equal(written('polyhead.sourceLanguage'), 'en');
    assert.equal(written('polyhead.targetLanguage'), 'de');
    notifications.pick('Detect both');
    await run('polyhead.pickLanguages');
    assert.equal(written('polyhead.sourceLanguage'), 'auto');
    assert.equal(written('polyhead.targetLanguage'), 'auto');
  });

  it('Pick Languages changes nothing when it is dismissed', async () => {
    notifications.pick(undefined);
    await run('polyhead.pickLanguages');
    assert.equal(written('polyhead.sourceLanguage'), 'auto');
  });

  it('a pair without a model is answered with those that have one', async () => {
    await setting('polyhead.sourceLanguage', 'en');
    await setting('polyhead.targetLanguage', 'tlh');
    const editor = await edit(sentence);
    select(editor);
    await run('polyhead.translateSelection');
    assert.equal(editor.document.getText(), sentence);
    assert.match(notifications.said[0]!, /no model .*en → tlh.*en → de/);
  });

  it('Swap Languages turns the pair around if there is a model for it, and says so if not', async () => {
    await setting('polyhead.sourceLanguage', 'en');
    await setting('polyhead.targetLanguage', 'de');
    await run('polyhead.swapLanguages');
    const swapped = [written('polyhead.sourceLanguage'), written('polyhead.targetLanguage')];
    if (notifications.said.length === 0) assert.deepEqual(swapped, ['de', 'en']);
    else {
      assert.match(notifications.said[0]!, /There is no model for German → English\./);
      assert.deepEqual(swapped, ['en', 'de']);
    }
  });

  it('Swap Languages swaps the pair of the last translation where languages are detected', async () => {
    const editor = await edit(sentence);
    select(editor);
    await run('polyhead.translateSelection');
    await run('polyhead.swapLanguages');
    if (notifications.said.length === 0) assert.equal(written('polyhead.sourceLanguage'), 'de');
    else assert.match(notifications.said[0]!, /German → English/);
  });

  it('sentences below the least confidence are left, and that is said', async () => {
    await setting('polyhead.minimumConfidence', 1);
    const editor = await edit(sentence);
    select(editor);
    await run('polyhead.translateSelection');
    assert.equal(editor.document.getText(), sentence);
    assert.deepEqual(notifications.said, ['Left untranslated, as too uncertain: 1 of 1 sentences.']);
  });

  it('nonsense is marked as uncertain, and one button selects it', async () => {
    const nonsense = 'Xqzt wkrv blorp fnarg zzyx qwop grmbl vlk jjt prrk.';
    const editor = await edit(`${nonsense}\n`);
    select(editor, nonsense);
    notifications.press('Select Them');
    await setting('polyhead.sourceLanguage', 'en');
    await setting('polyhead.targetLanguage', 'de');
    await run('polyhead.translateSelection');
    assert.match(notifications.said[0] ?? '', /^Uncertain: 1 of 1 sentences/);
    const [shown] = editor.document.getText().split('\n');
    await until('the selection', () => editor.document.getText(editor.selection) === shown);
  });
});

/**
 * “Polyhead: Show Compute Devices” and “Polyhead: Verify This Machine”, on a machine that need not have a graphics card:
 * what is known is shown, what is found out is written down and remembered.
 */
import * as assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { sentence } from './texts';
import { closeEditors, edit, Notifications, resetSettings, run, select, setting } from './workbench';

describe('Compute devices', () => {
  let notifications: Notifications;
  let folder: string;
  const { showQuickPick } = vscode.window;

  beforeEach(async () => {
    notifications = new Notifications();
    folder = mkdtempSync(path.join(tmpdir(), 'polyhead-devices-'));
    await setting('polyhead.dataFolder', folder);
  });

  afterEach(async () => {
    vscode.window.showQuickPick = showQuickPick;
    notifications.restore();
    await resetSettings();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Shows the devices, and chooses none. @returns the lines */
  async function shown(): Promise<vscode.QuickPickItem[]> {
    let items: vscode.QuickPickItem[] = [];
    vscode.window.showQuickPick = ((given: vscode.QuickPickItem[]) => {
      items = given;
      return Promise.resolve(undefined);
    }) as unknown as typeof showQuickPick;
    await run('polyhead.showDevices');
    return items.filter(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
  }

  it('are shown as far as they are known, and nothing is tried out', async () => {
    const items = await shown();
    assert.deepEqual(
      items.slice(0, 2).map(({ label, description }) => [label, description]),
      [
        ['$(globe) Translation: cpu', 'by the setting auto'],
        ['$(mortar-board) Training: cpu', 'by the setting auto'],
      ],
    );
    const webgpu = items.filter(({ label }) => label.includes('webgpu'));
    assert.deepEqual(
      webgpu.map(({ description }) => description),
      ['not tried out', 'not tried out'],
    );
    assert.ok(!existsSync(path.join(folder, 'devices.json')));
    assert.deepEqual(notifications.said, []);
  });

  it('are tried out, written down for a report, and remembered; then the processor or a device translates', async () => {
    await run('polyhead.verifyMachine');
    const report = vscode.window.activeTextEditor?.document;
    assert.equal(report?.uri.scheme, 'polyhead-report');
    assert.equal(report.languageId, 'markdown');
    const text = report.getText();
    assert.match(text, /^# Polyhead: this machine\n/);
    assert.match(text, /\| onnxruntime \| \d+\.\d+\.\d+ \|/);
    assert.match(text, /## webgpu, translation\n\n- (?:There is none|Computes|Could not)/);
    assert.ok(!text.includes(homedir()), 'it says where the person’s files are');
    assert.deepEqual(notifications.said, ['The report holds nothing about you. It can be posted as it is.']);
    const webgpu = (await shown()).find(({ label }) => label.includes('webgpu'));
    assert.notEqual(webgpu?.description, 'not tried out');
    const editor = await edit(sentence);
    select(editor);
    await run('polyhead.translateSelection');
    assert.notEqual(editor.document.getText(), sentence);
  }).timeout(300_000);

  it('that a person asks for and that are not there are told of once; the processor translates', async () => {
    const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
    await setting('polyhead.translationDevice', absent);
    for (let time = 0; time < 2; time++) {
      const editor = await edit(sentence);
      select(editor);
      await run('polyhead.translateSelection');
      assert.notEqual(editor.document.getText(), sentence);
    }
    assert.equal(notifications.said.length, 1);
    assert.match(notifications.said[0]!, new RegExp(`^This machine has no “${absent}”`));
  });
});

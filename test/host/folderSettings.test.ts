/**
 * What a trusted folder's own settings may say.
 */
import * as assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import {
  askedFor,
  askForEverything,
  defaultOf,
  effective,
  folderSettings,
  machineSettings,
} from './folderSettings';

describe('the settings of a trusted folder', () => {
  let takeAway: () => Promise<void>;

  before(async () => {
    takeAway = await askForEverything();
  });
  after(() => takeAway());

  it('are asked for in a trusted folder', () => {
    assert.equal(vscode.workspace.isTrusted, true);
  });

  it('choose the languages', () => {
    assert.ok(folderSettings().includes('polyhead.targetLanguage'));
    for (const id of folderSettings()) assert.deepEqual(effective(id), askedFor(id), id);
  });

  it('reach no folder, core or process of the machine', () => {
    assert.ok(machineSettings().includes('polyhead.modelFolders'));
    for (const id of machineSettings()) assert.deepEqual(effective(id), defaultOf(id), id);
  });
});

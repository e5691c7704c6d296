/** Where files that pages make are proposed to be saved, and how they get there. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { saveFile, type FileToSave } from '../../../extension/saveFile';
import { temporaryFolder } from '../temporaryFolder';
import { FakeUri, type FakePanels } from './fakePanels';
import type { FakeVscode } from './fakeVscode';

/** Files that are not on a disk, by their addresses. */
const elsewhere = vi.hoisted(() => new Map<string, string>());

vi.mock('vscode', async () => {
  const panels = (await import('./fakePanels')).fakePanels();
  const fs = {
    writeFile: (uri: FakeUri, bytes: Uint8Array) =>
      Promise.resolve(void elsewhere.set(String(uri), new TextDecoder().decode(bytes))),
  };
  return { ...(await import('./fakeVscode')).fakeVscode(), ...panels, workspace: { fs } };
});
const vscode = (await import('vscode')) as unknown as FakeVscode &
  FakePanels & { workspace: { workspaceFolders?: { uri: FakeUri }[] } };
const { saveDialog } = vscode;

const temporary = temporaryFolder('save-file');
const table: FileToSave = { name: 'My run: 3/4', format: 'csv', content: 'a,b\n', title: 'Save it' };
let count = 0;
let folder = '';

beforeEach(async () => {
  saveDialog.asked.length = 0;
  saveDialog.chosen = undefined;
  delete vscode.workspace.workspaceFolders;
  folder = temporary(`folder-${count++}`);
  await mkdir(folder);
});

describe('a file that a page made', () => {
  it('is proposed in the workspace, or else at home, by a name without what paths must not have', async () => {
    vscode.workspace.workspaceFolders = [{ uri: new FakeUri('vscode-vfs', '/github/x') }];
    expect(await saveFile(table)).toBeUndefined();
    delete vscode.workspace.workspaceFolders;
    expect(await saveFile(table)).toBeUndefined();
    const dialog = { title: 'Save it', filters: { 'CSV table': ['csv'] } };
    expect(saveDialog.asked).toEqual([
      { ...dialog, defaultUri: new FakeUri('vscode-vfs', '/github/x/My run- 3-4.csv') },
      { ...dialog, defaultUri: FakeUri.file(`${homedir()}/My run- 3-4.csv`) },
    ]);
  });

  it('is written whole, and nothing is left beside it', async () => {
    saveDialog.chosen = FakeUri.file(path.join(folder, 'curves.csv'));
    await writeFile(saveDialog.chosen.fsPath, 'what was there before');
    expect(await saveFile(table)).toBe(saveDialog.chosen);
    expect(await readFile(saveDialog.chosen.fsPath, 'utf8')).toBe('a,b\n');
    expect(await readdir(folder)).toEqual(['curves.csv']);
  });

  it('goes where VS Code alone can write', async () => {
    saveDialog.chosen = new FakeUri('vscode-vfs', path.join(folder, 'curves.csv'));
    await saveFile({ ...table, content: Buffer.from('c,d') });
    expect(elsewhere.get(String(saveDialog.chosen))).toBe('c,d');
    expect(await readdir(folder)).toEqual([]);
  });
});

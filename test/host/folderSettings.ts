/**
 * Settings that a folder brings along in .vscode/settings.json, and what VS Code makes of them. Which settings there
 * are, and which are whose, is read from the extension's package.json.
 */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension, until } from './workbench';

interface Declared {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'array';
  readonly default: unknown;
  readonly scope?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Manifest {
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, Declared>> };
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
}

const manifest = (): Manifest => extension().packageJSON as Manifest;
const declared = (): Readonly<Record<string, Declared>> => manifest().contributes.configuration.properties;

/** The settings that no folder has a say in, trusted or not. */
export function machineSettings(): string[] {
  return Object.keys(declared()).filter((id) => declared()[id]?.scope === 'machine');
}

/** The settings that a folder has a say in: all the others. */
export function folderSettings(): string[] {
  return Object.keys(declared()).filter((id) => declared()[id]?.scope !== 'machine');
}

/** The settings that only a trusted folder has a say in. */
export function restrictedSettings(): readonly string[] {
  return manifest().capabilities.untrustedWorkspaces.restrictedConfigurations;
}

/** A setting's value in the folder. */
export function effective(id: string): unknown {
  return vscode.workspace.getConfiguration(undefined, folder().uri).get(id);
}

/** The value without any settings.json. */
export function defaultOf(id: string): unknown {
  return declared()[id]?.default;
}

/** A valid value that is not the default: what the folder asks for. */
export function askedFor(id: string): unknown {
  const setting = declared()[id];
  assert.ok(setting, `package.json has no setting ${id}`);
  switch (setting.type) {
    case 'string':
      return setting.pattern === undefined ? '/of/this/folder' : 'eo';
    case 'array':
      return ['/of/this/folder'];
    case 'boolean':
      return setting.default !== true;
    case 'number':
    case 'integer':
      return setting.default === setting.maximum ? setting.minimum : (setting.maximum ?? 1234);
  }
}

/**
 * Writes a settings.json that asks for another value of every setting, and waits until VS Code has read it.
 *
 * @returns takes it away again
 */
export async function askForEverything(): Promise<() => Promise<void>> {
  const settings = Object.fromEntries(Object.keys(declared()).map((id) => [id, askedFor(id)]));
  // VS Code's own, and no harm in it: once it is in effect, the file has been read.
  const sign = 'editor.tabSize';
  const file = vscode.Uri.joinPath(folder().uri, '.vscode', 'settings.json');
  await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify({ ...settings, [sign]: 7 }, null, 2)));
  await until('the folder’s settings', () => effective(sign) === 7);
  return async () => {
    await vscode.workspace.fs.delete(file);
    await until('the end of the folder’s settings', () => effective(sign) !== 7);
  };
}

function folder(): vscode.WorkspaceFolder {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'the suite needs a workspace');
  return first;
}

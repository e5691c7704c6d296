/**
 * The extension in VS Code before anything was asked of it.
 */
import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { extension, until } from './workbench';

describe('activation', () => {
  it('comes by itself once VS Code has started, for its hovers, and starts no engine process', async () => {
    await until('the activation', () => extension().isActive);
    assert.deepEqual(extension().exports.engineProcessIds(), []);
  });

  it('brings every command that package.json promises', async () => {
    const { contributes } = extension().packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const registered = await vscode.commands.getCommands(true);
    const promised = contributes.commands.map(({ command }) => command);
    assert.ok(promised.includes('polyhead.translateSelection'));
    assert.deepEqual(
      promised.filter((command) => !registered.includes(command)),
      [],
    );
  });

  it('loads no onnxruntime into the extension host', () => {
    const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
    assert.ok(sharedObjects.length > 0);
    assert.deepEqual(
      sharedObjects.filter((file) => file.includes('onnxruntime')),
      [],
    );
  });
});

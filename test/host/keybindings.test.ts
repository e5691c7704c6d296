/** The keys of our commands are free in VS Code as it comes. */
import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parse } from 'jsonc-parser';
import * as vscode from 'vscode';
import { extension } from './workbench';

interface Keybinding {
  readonly key: string;
  readonly command: string;
  readonly when?: string;
}

/** The same keys in the same order, however they are written. */
function canonical(key: string): string {
  return key
    .split(' ')
    .map((stroke) => stroke.split('+').sort().join('+'))
    .join(' ');
}

describe('our keybindings', () => {
  it('take no keys of VS Code’s own', async () => {
    const defaults = await vscode.workspace.openTextDocument(
      vscode.Uri.parse('vscode://defaultsettings/keybindings.json'),
    );
    const all = parse(defaults.getText()) as Keybinding[];
    // VS Code writes one that is for other systems as one that is never so.
    const others = all.filter(({ command, when }) => !command.startsWith('polyhead.') && when !== 'false');
    assert.ok(others.length > 500, 'VS Code’s own keybindings were not found');
    const { contributes } = extension().packageJSON as { contributes: { keybindings: Keybinding[] } };
    const ours = contributes.keybindings.map(({ key }) => canonical(key));
    assert.ok(ours.length > 0);
    assert.deepEqual(
      others
        .filter(({ key }) => ours.includes(canonical(key)))
        .map(({ key, command }) => `${key}: ${command}`),
      [],
    );
    // Nor the first stroke of a chord of ours alone, which would never let the second one come.
    const first = new Set(ours.map((key) => key.split(' ')[0]!));
    assert.deepEqual(
      others.filter(({ key }) => first.has(canonical(key))),
      [],
    );
  });
});

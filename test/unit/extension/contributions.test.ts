import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { commands, workspace } from 'vscode';
import { expectedContributes, readConfig, registerCommand } from '../../../extension/contributions';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

interface Manifest {
  contributes: { configuration: { properties: Record<string, object> } };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

describe('package.json', () => {
  const manifest = read('package.json') as Manifest;

  it('contributes what the catalogue says, no more and no less', () => {
    expect(manifest.contributes).toEqual(expectedContributes());
  });

  it('has a text in package.nls.json for every placeholder, and no text there is without one', () => {
    const placeholders = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    const texts = read('package.nls.json') as Record<string, string>;
    expect(Object.keys(texts).sort()).toEqual([...new Set(placeholders)].sort());
    for (const text of Object.values(texts)) expect(text).toMatch(/\S/);
  });

  it('restricts no setting that is not there', () => {
    const settings = Object.keys(manifest.contributes.configuration.properties);
    expect(settings).toEqual(
      expect.arrayContaining(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations),
    );
  });
});

describe('the catalogue', () => {
  it('registers a command under its name', () => {
    const namespace = { registerCommand: vi.fn() };
    const show = (): void => undefined;
    registerCommand(namespace as unknown as typeof commands, 'polyhead.showLog', show);
    expect(namespace.registerCommand.mock.calls).toEqual([['polyhead.showLog', show]]);
  });

  it.each([
    ['fr', 'fr'],
    [7, 'en'],
    [undefined, 'en'],
  ])('reads the setting %j as %j', (written, value) => {
    const namespace = { getConfiguration: () => ({ get: () => written }) };
    const scope = { languageId: 'plaintext' };
    expect(readConfig(namespace as unknown as typeof workspace, 'polyhead.sourceLanguage', scope)).toBe(
      value,
    );
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { commands, workspace } from 'vscode';
import {
  expectedContributes,
  readConfig,
  registerCommand,
  restrictedSettings,
  runCommand,
  type SettingId,
} from '../../../extension/contributions';
import { runContext } from '../../../extension/training/runsItem';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

interface Manifest {
  contributes: {
    commands: { command: string }[];
    keybindings: { key: string; mac: string }[];
    menus: Record<string, { command?: string; submenu?: string; when?: string }[]>;
    submenus: { id: string }[];
    configuration: {
      properties: Record<string, { scope: string; default: unknown; markdownDescription: string }>;
    };
  };
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

  it('offers nothing that changes a run while another window trains it', () => {
    const offered = (item: string): string[] =>
      manifest.contributes.menus['view/item/context']!.flatMap(({ command, when }) => {
        const kinds = /viewItem =~ \/(.*)\//.exec(when!)?.[1];
        return kinds !== undefined && new RegExp(kinds).test(item) ? [command!] : [];
      });
    const run = { state: 'training', usable: true } as const;
    expect(offered(runContext({ ...run, elsewhere: false }))).toContain('polyhead.pauseTraining');
    const elsewhere = offered(runContext({ ...run, elsewhere: true }));
    expect(elsewhere).toContain('polyhead.useForTranslation');
    for (const id of ['pauseTraining', 'stopTraining', 'resumeTraining', 'deleteRun'])
      expect(elsewhere).not.toContain(`polyhead.${id}`);
  });

  const properties = Object.entries(manifest.contributes.configuration.properties);

  it('gives every setting a scope and a description', () => {
    for (const [id, setting] of properties) {
      expect(setting.scope).toMatch(/^(?:machine|resource)$/);
      expect(setting.markdownDescription).toBe(`%${id}.description%`);
    }
  });

  it('keeps from every folder what is of the machine: paths, processes, cores', () => {
    const ofMachine = properties.filter(([, { scope }]) => scope === 'machine').map(([id]) => id);
    expect(ofMachine).toEqual([
      'polyhead.engineIdleMinutes',
      'polyhead.threads',
      'polyhead.dataFolder',
      'polyhead.modelFolders',
      'polyhead.pauseTrainingOnBattery',
      'polyhead.trainingDevice',
      'polyhead.translationDevice',
    ]);
  });

  it('keeps from untrusted folders all the other settings', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(restrictedConfigurations).toEqual(restrictedSettings);
    expect(properties.filter(([, { scope }]) => scope === 'resource').map(([id]) => id)).toEqual(
      restrictedSettings,
    );
  });

  it('gives no two commands the same keys', () => {
    for (const system of ['key', 'mac'] as const) {
      const keys = manifest.contributes.keybindings.map((binding) => binding[system]);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('shows in menus only commands and submenus that there are', () => {
    const { menus, commands, submenus } = manifest.contributes;
    const ids = [...commands.map(({ command }) => command), ...submenus.map(({ id }) => id)];
    const shown = Object.values(menus).flatMap((items) => items.map((item) => item.command ?? item.submenu));
    expect(ids).toEqual(expect.arrayContaining(shown));
  });
});

describe('the catalogue', () => {
  it('registers a command under its name', () => {
    const namespace = { registerCommand: vi.fn() };
    const show = (): void => undefined;
    registerCommand(namespace as unknown as typeof commands, 'polyhead.showLog', show);
    expect(namespace.registerCommand.mock.calls).toEqual([['polyhead.showLog', show]]);
  });

  it('runs a command by its name', () => {
    const namespace = { executeCommand: vi.fn() };
    runCommand(namespace as unknown as typeof commands, 'polyhead.showLog');
    expect(namespace.executeCommand.mock.calls).toEqual([['polyhead.showLog']]);
  });

  /** What is read where this is written; for a document. */
  function read(id: SettingId, written: unknown): unknown {
    const scope = { languageId: 'plaintext' };
    const getConfiguration = vi.fn(() => ({ get: () => written }));
    const value = readConfig({ getConfiguration } as unknown as typeof workspace, id, scope);
    expect(getConfiguration.mock.calls).toEqual([[undefined, scope]]);
    return value;
  }

  it.each<[SettingId, unknown[]]>([
    ['polyhead.sourceLanguage', ['auto', 'fr', 'pt-BR', 'zh-Hant-TW', 'haw']],
    ['polyhead.minimumConfidence', [0, 0.5, 1]],
    ['polyhead.engineIdleMinutes', [0, 0.1, 1440]],
    ['polyhead.threads', [1, 64]],
    ['polyhead.dataFolder', ['', 'anything']],
    ['polyhead.modelFolders', [[], ['one', 'two']]],
    ['polyhead.pauseTrainingOnBattery', [true, false]],
    ['polyhead.trainingDevice', ['auto', 'cpu', 'webgpu']],
    ['polyhead.translationDevice', ['auto', 'cpu', 'webgpu', 'dml', 'coreml', 'cuda']],
  ])('reads what %s may be', (id, values) => {
    for (const value of values) expect(read(id, value)).toEqual(value);
  });

  it.each<[SettingId, unknown, unknown[]]>([
    [
      'polyhead.sourceLanguage',
      'auto',
      ['', 'English', 'e', 'EN', 'en_US', 'en-', ' en', 'en\n', 7, null, undefined],
    ],
    ['polyhead.targetLanguage', 'auto', [{}, ['de'], true]],
    ['polyhead.minimumConfidence', 0, [-0.1, 1.1, NaN, '0.5', null, undefined]],
    ['polyhead.engineIdleMinutes', 10, [-1, 1441, Infinity, '10', []]],
    ['polyhead.threads', 1, [0, 65, 1.5, NaN, '1']],
    ['polyhead.dataFolder', '', [7, null, ['folder']]],
    ['polyhead.modelFolders', [], ['folder', [7], ['one', null], {}, undefined]],
    ['polyhead.pauseTrainingOnBattery', true, ['false', 0, null, undefined]],
    ['polyhead.trainingDevice', 'auto', ['gpu', 'cuda', '', 1, null, undefined]],
    ['polyhead.translationDevice', 'auto', ['gpu', '', 1, null, undefined]],
  ])('reads the default of %s, %j, where something else is written', (id, value, values) => {
    for (const written of values) expect(read(id, written)).toEqual(value);
  });
});

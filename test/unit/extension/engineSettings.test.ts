import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExtensionContext } from 'vscode';
import {
  concernsEngines,
  importedModelsFolder,
  readEngineSettings,
  warnOfUnusablePaths,
} from '../../../extension/engine/engineSettings';
import { collectLog } from './collectLog';
import type { FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const { editor } = (await import('vscode')) as unknown as FakeVscode;

const root = path.resolve('/');
const at = (...parts: string[]): string => path.join(root, ...parts);
const context = {
  globalStorageUri: { fsPath: at('storage') },
  asAbsolutePath: (relative: string) => at('extension', relative),
} as unknown as ExtensionContext;
const shipped = at('extension', 'models', 'pretrained');

function read(configuration: Record<string, unknown> = {}) {
  for (const [id, value] of Object.entries(configuration)) editor.configuration.set(`polyhead.${id}`, value);
  const { log, lines } = collectLog();
  return { settings: readEngineSettings(context, log), lines, imported: importedModelsFolder(context, log) };
}

describe('the settings of engines', () => {
  beforeEach(() => editor.configuration.clear());

  it('are usable when nothing is set', () => {
    const { settings, lines } = read();
    expect(settings).toEqual({
      modelFolders: [at('storage', 'used'), at('storage', 'models'), shipped],
      threads: 1,
      devices: { translation: 'auto', file: at('storage', 'devices.json'), tryOut: true },
      idleMs: 600_000,
    });
    expect(lines).toEqual([]);
  });

  it('put the models of runs that are used first, then imported ones, then the person’s folders, then what comes with Polyhead', () => {
    const folders = [at('one'), at('two')];
    const { settings, imported } = read({ dataFolder: at('data'), modelFolders: folders, threads: 4 });
    expect(settings.modelFolders).toEqual([at('data', 'used'), at('data', 'models'), ...folders, shipped]);
    expect(settings.threads).toBe(4);
    expect(imported).toBe(at('data', 'models'));
  });

  it.each([0, 0.5, 1440])('keep an idle engine for %d minutes', (engineIdleMinutes) => {
    expect(read({ engineIdleMinutes }).settings.idleMs).toBe(engineIdleMinutes * 60_000);
  });

  it.each(['models', './models', '../models', '~/models', 'file:///models'])(
    'leave out %s, which is not absolute, and say so without quoting it',
    (folder) => {
      const { settings, lines } = read({ dataFolder: folder, modelFolders: [folder, at('one')] });
      expect(settings.modelFolders).toEqual([
        at('storage', 'used'),
        at('storage', 'models'),
        at('one'),
        shipped,
      ]);
      expect(lines.join('\n')).toMatch(/^warn polyhead\.dataFolder is not an absolute path/m);
      expect(lines.join('\n')).toMatch(/^warn polyhead\.modelFolders names .* left out\.$/m);
      expect(lines.join('\n')).not.toContain(folder);
    },
  );

  it('are complained of by name where a path is not absolute', () => {
    warnOfUnusablePaths();
    expect(editor.said).toEqual([]);
    read({ dataFolder: './data', modelFolders: [at('one'), 'two'] });
    warnOfUnusablePaths();
    expect(editor.said).toEqual([
      '“./data” in polyhead.dataFolder is no absolute path and is not used. Write the whole path.',
      '“two” in polyhead.modelFolders is no absolute path and is not used. Write the whole path.',
    ]);
  });

  it('concern engines, and other settings do not', () => {
    const change = (changed: string) => ({ affectsConfiguration: (id: string) => id === changed });
    for (const id of ['dataFolder', 'modelFolders', 'threads', 'engineIdleMinutes'])
      expect(concernsEngines(change(`polyhead.${id}`))).toBe(true);
    expect(concernsEngines(change('polyhead.targetLanguage'))).toBe(false);
  });
});

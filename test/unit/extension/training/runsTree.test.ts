/** The tree of runs and models: what it says a model comes from, and when it has anything to show. */
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { RunsTree, type RunsTreeOptions } from '../../../../extension/training/runsTree';
import { collectLog } from '../collectLog';

vi.mock('vscode', async () => {
  class ThemeIcon {
    constructor(readonly id: string) {}
  }
  class TreeItem {
    constructor(readonly label: string) {}
  }
  class MarkdownString {
    appendText = () => this;
  }
  return {
    ...(await import('../fakeVscode')).fakeVscode(),
    TreeItem,
    MarkdownString,
    ThemeIcon,
    TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  };
});

const nothing = { dispose: () => undefined };
const at = (...names: string[]): string => path.join('/home/ada', ...names);

/** A tree without runs, with a model in each of these folders. */
function treeOf(...folders: string[]): RunsTree {
  return new RunsTree({
    view: { visible: false, selection: [], onDidChangeVisibility: () => nothing },
    trainings: {
      runs: [],
      stored: [],
      used: [],
      refresh: () => Promise.resolve(),
      onDidChange: () => nothing,
    },
    models: () =>
      Promise.resolve(
        folders.map((folder) => ({ folder, name: path.basename(folder), from: 'en', to: 'de' })),
      ),
    usedFolder: () => at('used'),
    importedFolder: () => at('models'),
    shippedFolder: () => at('polyhead', 'pretrained'),
    log: collectLog().log,
  } as unknown as RunsTreeOptions);
}

describe('a model in the tree', () => {
  it.each([
    [at('used', 'one'), 'used', 'of a run, used for translation'],
    [at('models', 'one'), 'imported', 'imported'],
    [at('polyhead', 'pretrained', 'one'), 'shipped', 'comes with Polyhead'],
    // Its menu is that of an imported one.
    [at('elsewhere', 'one'), 'imported', 'from a folder of your settings'],
  ])('says where it comes from: %s', async (folder, context, words) => {
    const tree = treeOf(folder);
    const [model] = await tree.getChildren({ kind: 'models' });
    const { contextValue, description } = await tree.getTreeItem(model!);
    expect(contextValue).toBe(context);
    expect(description).toContain(` · ${words} · `);
  });

  it('is reason enough to show the tree, but where it comes with Polyhead', async () => {
    expect(await treeOf(at('polyhead', 'pretrained', 'one')).getChildren()).toEqual([]);
    for (const folder of [at('used', 'one'), at('models', 'one'), at('elsewhere', 'one')])
      expect(await treeOf(folder).getChildren(), folder).toEqual([{ kind: 'models' }]);
  });
});

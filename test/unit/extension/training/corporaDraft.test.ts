/** The corpora of the next run, and what is not taken for one. */
import { describe, expect, it, vi } from 'vitest';
import { CorporaDraft, type CorporaDraftOptions } from '../../../../extension/training/corporaDraft';
import type { FakeVscode } from '../fakeVscode';

vi.mock('vscode', async () => (await import('../fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

/** An engine that finds these files, as corpora of one file or two. */
function draftWith(...corpora: string[][]) {
  const worked: string[] = [];
  const kept = new Map<string, unknown>();
  const draft = new CorporaDraft({
    engines: {
      work: (method: string) => {
        worked.push(method);
        return Promise.resolve({ corpora: corpora.map((files) => ({ files, bytes: 5 })) });
      },
    } as unknown as CorporaDraftOptions['engines'],
    memento: {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    } as unknown as CorporaDraftOptions['memento'],
    corporaFolder: () => '/data, of mine',
  });
  return { draft, worked };
}

describe('the corpora of the next run', () => {
  it('are those that were added, each once', async () => {
    const { draft } = draftWith(['/a.en', '/a.de'], ['/b.tsv']);
    await draft.addPaths(['/'], null);
    await draft.addPaths(['/'], null);
    expect(draft.corpora).toEqual(['/a.en,/a.de', '/b.tsv']);
  });

  it.each([[['/pairs, old.tsv']], [['/a.en', '/texts,2/a.de']]])(
    'have no commas in their names: %s',
    async (files) => {
      const { draft } = draftWith(['/b.tsv'], files);
      await expect(draft.addPaths(['/'], null)).rejects.toMatchObject({
        code: 'user',
        message: `${files.at(-1)!} has a comma in its name: rename the file, or its folder.`,
      });
      expect(draft.corpora).toEqual([]);
    },
  );

  it('are not collected into a folder whose name has a comma', async () => {
    const { draft, worked } = draftWith();
    const folder = { uri: { scheme: 'file', fsPath: '/project' } };
    Object.assign(vscode.workspace, { isTrusted: true, name: 'project', workspaceFolders: [folder] });
    await expect(draft.collectCatalogues({ from: 'en', to: 'de' })).rejects.toThrow(
      /has a comma in its name/,
    );
    expect(worked).toEqual([]);
  });
});

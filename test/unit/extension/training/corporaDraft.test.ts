/** The corpora of the next run, and what is not taken for one. */
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { CorporaDraft, type CorporaDraftOptions } from '../../../../extension/training/corporaDraft';
import { temporaryFolder } from '../../temporaryFolder';
import type { FakeVscode } from '../fakeVscode';

vi.mock('vscode', async () => (await import('../fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

const temporary = temporaryFolder('corpora-draft');

/** An engine that finds these files, as corpora of one file or two, and a pair in every catalogue. */
function draftWith(...corpora: string[][]) {
  const worked: string[] = [];
  const data = { folder: '/data, of mine' };
  const kept = new Map<string, unknown>();
  const draft = new CorporaDraft({
    engines: {
      work: (method: string) => {
        worked.push(method);
        return Promise.resolve({
          corpora: corpora.map((files) => ({ files, bytes: 5 })),
          ...{ pairs: 1, files: [{ pairs: 1 }] },
        });
      },
    } as unknown as CorporaDraftOptions['engines'],
    memento: {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    } as unknown as CorporaDraftOptions['memento'],
    corporaFolder: () => data.folder,
  });
  return { draft, worked, data };
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

  it('are collected into a file for each project, whatever else is called like it', async () => {
    const { draft, data } = draftWith();
    data.folder = temporary();
    const collected = async (...projects: string[]): Promise<string> => {
      const workspaceFolders = projects.map((project) => ({
        uri: { scheme: 'file', fsPath: project, toString: () => `file://${project}` },
      }));
      Object.assign(vscode.workspace, { isTrusted: true, name: 'my project', workspaceFolders });
      await draft.collectCatalogues({ from: 'en', to: 'de' });
      return draft.corpora.at(-1)!;
    };
    const one = await collected('/projects/one', '/projects/docs');
    const other = await collected('/home/other', '/projects/docs');
    expect(other).not.toBe(one);
    expect(draft.corpora).toEqual([one, other]);
    expect(await collected('/projects/docs', '/projects/one')).toBe(one);
    for (const file of [one, other])
      expect(path.basename(file)).toMatch(/^my-project-[0-9a-f]{8}\.en-de\.tsv$/);
  });
});

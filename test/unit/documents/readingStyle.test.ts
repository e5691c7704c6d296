/** “Show Translations Beside or in Place of Comments”: where the choice is written. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { DocumentServices } from '../../../extension/documents/wholeDocument';
import { TranslatedComments } from '../../../extension/reading/translatedComments';
import { FakeDocument, type FakeVscode } from '../extension/fakeVscode';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());
const fake = (await import('vscode')) as unknown as FakeVscode;
const { window, workspace, ConfigurationTarget } = fake;

type Values = Partial<Record<'globalValue' | 'workspaceValue' | 'workspaceFolderValue', string | undefined>>;
let values: Values;
const document = new FakeDocument(fake, '// Text\n', 'typescript');
const { Global, Workspace } = ConfigurationTarget;

Object.assign(window, {
  activeTextEditor: { document },
  onDidChangeTextEditorSelection: () => ({ dispose: () => undefined }),
});
/** The folder's settings are those of its documents alone. */
Object.assign(workspace, {
  getConfiguration: (_: unknown, scope?: unknown) => {
    const own: Values = scope === document ? values : { ...values, workspaceFolderValue: undefined };
    return {
      get: () => own.workspaceFolderValue ?? own.workspaceValue ?? own.globalValue ?? 'beside',
      inspect: () => own,
      update(_id: string, value: string, target: number) {
        const into = { [Global]: 'globalValue', [Workspace]: 'workspaceValue' }[target];
        values = { ...values, [into ?? 'workspaceFolderValue']: value };
        return Promise.resolve();
      },
    };
  },
});

beforeEach(() => {
  values = {};
});

it.each<[string, Values, Values]>([
  ['for all workspaces', {}, { globalValue: 'inPlace' }],
  ['in a workspace that sets it', { workspaceValue: 'inPlace' }, { workspaceValue: 'beside' }],
  [
    'in the document’s folder where that sets it',
    { globalValue: 'beside', workspaceFolderValue: 'inPlace' },
    { globalValue: 'beside', workspaceFolderValue: 'beside' },
  ],
])('%s', async (_, before, after) => {
  values = before;
  const comments = new TranslatedComments({} as DocumentServices);
  await comments.toggleStyle();
  expect(values).toEqual(after);
  comments.dispose();
});

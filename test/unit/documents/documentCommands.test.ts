/** The commands for whole documents, as far as they only hand on to VS Code's own. */
import { describe, expect, it, vi } from 'vitest';
import { registerDocumentCommands } from '../../../extension/documents/documentCommands';
import { FakeEngine } from './fakeServices';
import type { FakeAddress, FakeWorkbench } from './fakeWorkbench';

vi.mock('vscode', async () => (await import('./fakeWorkbench')).fakeWorkbench());
const { editor, window, workbench } = (await import('vscode')) as unknown as FakeWorkbench;

describe('Open Translated Markdown Preview', () => {
  it('opens a locked one: another would go over to the source when that is clicked into', async () => {
    const registered = registerDocumentCommands(new FakeEngine().services);
    const shown: string[] = [];
    editor.commands.set('markdown.showLockedPreviewToSide', (uri) => shown.push((uri as FakeAddress).path));
    window.activeTextEditor = { document: workbench.open('file:/guide.md', 'one') };
    await editor.commands.get('polyhead.openTranslatedPreview')!();
    expect(shown).toEqual(['/guide (German).md']);
    registered.dispose();
  });
});

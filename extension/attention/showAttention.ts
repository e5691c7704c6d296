/**
 * The command “Polyhead: Show Attention”: of what it is given, as a hover's link or a message gives it; else of what is
 * selected, or of the comment or line that the cursor is in; else of what the panel showed last.
 */
import { commands, window } from 'vscode';
import * as v from 'valibot';
import { mostCharacters, shown as shownSchema, type Shown } from '../../webview/attention/messages';
import { registerCommand } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { ProseFinder } from '../prose/proseFinder';
import { findPassages } from '../translate/passages';
import { AttentionPanels, type AttentionServices } from './attentionPanel';

export interface Attention extends Disposable {
  readonly panels: AttentionPanels;
}

export function openAttention(services: AttentionServices & { readonly finder: ProseFinder }): Attention {
  const store = new DisposableStore();
  const panels = store.add(new AttentionPanels(services));
  store.add(
    registerCommand(commands, 'polyhead.showAttention', async (given) => {
      // A menu gives the document's address instead.
      const parsed = v.safeParse(shownSchema, given);
      panels.show(parsed.success ? parsed.output : await ofActiveEditor(services.finder));
    }),
  );
  return { panels, dispose: () => store.dispose() };
}

/** What the person looks at in the editor, if there is anything with letters. */
async function ofActiveEditor(finder: ProseFinder): Promise<Shown | undefined> {
  const editor = window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { document, selections } = editor;
  const { passages } = await findPassages(document, selections, finder);
  const text = passages.map((passage) => passage.text).join('\n');
  return text === '' ? undefined : { text: text.slice(0, mostCharacters) };
}

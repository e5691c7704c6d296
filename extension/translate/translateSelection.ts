/**
 * The command “Polyhead: Translate Selection”: replaces what is selected by its translation.
 */
import { commands, l10n, window, workspace, type Disposable } from 'vscode';
import type { Translation } from '../../models/engine/protocol';
import { readConfig, registerCommand } from '../contributions';
import type { EngineClient } from '../engine/engineClient';
import type { EngineLog } from '../engine/engineLog';
import { inform, tellFailure, warn } from '../notices';
import { withPatientProgress } from '../progress';
import { Passages, type Replacement } from './passages';

export function registerTranslateSelection(engine: EngineClient, log: EngineLog): Disposable {
  return registerCommand(commands, 'polyhead.translateSelection', () => translateSelection(engine, log));
}

async function translateSelection(engine: EngineClient, log: EngineLog): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    inform(l10n.t('Open a file in an editor and select the text to translate.'));
    return;
  }
  const selections = editor.selections.filter((selection) => !selection.isEmpty);
  if (selections.length === 0) {
    inform(l10n.t('Select the text to translate first.'));
    return;
  }
  if (workspace.fs.isWritableFileSystem(editor.document.uri.scheme) === false) {
    sayWhyNot('readOnly');
    return;
  }
  const passages = new Passages(editor.document, selections);
  try {
    await translatePassages(engine, passages, selections.length);
  } catch (error) {
    tellFailure(error, log);
  } finally {
    passages.dispose();
  }
}

async function translatePassages(engine: EngineClient, passages: Passages, selected: number): Promise<void> {
  const { texts, document } = passages;
  if (texts.length === 0) {
    inform(l10n.t('The selection holds no letters, so there is nothing to translate.'));
    return;
  }
  const from = readConfig(workspace, 'polyhead.sourceLanguage', document);
  const to = readConfig(workspace, 'polyhead.targetLanguage', document);
  const title = l10n.t('Translating {0} → {1}', from, to);
  const { translations } = await withPatientProgress(title, (signal, count) =>
    engine.request(
      'translate',
      { from, to, texts },
      { signal, onProgress: ({ done, total }) => count(done, total) },
    ),
  );
  const outcome = await passages.replace(translations.map(({ text }) => text));
  if (outcome === 'replaced') sayWhatToLookOver(translations, selected);
  else sayWhyNot(outcome);
}

function sayWhyNot(outcome: Exclude<Replacement, 'replaced'>): void {
  switch (outcome) {
    case 'changed':
      warn(
        l10n.t(
          'The selected text changed while it was being translated, so it was left as it is. Select it again and translate once more.',
        ),
      );
      break;
    case 'closed':
      warn(l10n.t('The file was closed while it was being translated; nothing in it was changed.'));
      break;
    case 'readOnly':
      warn(
        l10n.t(
          'This editor is read-only, so its text cannot be replaced. Copy the text into a new file and translate it there.',
        ),
      );
      break;
    case 'same':
      inform(l10n.t('The translation is the same as the selected text; nothing was changed.'));
      break;
  }
}

function sayWhatToLookOver(translations: readonly Translation[], selected: number): void {
  const cut = translations.filter(({ truncated }) => truncated).length;
  if (cut > 0) {
    warn(
      l10n.t(
        '{0} of {1} translations grew too long and were cut. Look them over, or translate a shorter selection.',
        cut,
        translations.length,
      ),
    );
  }
  const left = selected - translations.length;
  if (left > 0)
    inform(l10n.t('{0} of {1} selections hold no letters and were left as they are.', left, selected));
}

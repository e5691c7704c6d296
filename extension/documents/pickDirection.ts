/** Into which language a document is to be translated: the person's, or the project's. */
import { l10n, window, type TextDocument } from 'vscode';
import { isSameLanguage, languageName } from '../languages/languagePair';
import type { Direction } from '../languages/languages';
import type { DocumentServices } from './wholeDocument';

/** Asked only where two languages come into question. Undefined where the person does not choose. */
export async function pickDirection(
  document: TextDocument,
  { languages }: DocumentServices,
): Promise<Exclude<Direction, 'either'> | undefined> {
  const mine = languages.request('reading', document).to;
  const project = languages.request('writing', document).to;
  if (isSameLanguage(mine, project)) return 'reading';
  const chosen = await window.showQuickPick(
    [
      { label: languageName(mine), description: l10n.t('your language'), direction: 'reading' as const },
      {
        label: languageName(project),
        description: l10n.t('the project’s language'),
        direction: 'writing' as const,
      },
    ],
    { title: l10n.t('Translate into') },
  );
  return chosen?.direction;
}

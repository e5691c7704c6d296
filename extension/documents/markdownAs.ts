/**
 * “Polyhead: Translate Markdown File As…”: the whole file in translation, written to `name.de.md` beside it.
 */
import { l10n, window, workspace, type TextDocument, type Uri } from 'vscode';
import { languageName } from '../languages/languagePair';
import { inform, mention, tellFailure, warn } from '../notices';
import type { ProseKind } from '../prose/passage';
import { reportOn } from '../translate/report';
import { pickDirection } from './pickDirection';
import { translatedText } from './translatedText';
import { translateWhole, type DocumentServices } from './wholeDocument';

const kinds: ReadonlySet<ProseKind> = new Set(['markup', 'text']);

export async function translateMarkdownAs(services: DocumentServices): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined || !/^(?:markdown|mdx)$/.test(document.languageId)) {
    inform(l10n.t('Open the Markdown file that is to be translated.'));
    return;
  }
  try {
    await translateAs(document, services);
  } catch (error) {
    tellFailure(error, services.log);
  }
}

async function translateAs(document: TextDocument, services: DocumentServices): Promise<void> {
  const direction = await pickDirection(document, services);
  if (direction === undefined) return;
  const { to } = services.languages.request(direction, document);
  const target = await askForFile(document, to);
  if (target === undefined) return;
  const title = l10n.t('Translating into {0}', languageName(to));
  // The document may change meanwhile; the file is a translation of what is there now.
  const { source, translations, replacements, unfit } = await translateWhole(
    document,
    kinds,
    direction,
    services,
    title,
  );
  const report = reportOn(translations, [], unfit);
  if (replacements.length === 0) {
    inform(report?.sentence ?? l10n.t('There are no words in this file to translate.'));
    return;
  }
  const { text } = translatedText(source, replacements);
  await workspace.fs.writeFile(target, new TextEncoder().encode(text));
  await window.showTextDocument(target, { preview: false });
  tell(target, report);
}

function tell(target: Uri, report: ReturnType<typeof reportOn>): void {
  const name = target.path.split('/').at(-1)!;
  if (report === undefined) mention(l10n.t('$(check) {0} written', name));
  else (report.serious ? warn : inform)(`${l10n.t('{0} was written.', name)} ${report.sentence}`);
}

/** The editor asks before it replaces a file that is there. */
function askForFile(document: TextDocument, language: string): Thenable<Uri | undefined> {
  return window.showSaveDialog({
    title: l10n.t('Save the translation into {0} as', languageName(language)),
    filters: { Markdown: ['md', 'mdx', 'markdown'] },
    ...(!document.isUntitled && {
      defaultUri: document.uri.with({ path: nameInLanguage(document.uri.path, language) }),
    }),
  });
}

/** `/docs/guide.md` → `/docs/guide.de.md`; of `/docs/guide.en.md` too. */
export function nameInLanguage(path: string, language: string): string {
  const [, base, ending] = /^(.*?[^/])(\.[^./]+)$/s.exec(path) ?? ['', path, '.md'];
  return `${base.replace(/(?<=[^/])\.[a-z]{2}(-[A-Za-z]{2,4})?$/, '')}.${language}${ending}`;
}

/**
 * “Polyhead: Translate Comments in File” and “Translate Strings in File”: all of them in a file, shown beside the file
 * before any of it changes.
 */
import { l10n, window, workspace, type TextDocument } from 'vscode';
import { languageName } from '../languages/languagePair';
import type { Direction } from '../languages/languages';
import { inform, tellFailure, warn } from '../notices';
import type { ProseKind } from '../prose/passage';
import { reportOn, whyUnchanged } from '../translate/report';
import { pickDirection } from './pickDirection';
import type { Proposals } from './proposals';
import { translateWhole, type DocumentServices } from './wholeDocument';

interface Texts {
  readonly kinds: ReadonlySet<ProseKind>;
  /** What the person is told: to open a file, what is going on, that there are none, and the name of the comparison. */
  readonly open: () => string;
  readonly title: (language: string) => string;
  readonly none: () => string;
  readonly comparison: (file: string, language: string) => string;
}

export const commentsOfFile: Texts = {
  // In a document that is prose itself there are no comments to speak of: its paragraphs are meant.
  kinds: new Set(['comment', 'markup', 'text']),
  open: () => l10n.t('Open the file whose comments are to be translated.'),
  title: (language) => l10n.t('Translating the comments into {0}', language),
  none: () => l10n.t('There are no comments with words in this file.'),
  comparison: (file, language) => l10n.t('{0} ↔ comments in {1}', file, language),
};

export const stringsOfFile: Texts = {
  kinds: new Set(['string']),
  open: () => l10n.t('Open the file whose strings are to be translated.'),
  title: (language) => l10n.t('Translating the strings into {0}', language),
  none: () => l10n.t('There are no strings with sentences in this file.'),
  comparison: (file, language) => l10n.t('{0} ↔ strings in {1}', file, language),
};

export async function translateTextsInFile(
  texts: Texts,
  proposals: Proposals,
  services: DocumentServices,
): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined) {
    inform(texts.open());
    return;
  }
  if (workspace.fs.isWritableFileSystem(document.uri.scheme) === false) {
    warn(whyUnchanged('readOnly'));
    return;
  }
  try {
    const direction = await pickDirection(document, services);
    if (direction !== undefined) await propose(document, direction, texts, proposals, services);
  } catch (error) {
    tellFailure(error, services.log);
  }
}

async function propose(
  document: TextDocument,
  direction: Direction,
  texts: Texts,
  proposals: Proposals,
  services: DocumentServices,
): Promise<void> {
  const { to } = services.languages.request(direction, document);
  const title = texts.title(languageName(to));
  const whole = await translateWhole(document, texts.kinds, direction, services, title);
  if (whole.passages.length === 0) {
    inform(texts.none());
    return;
  }
  if (document.isClosed || document.version !== whole.version) {
    warn(whyUnchanged(document.isClosed ? 'closed' : 'changed'));
    return;
  }
  const report = reportOn(whole.translations, [], whole.unfit);
  if (report !== undefined) (report.serious ? warn : inform)(report.sentence);
  const changes = whole.replacements.some(
    ({ span, text }) => whole.source.slice(span.start, span.end) !== text,
  );
  if (changes) await proposals.show(document, whole, languageName(to), texts.comparison);
  else if (report === undefined) inform(whyUnchanged('same'));
}

/**
 * “Polyhead: Translate Comments in File”: every comment of a file, shown beside the file before any of it
 * changes.
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

/** In a document that is prose itself there are no comments to speak of: its paragraphs are meant. */
const kinds: ReadonlySet<ProseKind> = new Set(['comment', 'markup', 'text']);

export async function translateCommentsInFile(
  proposals: Proposals,
  services: DocumentServices,
): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined) {
    inform(l10n.t('Open the file whose comments are to be translated.'));
    return;
  }
  if (workspace.fs.isWritableFileSystem(document.uri.scheme) === false) {
    warn(whyUnchanged('readOnly'));
    return;
  }
  try {
    const direction = await pickDirection(document, services);
    if (direction !== undefined) await translateComments(document, direction, proposals, services);
  } catch (error) {
    tellFailure(error, services.log);
  }
}

async function translateComments(
  document: TextDocument,
  direction: Direction,
  proposals: Proposals,
  services: DocumentServices,
): Promise<void> {
  const { to } = services.languages.request(direction, document);
  const title = l10n.t('Translating the comments into {0}', languageName(to));
  const whole = await translateWhole(document, kinds, direction, services, title);
  if (whole.passages.length === 0) {
    inform(l10n.t('There are no comments with words in this file.'));
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
  if (changes) await proposals.show(document, whole, languageName(to));
  else if (report === undefined) inform(whyUnchanged('same'));
}

/**
 * Saves what a page made where the person says, whole or not at all.
 */
import { homedir } from 'node:os';
import { l10n, Uri, window, workspace } from 'vscode';
import { writeWhole } from './wholeFile';

/** How each format is called where a file is saved. */
const formatNames = {
  svg: () => l10n.t('SVG picture'),
  png: () => l10n.t('PNG picture'),
  json: () => l10n.t('JSON'),
  csv: () => l10n.t('CSV table'),
} as const;

export interface FileToSave {
  /** Without its ending; it is cleared of what a path must not have. */
  readonly name: string;
  readonly format: keyof typeof formatNames;
  readonly content: string | Uint8Array;
  /** Of the dialog. */
  readonly title: string;
}

/**
 * Asks where, and writes.
 *
 * @returns where it is now; undefined if the person thought better of it
 */
export async function saveFile({ name, format, content, title }: FileToSave): Promise<Uri | undefined> {
  const file = `${name.replace(/[^\p{L}\p{N} _-]+/gu, '-')}.${format}`;
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
  const chosen = await window.showSaveDialog({
    title,
    defaultUri: Uri.joinPath(folder, file),
    filters: { [formatNames[format]()]: [format] },
  });
  if (chosen === undefined) return undefined;
  if (chosen.scheme === 'file') await writeWhole(chosen.fsPath, content);
  else await workspace.fs.writeFile(chosen, typeof content === 'string' ? Buffer.from(content) : content);
  return chosen;
}

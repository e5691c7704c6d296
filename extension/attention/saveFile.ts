/**
 * Saves what a page made where the person says, whole or not at all.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';

/** How each format is called where a file is saved. */
const formatNames = {
  svg: () => l10n.t('SVG picture'),
  png: () => l10n.t('PNG picture'),
  json: () => l10n.t('JSON'),
} as const;

/**
 * Asks where, and writes.
 *
 * @param name of the file, without its ending; cleared of what a path must not have
 * @returns false if the person thought better of it
 */
export async function saveFile(
  name: string,
  format: keyof typeof formatNames,
  content: string | Uint8Array,
): Promise<boolean> {
  const file = `${name.replace(/[^\p{L}\p{N} _-]+/gu, '-')}.${format}`;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const chosen = await window.showSaveDialog({
    ...(folder !== undefined && { defaultUri: Uri.joinPath(folder, file) }),
    filters: { [formatNames[format]()]: [format] },
  });
  if (chosen === undefined) return false;
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  if (chosen.scheme === 'file') await writeWhole(chosen.fsPath, bytes);
  else await workspace.fs.writeFile(chosen, bytes);
  return true;
}

/** Beside its place first: what stood there stays until all is on the disk. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

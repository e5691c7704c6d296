/** The files of a project that may be catalogues, by their names alone. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

export type CatalogueKind = 'gettext' | 'json' | 'xliff';

export interface FoundCatalogue {
  readonly file: string;
  readonly kind: CatalogueKind;
}

const kinds: Readonly<Record<string, CatalogueKind>> = {
  '.po': 'gettext',
  '.json': 'json',
  '.xlf': 'xliff',
  '.xliff': 'xliff',
};

/** Other people's packages, and what belongs to a version control. Names with a dot in front are passed over too. */
const foreignFolders: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'site-packages',
]);
const deepest = 16;
/** Of any kind; whoever has more means another folder. */
const mostEntries = 500_000;

/** In the order of their paths. Links are not followed: they may lead anywhere, and in circles. */
export async function findCatalogues(
  folders: readonly string[],
  signal: AbortSignal | undefined,
): Promise<FoundCatalogue[]> {
  const found = new Map<string, FoundCatalogue>();
  let entries = 0;
  const look = async (folder: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    // A folder that may not be read holds nothing for us.
    const children = await readdir(folder, { withFileTypes: true }).catch(() => []);
    entries += children.length;
    if (entries > mostEntries) return;
    for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const place = path.join(folder, child.name);
      if (child.isDirectory()) {
        const isOurs = !child.name.startsWith('.') && !foreignFolders.has(child.name);
        if (isOurs && depth < deepest) await look(place, depth + 1);
        continue;
      }
      const kind = kinds[path.extname(child.name).toLowerCase()];
      if (child.isFile() && kind !== undefined) found.set(place, { file: place, kind });
    }
  };
  for (const folder of folders) await look(folder, 0);
  return [...found.values()];
}

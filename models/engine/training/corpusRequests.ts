/** Requests about corpora before a training: which there are among files and folders, and in a project’s catalogues. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readCatalogues } from '../../data/catalogues/readCatalogues';
import { formatOf } from '../../data/readers/formats';
import { writeFileAtomically } from '../../storage/atomic';
import { isLanguageTag } from '../../storage/modelFolder';
import { languagesOf } from '../../training/newSettings';
import { show, UserError } from '../../userError';
import type { CatalogueCounts, EngineHandlers, ParametersOf, ReplyOf } from '../protocol';
import { absolute } from './settings';

/** The handler of `corpusFromCatalogues`. */
export async function corpusFromCatalogues(
  { folders, from, to, output }: ParametersOf<'corpusFromCatalogues'>,
  { signal, report }: Parameters<EngineHandlers['corpusFromCatalogues']>[1],
): Promise<ReplyOf<'corpusFromCatalogues'>> {
  const file = absolute(output, 'The corpus');
  if (!file.endsWith('.tsv')) throw new UserError(`${file} must end in .tsv.`);
  for (const language of [from, to]) {
    if (typeof language !== 'string' || !isLanguageTag(language))
      throw new UserError(`${show(language)} is no language tag, such as en or pt-BR.`);
  }
  const places = folders.map((folder) => absolute(folder, 'A project’s folder'));
  const files: CatalogueCounts[] = [];
  const blocks = readCatalogues(
    places,
    { from, to },
    {
      signal,
      onProgress: (done, total) => report({ done, total }),
      // Of a file with other languages there is nothing to say.
      onReport: (one) => {
        if (one.pairs > 0 || one.fault !== undefined) files.push(one);
      },
    },
  );
  const first = await blocks.next();
  if (first.done === true) return { pairs: 0, files };
  let pairs = 0;
  async function* lines(): AsyncGenerator<string> {
    for (let block = first; block.done !== true; block = await blocks.next()) {
      pairs += block.value.length;
      yield block.value.map(({ source, target }) => `${source}\t${target}\n`).join('');
    }
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomically(file, lines());
  return { pairs, files };
}

/** More files than this in a folder are no corpora that somebody meant. */
const mostFiles = 10_000;
/** How deep folders are looked into. */
const deepest = 4;

/** The handler of `findCorpora`. */
export async function findCorpora({
  paths,
  from: wantedFrom,
  to: wantedTo,
}: ParametersOf<'findCorpora'>): Promise<ReplyOf<'findCorpora'>> {
  const found: string[] = [];
  /** Any text may be a .txt: one is a corpus where it is named by itself. */
  const named = new Set<string>();
  for (const one of paths) {
    const place = absolute(one, 'A corpus');
    const stats = await stat(place).catch(() => {
      throw new UserError(`${place} does not exist.`);
    });
    if (stats.isDirectory()) found.push(...(await filesIn(place)));
    else {
      found.push(place);
      named.add(place);
    }
  }
  const pairs = alignedPairs(found, wantedFrom, wantedTo);
  const aligned = new Set(pairs.flat());
  const single = found
    .filter((file) => !aligned.has(file) && isCorpus(file) && (named.has(file) || !isText(file)))
    .map((file) => [file]);
  const corpora = [];
  for (const files of [...single, ...pairs]) {
    let bytes = 0;
    for (const file of files) bytes += (await stat(file).catch(() => ({ size: 0 }))).size;
    const [from, to] = languagesOf(files.join(','));
    corpora.push({ files, bytes, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  }
  return { corpora };
}

/** Regular files of a folder, sorted; none of hidden folders and of packages. */
async function filesIn(folder: string, depth = 0): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name.includes(',')) continue;
    const place = path.join(folder, entry.name);
    if (entry.isFile()) files.push(place);
    else if (entry.isDirectory() && depth < deepest) files.push(...(await filesIn(place, depth + 1)));
    if (files.length > mostFiles)
      throw new UserError(`${folder} holds more than ${mostFiles} files: name the corpora one by one.`);
  }
  return files;
}

function isText(file: string): boolean {
  return /\.txt(\.gz)?$/i.test(file);
}

function isCorpus(file: string): boolean {
  try {
    formatOf(file);
    return true;
  } catch {
    return false;
  }
}

const languageEnding = /\.([a-z]{2})(\.gz)?$/;

/** Files of one name with the two languages for endings (`news.en`, `news.de`), or with any two where there are but two. */
function alignedPairs(files: readonly string[], from?: string, to?: string): string[][] {
  const groups = new Map<string, Map<string, string>>();
  for (const file of files) {
    const match = languageEnding.exec(file);
    if (!match || isCorpus(file)) continue;
    const stem = file.slice(0, match.index);
    groups.set(stem, (groups.get(stem) ?? new Map<string, string>()).set(match[1]!, file));
  }
  return [...groups.values()].flatMap((group) => {
    const wanted = [group.get(from ?? ''), group.get(to ?? '')].filter((file) => file !== undefined);
    if (wanted.length === 2) return [wanted];
    return group.size === 2 ? [[...group.values()]] : [];
  });
}

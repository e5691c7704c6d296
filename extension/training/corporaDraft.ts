/**
 * The corpora that the form's next run will learn from. The person picks them in a dialog, or takes the catalogues of a
 * workspace that is trusted; a page is told their names and never a path.
 */
import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { l10n, window, workspace, type Memento, type Uri } from 'vscode';
import * as v from 'valibot';
import type { ReplyOf } from '../../models/engine/protocol';
import type { Choices } from '../../webview/training/messages';
import { EngineError } from '../engine/engineError';
import type { Engines } from '../engine/engines';
import { inPercent, withPatientProgress } from '../progress';
import { bytesInWords, countInWords } from './wording';

/** Where the list is kept, for the next window too. */
const memory = 'polyhead.training.corpora';

const entry = v.object({
  files: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(2)),
  detail: v.string(),
  from: v.optional(v.string()),
  to: v.optional(v.string()),
});
type Entry = v.InferOutput<typeof entry>;

interface Languages {
  readonly from: string;
  readonly to: string;
}

export interface CorporaDraftOptions {
  readonly engines: Engines;
  readonly memento: Memento;
  /** Where the corpora are kept that are made of catalogues; outside of every workspace. */
  readonly corporaFolder: () => string;
}

export class CorporaDraft {
  readonly #options: CorporaDraftOptions;
  #entries: readonly Entry[];

  constructor(options: CorporaDraftOptions) {
    this.#options = options;
    const kept = v.safeParse(v.array(entry), options.memento.get(memory));
    this.#entries = kept.success ? kept.output : [];
  }

  /** As a run's plan names them: `a.en,a.de` for two files. */
  get corpora(): string[] {
    return this.#entries.map(({ files }) => files.join(','));
  }

  get choices(): Pick<Choices, 'corpora' | 'languages' | 'cataloguesObstacle'> {
    const named = this.#entries.find(({ from, to }) => from !== undefined && to !== undefined);
    return {
      corpora: this.#entries.map(({ files, detail }) => ({
        name: files.map((file) => path.basename(file)).join(' + '),
        detail,
      })),
      languages: named === undefined ? null : { from: named.from!, to: named.to! },
      cataloguesObstacle: cataloguesObstacle() ?? null,
    };
  }

  /** Asks which files or folders. @throws EngineError */
  async pick(kind: 'files' | 'folder', languages: Languages | null): Promise<void> {
    const chosen = await window.showOpenDialog({
      title:
        kind === 'files'
          ? l10n.t('Sentence pairs: choose files (two at once for a.en and a.de)')
          : l10n.t('Sentence pairs: choose a folder with such files'),
      openLabel: l10n.t('Add'),
      canSelectMany: true,
      canSelectFiles: kind === 'files',
      canSelectFolders: kind === 'folder',
      ...(kind === 'files' && {
        filters: {
          [l10n.t('Sentence pairs')]: ['tsv', 'tmx', 'xlf', 'xliff', 'po', 'txt', 'gz'],
          [l10n.t('All files')]: ['*'],
        },
      }),
    });
    if (chosen === undefined || chosen.length === 0) return;
    await this.addPaths(
      chosen.map(({ fsPath }) => fsPath),
      languages,
    );
  }

  /** @throws EngineError where there is no corpus among them */
  async addPaths(paths: readonly string[], languages: Languages | null): Promise<void> {
    const { corpora } = await this.#options.engines.work('findCorpora', { paths: [...paths], ...languages });
    if (corpora.length === 0) {
      throw new EngineError(
        'user',
        l10n.t(
          'There are no sentence pairs in what you chose. Polyhead reads .tsv (source, tab, target), .tmx, .xliff, .po, and two text files of as many lines such as a.en and a.de; each may be compressed as .gz.',
        ),
      );
    }
    corpora.forEach(({ files }) => refuseCommas(files));
    await this.#add(corpora.map(entryOf));
  }

  /** Makes a corpus of what the workspace's folders have translated already. @throws EngineError */
  async collectCatalogues(languages: Languages | null): Promise<void> {
    const obstacle = cataloguesObstacle();
    if (obstacle !== undefined) throw new EngineError('user', obstacle);
    if (languages === null) {
      throw new EngineError(
        'user',
        l10n.t('Say first which languages to translate between: catalogues may hold many.'),
      );
    }
    const uris = (workspace.workspaceFolders ?? [])
      .map(({ uri }) => uri)
      .filter(({ scheme }) => scheme === 'file');
    const folders = uris.map(({ fsPath }) => fsPath);
    const { corporaFolder, engines } = this.#options;
    const { from, to } = languages;
    const output = path.join(corporaFolder(), `${projectName(uris)}.${from}-${to}.tsv`);
    refuseCommas([output]);
    await mkdir(corporaFolder(), { recursive: true });
    const { pairs, files } = await withPatientProgress(
      l10n.t('Collecting the workspace’s translations'),
      inPercent,
      (signal, count) =>
        engines.work(
          'corpusFromCatalogues',
          { folders, from, to, output },
          { signal, onProgress: ({ done, total }) => count(done, total) },
        ),
    );
    if (pairs === 0) {
      throw new EngineError(
        'user',
        l10n.t('The workspace’s catalogues hold no translations from {0} into {1}.', from, to),
      );
    }
    const used = files.filter((file) => file.pairs > 0).length;
    const detail = l10n.t('{0} pairs of {1} catalogues', countInWords(pairs), countInWords(used));
    await this.#add([{ files: [output], detail, from, to }]);
  }

  async remove(index: number): Promise<void> {
    this.#entries = this.#entries.filter((_, place) => place !== index);
    await this.#keep();
  }

  /** Takes those of a run in the place of all that are here, as far as they are still there. */
  async replace(corpora: readonly string[], { from, to }: Languages): Promise<void> {
    const entries = corpora.map(async (corpus): Promise<Entry | undefined> => {
      const files = corpus.split(',');
      try {
        const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
        return { files, detail: bytesInWords(sizes.reduce((sum, size) => sum + size, 0)), from, to };
      } catch {
        return undefined;
      }
    });
    this.#entries = (await Promise.all(entries)).filter((one) => one !== undefined);
    await this.#keep();
  }

  async #add(entries: readonly Entry[]): Promise<void> {
    const known = new Set(entries.map(({ files }) => files.join(',')));
    this.#entries = [...this.#entries.filter(({ files }) => !known.has(files.join(','))), ...entries];
    await this.#keep();
  }

  async #keep(): Promise<void> {
    await this.#options.memento.update(memory, this.#entries);
  }
}

/** In a run's plan a comma stands between two files. @throws EngineError */
function refuseCommas(files: readonly string[]): void {
  const file = files.find((one) => one.includes(','));
  if (file === undefined) return;
  throw new EngineError('user', l10n.t('{0} has a comma in its name: rename the file, or its folder.', file));
}

/** A file's name for the workspace with these folders, which no other one has, though it be called the same. */
function projectName(uris: readonly Uri[]): string {
  const name = (workspace.name ?? 'workspace').replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 60);
  const folders = uris.map(String).sort().join('\n');
  return `${name}-${createHash('sha256').update(folders).digest('hex').slice(0, 8)}`;
}

function entryOf({ files, bytes, from, to }: ReplyOf<'findCorpora'>['corpora'][number]): Entry {
  return {
    files,
    detail: bytesInWords(bytes),
    ...(from !== undefined && to !== undefined && { from, to }),
  };
}

/** Why the workspace's catalogues cannot be taken. */
function cataloguesObstacle(): string | undefined {
  if (!workspace.isTrusted)
    return l10n.t('This folder is not trusted, so nothing is read of it unless you choose it.');
  const folders = workspace.workspaceFolders ?? [];
  if (!folders.some(({ uri }) => uri.scheme === 'file'))
    return l10n.t('There is no folder open whose catalogues could be read.');
  return undefined;
}

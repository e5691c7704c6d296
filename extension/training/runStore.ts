/**
 * The runs on the disk: a folder each, in `runs` of the folder that Polyhead keeps its data in. The engine writes run.json,
 * metrics.jsonl, best.json and checkpoints there (docs/metrics.md); the record beside them is ours.
 */
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Validation } from '../../webview/training/messages';
import { readJsonIfSound, readJsonPatiently } from './jsonFile';
import { readRecord, writeRecord, type RunPlan, type RunRecord } from './runRecord';

/** A model in a run's folder. */
export interface Checkpoint {
  /** The folder's name in the run's. */
  readonly name: string;
  readonly step: number;
  readonly bytes: number;
  /** It validated best so far. */
  readonly best: boolean;
  /** It stays for that alone, and is none of the last ones, which averages are made of. */
  readonly apart: boolean;
  /** The mean of several, which no training goes on from. */
  readonly average: boolean;
}

export interface StoredRun {
  /** The folder's name. */
  readonly id: string;
  readonly folder: string;
  readonly record: RunRecord;
  readonly from: string;
  readonly to: string;
  /** Newest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** How the best validation went; undefined before there is one. */
  readonly best: Validation | undefined;
  /** Of everything in the folder. */
  readonly bytes: number;
}

/** How long a size is believed: all files of a folder are looked at for it. */
const sizeMs = 5000;

export class RunStore {
  readonly #folder: () => string;
  readonly #sizes = new Map<string, { readonly at: number; readonly bytes: number }>();

  /** @param folder where the runs' folders are; asked anew each time, for the setting may change */
  constructor(folder: () => string) {
    this.#folder = folder;
  }

  /** Absolute path of the folder with the runs' folders; it may not be there yet. */
  get folder(): string {
    return this.#folder();
  }

  /** @throws Error where the id is not the name of a folder right there */
  folderOf(id: string): string {
    if (id !== path.basename(id) || id.startsWith('.') || id === '')
      throw new Error(`“${id}” is no run's name.`);
    return path.join(this.folder, id);
  }

  /** All runs, the newest first. */
  async list(): Promise<StoredRun[]> {
    const names = await subfolders(this.folder);
    const runs = await Promise.all(names.map((name) => this.read(name)));
    return runs
      .filter((run) => run !== undefined)
      .sort((a, b) => b.record.created - a.record.created || a.id.localeCompare(b.id));
  }

  /** Undefined where the folder is no run's. */
  async read(id: string): Promise<StoredRun | undefined> {
    const folder = this.folderOf(id);
    const [settings, best, bytes] = await Promise.all([
      readJsonIfSound(path.join(folder, 'run.json')),
      readJsonIfSound(path.join(folder, 'best.json')),
      this.#bytesOf(folder),
    ]);
    const record = await recordToShow(folder, settings !== undefined);
    if (record === undefined) return undefined;
    return {
      id,
      folder,
      record,
      from: textOf(settings?.['from']) ?? record.plan?.form.from ?? '?',
      to: textOf(settings?.['to']) ?? record.plan?.form.to ?? '?',
      checkpoints: await this.#readCheckpoints(folder, best),
      best: best && validationOf(best),
      bytes,
    };
  }

  /** Makes a folder for a new run, which waits for its turn. @returns its id, made of languages and time */
  async create(name: string, plan: RunPlan, now = new Date()): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const { from, to } = plan.form;
    const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
    for (let attempt = 1; ; attempt++) {
      const id = `${from}-${to}-${stamp}${attempt === 1 ? '' : `-${attempt}`}`;
      try {
        await mkdir(path.join(this.folder, id));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw error;
      }
      const created = now.getTime();
      await writeRecord(this.folderOf(id), {
        format: 1,
        name,
        created,
        state: 'waiting',
        queued: created,
        plan,
      });
      return id;
    }
  }

  /**
   * Changes a run's record as it stands on the disk; nothing where the run has gone.
   *
   * @param folder where the run is, for who knows it since a time when the setting may have been another one
   * @throws Error where the record cannot be read, or written
   */
  async update(
    id: string,
    change: (record: RunRecord) => RunRecord,
    folder = this.folderOf(id),
  ): Promise<void> {
    const record = (await readRecord(folder, readJsonPatiently)) ?? (await recordOfForeign(folder));
    if (record !== undefined) await writeRecord(folder, change(record));
  }

  /** Has sizes looked at anew. */
  forgetSizes(): void {
    this.#sizes.clear();
  }

  /** @param bestFile what best.json says, where it is there */
  async #readCheckpoints(
    folder: string,
    bestFile: Readonly<Record<string, unknown>> | undefined,
  ): Promise<Checkpoint[]> {
    const best = bestFile?.['checkpoint'];
    const names = (await subfolders(folder)).filter((name) => isModel.test(name));
    const checkpoints = names.map(async (name) => ({
      name,
      step: Number(/\d{8,}$/.exec(name)?.[0]),
      bytes: await this.#bytesOf(path.join(folder, name)),
      best: name === best,
      apart: name === best && bestFile?.['apart'] === true,
      average: name.startsWith('average'),
    }));
    return (await Promise.all(checkpoints)).sort((a, b) => b.step - a.step || a.name.localeCompare(b.name));
  }

  async #bytesOf(folder: string): Promise<number> {
    const known = this.#sizes.get(folder);
    if (known !== undefined && Date.now() - known.at < sizeMs) return known.bytes;
    const bytes = await bytesOf(folder);
    this.#sizes.set(folder, { at: Date.now(), bytes });
    return bytes;
  }
}

/** Checkpoints, and what was averaged from them; the step stands at the end. */
const isModel = /^(checkpoint|average-\d+)-\d{8,}$/;

/** The name of a folder for the average of so many checkpoints, the newest after this step. */
export function averageName(count: number, step: number): string {
  return `average-${count}-${String(step).padStart(8, '0')}`;
}

/**
 * A run's record, or what stands for it where it has none that can be read: then it says why.
 *
 * @param begun the engine has written down what the run is
 */
async function recordToShow(folder: string, begun: boolean): Promise<RunRecord | undefined> {
  let sentence: string | undefined;
  try {
    const kept = await readRecord(folder);
    if (kept !== undefined) return kept;
  } catch (error) {
    sentence = (error as Error).message;
  }
  const foreign = begun ? await recordOfForeign(folder) : undefined;
  return foreign && { ...foreign, ...(sentence !== undefined && { sentence }) };
}

/** What is shown of a run that a terminal began: it ended, as far as we know. */
async function recordOfForeign(folder: string): Promise<RunRecord | undefined> {
  try {
    const { birthtimeMs } = await stat(path.join(folder, 'run.json'));
    return { format: 1, name: path.basename(folder), created: birthtimeMs, state: 'stopped' };
  } catch {
    return undefined;
  }
}

async function subfolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** The size of all files in a folder, as far as they are still there while one looks. */
export async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(path.join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function validationOf(line: Readonly<Record<string, unknown>>): Validation | undefined {
  const number = (name: string): number | null => {
    const value = line[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  const step = number('step');
  if (step === null || !Number.isSafeInteger(step) || step < 0) return undefined;
  return {
    step,
    loss: number('loss'),
    perplexity: number('perplexity'),
    bleu: number('bleu'),
    chrf: number('chrf'),
  };
}

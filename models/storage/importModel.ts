/**
 * Takes a model folder, which may come from anywhere, into a folder of models. Only the files of a model are copied, and
 * what is checked is the copy: nobody can change it in between.
 */
import { lstat, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { longestJson } from '../text/tokenizerJson';
import { UserError } from '../userError';
import { createFolderAtomically, removeFolderAtomically, removeUnfinished, writeFlushed } from './atomic';
import { calibrationFileName } from './calibration';
import { openForeignFile, type OpenFile } from './foreignFile';
import {
  checkEntries,
  files,
  longestConfig,
  mostBytesOfWeights,
  readModelConfig,
  type ModelConfig,
} from './modelFolder';
import { readEntries } from './safetensors';

export interface ImportOptions {
  /** The model's folder. */
  readonly folder: string;
  /** Where the copy becomes a subfolder; made if need be. */
  readonly modelsFolder: string;
  /** Folders of models that the copy takes the place of; they go when it is there. */
  readonly replaced: readonly string[];
  /** Loads a model folder and translates with it; its UserError says what is wrong with the model. */
  readonly tryOut: (folder: string) => Promise<void>;
  readonly signal: AbortSignal;
  /** Bytes copied, and bytes in all. */
  readonly report: (done: number, total: number) => void;
}

const chunkBytes = 2 ** 20;
const longestText = 2 ** 20;
/** A copy takes seconds; what is older was left by a process that was killed. */
const leftoverAgeMs = 60 * 60 * 1000;

/**
 * Checks a model and copies it, whole or not at all: whenever the process is killed, the models folder holds the old
 * model or the new one, if not both.
 *
 * @returns the folder of the copy, whose name is made of its language tags
 * @throws UserError that names the file and what is wrong with it; the signal's reason when it aborts
 */
export async function importModel(options: ImportOptions): Promise<string> {
  const { folder, modelsFolder, replaced, signal } = options;
  const config = await describeModel(folder);
  const opened = new Map<string, OpenFile>();
  try {
    for (const part of partsOf(config)) await openPart(folder, part, opened);
    // A look at what the copy will be checked for, before gigabytes are copied for nothing.
    const weights = path.join(folder, files.weights);
    checkEntries(await readEntries(opened.get(files.weights)!, weights), config, weights);
    await mkdir(modelsFolder, { recursive: true });
    await removeUnfinished(modelsFolder, leftoverAgeMs);
    const target = await newName(modelsFolder, config);
    await createFolderAtomically(target, async (temporary) => {
      await copy(opened, temporary, options);
      await check(temporary, config, options);
      signal.throwIfAborted();
    });
    for (const old of replaced) await removeReplaced(old, target);
    return target;
  } catch (error) {
    throw error instanceof UserError || !isSystemError(error)
      ? error
      : new UserError(`The model in ${folder} cannot be copied to ${modelsFolder}: ${error.message}.`);
  } finally {
    for (const { handle } of opened.values()) await handle.close();
  }
}

/**
 * What a folder that is to be imported says of itself.
 *
 * @throws UserError where it is no model folder, or its config.json is not sound
 */
export async function describeModel(folder: string): Promise<ModelConfig> {
  for (const name of Object.values(files)) {
    if (!(await isThere(path.join(folder, name)))) {
      throw new UserError(
        `${folder} is no model folder: it has no ${name}. Choose a folder with ${Object.values(files).join(', ')}.`,
      );
    }
  }
  return readModelConfig(folder, { refuseLinks: true });
}

interface Part {
  readonly name: string;
  readonly mostBytes: number;
  readonly optional?: boolean;
}

/** The files that are taken along; whatever else lies in the folder stays behind. */
function partsOf(config: ModelConfig): Part[] {
  return [
    { name: files.config, mostBytes: longestConfig },
    { name: files.vocabulary, mostBytes: longestJson },
    { name: files.weights, mostBytes: mostBytesOfWeights(config) },
    ...[calibrationFileName, 'README.md', 'LICENSE', 'NOTICE'].map((name) => ({
      name,
      mostBytes: longestText,
      optional: true,
    })),
  ];
}

async function openPart(
  folder: string,
  { name, mostBytes, optional = false }: Part,
  opened: Map<string, OpenFile>,
): Promise<void> {
  const file = path.join(folder, name);
  if (optional && !(await isThere(file))) return;
  opened.set(name, await openForeignFile(file, { mostBytes, refuseLinks: true }));
}

async function copy(
  opened: ReadonlyMap<string, OpenFile>,
  temporary: string,
  { folder, signal, report }: ImportOptions,
): Promise<void> {
  const total = [...opened.values()].reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const [name, file] of opened) {
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunksOf(file, path.join(folder, name))) {
        signal.throwIfAborted();
        yield chunk;
        report((done += chunk.length), total);
      }
    };
    await writeFlushed(path.join(temporary, name), chunks());
  }
}

/** As many bytes as the file had when it was opened. */
async function* chunksOf({ handle, size }: OpenFile, file: string): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let place = 0; place < size;) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(chunkBytes, size - place), place);
    if (bytesRead === 0) throw changed(file);
    yield buffer.subarray(0, bytesRead);
    place += bytesRead;
  }
}

/** What is wrong with the copy is wrong with the model: a sentence names the files that the person knows. */
async function check(
  temporary: string,
  config: ModelConfig,
  { folder, tryOut, signal }: ImportOptions,
): Promise<void> {
  try {
    const copied = await readModelConfig(temporary);
    if (copied.from !== config.from || copied.to !== config.to)
      throw changed(path.join(folder, files.config));
    await tryOut(temporary);
  } catch (error) {
    if (signal.aborted) throw error;
    const message = (error as Error).message.replaceAll(temporary, folder);
    throw new UserError(
      error instanceof UserError
        ? message
        : `The model in ${folder} cannot be used: ${message.replace(/\.$/, '')}.`,
    );
  }
}

function changed(file: string): UserError {
  return new UserError(`${file} was changed while it was copied. Import the model again.`);
}

/**
 * The name of a new subfolder: `en-de`, or `en-de-3` where there is an `en-de-2`. A folder that is there stays as it is,
 * even one that is no model; and no name comes back, so that a name always stands for one model.
 */
async function newName(modelsFolder: string, { from, to }: ModelConfig): Promise<string> {
  const name = `${from}-${to}`;
  const numbered = new RegExp(`^${name}(?:-(\\d{1,9}))?$`, 'i');
  const numbers = (await readdir(modelsFolder)).map((other) => {
    const match = numbered.exec(other);
    return match === null ? 0 : Number(match[1] ?? 1);
  });
  const highest = Math.max(0, ...numbers);
  return path.join(modelsFolder, highest === 0 ? name : `${name}-${highest + 1}`);
}

async function removeReplaced(old: string, target: string): Promise<void> {
  try {
    await removeFolderAtomically(old);
  } catch (error) {
    // Gone from under its name, it is no model any more; the rest goes with the next import.
    if (!(await isThere(old))) return;
    throw new UserError(
      `The model was copied to ${target}, but the one that it replaces cannot be removed: ` +
        `${(error as Error).message}. Remove the folder ${old}.`,
    );
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw new UserError(`${file} cannot be read: ${message}.`);
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

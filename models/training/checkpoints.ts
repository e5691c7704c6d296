/**
 * Checkpoints of a run: folders `checkpoint-00001500`, each a model that can translate plus what training needs to go
 * on. They appear whole or not at all; a damaged one is set aside for the one before, and said so.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  createFolderAtomically,
  removeFolderAtomically,
  removeUnfinished,
  writeFileAtomically,
} from '../storage/atomic';
import { sha256OfFile } from '../data/fileHash';
import { files, readModel, writeModel, type Model } from '../storage/modelFolder';
import { renamePatiently } from '../storage/patientRename';
import { encodeSafetensors, readSafetensors, type StoredTensor } from '../storage/safetensors';
import { UserError } from '../userError';
import { chooseCheckpoints, readBest, type Contest } from './best';
import type { Progress } from './trainer';
import type { NamedValues } from './trainingState';

export interface Checkpoint {
  readonly model: Model;
  readonly moments: { readonly first: NamedValues; readonly second: NamedValues };
  readonly progress: Progress;
}

const prefix = 'checkpoint-';
const momentsFile = 'optimiser.safetensors';
const progressFile = 'progress.json';
/** What must have a checksum; other things may lie in the folder. */
const parts = ['progress', ...Object.values(files), momentsFile];

/** Which checkpoint is the best, and whether the one that is written is there for that alone, out of turn. */
export interface Standing extends Contest {
  readonly outOfTurn: boolean;
}

/** Adds a checkpoint to a run, of which the `keep` newest stay, and the best; returns its folder. */
export async function writeCheckpoint(
  run: string,
  checkpoint: Checkpoint,
  keep: number,
  standing?: Standing,
): Promise<string> {
  const { model, moments, progress } = checkpoint;
  await mkdir(run, { recursive: true });
  await removeUnfinished(run);
  const folder = path.join(run, prefix + String(progress.step).padStart(8, '0'));
  await createFolderAtomically(folder, async (temporary) => {
    await writeModel(temporary, model, 'F32');
    const tensors = new Map([...named('first.', moments.first), ...named('second.', moments.second)]);
    await writeFileAtomically(path.join(temporary, momentsFile), encodeSafetensors(tensors, 'F32'));
    const stored = { ...progress, checksums: await checksums(temporary, progress) };
    await writeFileAtomically(path.join(temporary, progressFile), [
      `${JSON.stringify(stored, undefined, 2)}\n`,
    ]);
  });
  await noteBest(run, keep, standing, standing?.outOfTurn === true ? path.basename(folder) : undefined);
  return folder;
}

/**
 * Writes down which of a run's checkpoints is the best. That one stays, and the `keep` newest; others are removed.
 *
 * @param apart the name of one that is there for being the best alone
 */
export async function noteBest(run: string, keep: number, contest?: Contest, apart?: string): Promise<void> {
  const checkpoints = (await listCheckpoints(run)).map((one) => ({
    name: path.basename(one),
    step: stepOf(one),
  }));
  const kept = await chooseCheckpoints(run, checkpoints, { keep, apart, contest });
  for (const { name } of checkpoints) {
    if (!kept.has(name)) await removeFolderAtomically(path.join(run, name));
  }
}

/** SHA-256 of the progress and of every file in the folder but the one that holds these sums. */
async function checksums(folder: string, progress: Progress): Promise<Record<string, string>> {
  const sums: Record<string, string> = {
    progress: createHash('sha256').update(JSON.stringify(progress)).digest('hex'),
  };
  for (const name of (await readdir(folder)).sort()) {
    if (name !== progressFile) sums[name] = await sha256OfFile(path.join(folder, name));
  }
  return sums;
}

function* named(before: string, values: NamedValues): Generator<[string, StoredTensor]> {
  for (const [name, array] of values) yield [before + name, { shape: [array.length], values: array }];
}

/** After which update a checkpoint was written, by its folder's name. */
export function stepOf(folder: string): number {
  return Number(path.basename(folder).slice(prefix.length));
}

/** A run's checkpoint folders, newest first; none where there is no such folder. */
export async function listCheckpoints(run: string): Promise<string[]> {
  const names = await readdir(run).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /^checkpoint-\d{8,}$/.test(name))
    .map((name) => path.join(run, name))
    .sort((a, b) => stepOf(b) - stepOf(a));
}

/**
 * The newest whole checkpoint, to go on from; undefined where there is none at all. Damaged ones that are newer are
 * set aside under another name, since they would be taken for the newest and push good ones out; `onDamaged` hears of
 * each.
 */
export async function readNewestCheckpoint(
  run: string,
  onDamaged: (sentence: string) => void,
): Promise<Checkpoint | undefined> {
  const folders = await listCheckpoints(run);
  const damaged: string[] = [];
  for (const folder of folders) {
    const checkpoint = await readCheckpoint(folder).catch((error: unknown) => {
      onDamaged(`${folder} is damaged and passed over: ${(error as Error).message}`);
    });
    if (checkpoint) {
      for (const one of damaged) await setAside(one);
      return checkpoint;
    }
    damaged.push(folder);
  }
  if (folders.length === 0) return undefined;
  throw new UserError(
    `None of the ${folders.length} checkpoints in ${run} can be read: start anew in another folder.`,
  );
}

/** `checkpoint-00001500` becomes `damaged-checkpoint-00001500`, which nobody reads. */
async function setAside(folder: string): Promise<void> {
  const aside = path.join(path.dirname(folder), `damaged-${path.basename(folder)}`);
  await rm(aside, { recursive: true, force: true });
  await renamePatiently(folder, aside);
}

async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const progress = await readProgress(folder);
  const model = await readModel(folder);
  const tensors = await readSafetensors(path.join(folder, momentsFile));
  const part = (before: string): NamedValues => {
    const values = new Map<string, Float32Array>();
    for (const [name, { length }] of model.weights) {
      const moments = tensors.get(before + name)?.values;
      if (moments?.length !== length)
        throw new UserError(`${momentsFile} does not fit the weight “${name}”.`);
      values.set(name, moments);
    }
    return values;
  };
  return { model, moments: { first: part('first.'), second: part('second.') }, progress };
}

/** The last checkpoints of a run, newest first, without one that stays for being the best alone. */
export async function listLastCheckpoints(run: string): Promise<string[]> {
  const best = await readBest(run);
  const folders = await listCheckpoints(run);
  return best?.apart === true
    ? folders.filter((folder) => path.basename(folder) !== best.checkpoint)
    : folders;
}

/** A checkpoint's model, once it is certain that all of its files are what was written. */
export async function readCheckpointModel(folder: string): Promise<Model> {
  await readProgress(folder);
  return readModel(folder);
}

/**
 * Where the checkpoint stands, once it is certain that all of its files are what was written.
 *
 * @param check false: takes that for granted, since to read the weights takes its time
 */
export async function readProgress(folder: string, { check = true } = {}): Promise<Progress> {
  const stored = JSON.parse(await readFile(path.join(folder, progressFile), 'utf8')) as unknown;
  const { checksums: expected, ...progress } = (stored ?? {}) as Progress & { checksums?: unknown };
  for (const key of ['step', 'epoch', 'batch', 'targetTokens', 'seconds'] as const) {
    if (!Number.isFinite(progress[key])) throw new UserError(`“${key}” in ${progressFile} is no number.`);
  }
  const { lossScale } = progress;
  const numbers = lossScale && [lossScale.scale, lossScale.goodSteps, lossScale.skipped];
  if (numbers && !(numbers.every(Number.isFinite) && lossScale.scale > 0))
    throw new UserError(`“lossScale” in ${progressFile} is no scale of a loss.`);
  if (!check) return progress;
  const actual = await checksums(folder, progress);
  const sums = new Map(Object.entries(expected ?? {}));
  const unsure = parts.find((name) => !sums.has(name));
  if (unsure !== undefined) {
    throw new UserError(
      `${progressFile} has no checksum of ${unsure}, so that nothing tells whether it is what was written.`,
    );
  }
  for (const [name, sum] of sums) {
    if (actual[name] !== sum) throw new UserError(`${name} is not what was written: its checksum differs.`);
  }
  return progress;
}

/** The model that a person means by a folder: a model itself, or the newest checkpoint of a run. */
export async function resolveModelFolder(folder: string): Promise<string> {
  const names = await readdir(folder).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError(`The model folder ${folder} does not exist.`);
    throw new UserError(`${folder} is no model folder: ${message}.`);
  });
  if (names.includes('config.json')) return folder;
  const [newest] = await listCheckpoints(folder);
  if (!newest)
    throw new UserError(`${folder} is no model folder: it has neither config.json nor checkpoints.`);
  return newest;
}

/**
 * Checkpoints of a run: folders `checkpoint-00001500`, each a model that can translate plus what training needs to go
 * on. They appear whole or not at all; a damaged one is passed over for the one before, and said so.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { flushFolder, isUnfinished, writeFlushed, writeFolderAtomically } from '../storage/atomic';
import { readModel, writeModel, type Model } from '../storage/modelFolder';
import { encodeSafetensors, readSafetensors, type StoredTensor } from '../storage/safetensors';
import { UserError } from '../userError';
import type { NamedValues } from './trainingState';

/** Where a run stands. */
export interface Progress {
  /** Updates done. */
  readonly step: number;
  readonly epoch: number;
  /** Batches of this epoch that are done. */
  readonly batch: number;
  /** Target tokens seen, ends of sentences included. */
  readonly targetTokens: number;
  /** Seconds spent in training steps, over all legs. */
  readonly seconds: number;
}

export interface Checkpoint {
  readonly model: Model;
  readonly moments: { readonly first: NamedValues; readonly second: NamedValues };
  readonly progress: Progress;
}

const prefix = 'checkpoint-';
const momentsFile = 'optimiser.safetensors';
const progressFile = 'progress.json';

export async function writeCheckpoint(run: string, checkpoint: Checkpoint, keep: number): Promise<string> {
  await mkdir(run, { recursive: true });
  const folder = path.join(run, prefix + String(checkpoint.progress.step).padStart(8, '0'));
  await writeFolderAtomically(folder, async (temporary) => {
    await writeModel(temporary, checkpoint.model, 'F32');
    const { first, second } = checkpoint.moments;
    const tensors = new Map([...named('first.', first), ...named('second.', second)]);
    await writeFlushed(path.join(temporary, momentsFile), encodeSafetensors(tensors, 'F32'));
    const sums = await checksums(temporary);
    const progress = { ...checkpoint.progress, checksums: sums };
    await writeFlushed(path.join(temporary, progressFile), [`${JSON.stringify(progress, undefined, 2)}\n`]);
  });
  await removeOld(run, keep);
  return folder;
}

/** SHA-256 of every file in the folder. */
async function checksums(folder: string): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    sums[name] = createHash('sha256').update(await readFile(path.join(folder, name))).digest('hex');
  }
  return sums;
}

function* named(before: string, values: NamedValues): Generator<[string, StoredTensor]> {
  for (const [name, array] of values) yield [before + name, { shape: [array.length], values: array }];
}

async function removeOld(run: string, keep: number): Promise<void> {
  for (const name of await readdir(run)) {
    if (isUnfinished(name)) await rm(path.join(run, name), { recursive: true, force: true });
  }
  for (const folder of (await listCheckpoints(run)).slice(keep)) await rm(folder, { recursive: true });
  await flushFolder(run);
}

/** A run's checkpoint folders, newest first. */
export async function listCheckpoints(run: string): Promise<string[]> {
  const names = await readdir(run).catch(() => []);
  return names
    .filter((name) => /^checkpoint-\d{8,}$/.test(name))
    .sort()
    .reverse()
    .map((name) => path.join(run, name));
}

/** The newest whole checkpoint; `onDamaged` hears of those passed over. Undefined where there is none at all. */
export async function readNewestCheckpoint(
  run: string,
  onDamaged: (sentence: string) => void,
): Promise<Checkpoint | undefined> {
  const folders = await listCheckpoints(run);
  for (const folder of folders) {
    try {
      return await readCheckpoint(folder);
    } catch (error) {
      onDamaged(`${path.basename(folder)} is damaged and passed over: ${(error as Error).message}`);
    }
  }
  if (folders.length > 0) {
    throw new UserError(`None of the ${folders.length} checkpoints in ${run} can be read: start anew in another folder.`);
  }
  return undefined;
}

async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const file = path.join(folder, progressFile);
  const stored = JSON.parse(await readFile(file, 'utf8')) as Progress & { checksums: Record<string, string> };
  const { checksums: expected, ...progress } = stored;
  for (const key of ['step', 'epoch', 'batch', 'targetTokens', 'seconds'] as const) {
    if (!Number.isFinite(progress[key])) throw new UserError(`${file}: “${key}” must be a number.`);
  }
  const { [progressFile]: _, ...actual } = await checksums(folder);
  for (const [name, sum] of Object.entries(expected)) {
    if (actual[name] !== sum) throw new UserError(`${name} is not what was written: its checksum differs.`);
  }
  const model = await readModel(folder);
  const tensors = await readSafetensors(path.join(folder, momentsFile));
  const part = (before: string): NamedValues =>
    new Map([...model.weights.keys()].map((name) => [name, tensors.get(before + name)!.values]));
  return { model, moments: { first: part('first.'), second: part('second.') }, progress };
}

/** The model that a person means by a folder: a model itself, or the newest checkpoint of a run. */
export async function resolveModelFolder(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => {
    throw new UserError(`The model folder ${folder} does not exist.`);
  });
  if (names.includes('config.json')) return folder;
  const [newest] = await listCheckpoints(folder);
  if (!newest) throw new UserError(`${folder} is no model folder: it has neither config.json nor checkpoints.`);
  return newest;
}

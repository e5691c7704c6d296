/** Checkpoint averaging, §6.1: the mean of the last checkpoints' weights translates better than the last alone. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Model } from '../storage/modelFolder';
import { UserError } from '../userError';
import { readBest } from './best';
import { listLastCheckpoints, readCheckpointModel } from './checkpoints';

/** A training may remove checkpoints while they are read: so often others are taken. */
const attempts = 5;

export interface AverageOptions {
  readonly signal?: AbortSignal | undefined;
  /** Checkpoints that are read, of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A mean, and what it is the mean of. */
export interface Average {
  /** The first folder's model with mean weights. */
  readonly model: Model;
  readonly folders: readonly string[];
}

/** As `averageNewest`, the model alone. */
export async function averageCheckpoints(run: string, count: number): Promise<Model> {
  return (await averageNewest(run, count)).model;
}

/**
 * The newest checkpoint's model with the mean weights of the `count` newest, also while the run goes on. A UserError
 * where there are fewer, or where one of them is not what was written.
 */
export async function averageNewest(
  run: string,
  count: number,
  options: AverageOptions = {},
): Promise<Average> {
  for (let attempt = 1; ; attempt++) {
    const folders = (await listLastCheckpoints(run)).slice(0, count);
    if (folders.length === 0)
      throw new UserError(`${run} holds no checkpoints: give the folder that train wrote to.`);
    if (folders.length < count)
      throw new UserError(`${run} has ${folders.length} checkpoints, not ${count}: average fewer.`);
    try {
      return await meanOf(folders, options);
    } catch (error) {
      if (!(error instanceof CheckpointGone)) throw error;
      if (attempt === attempts)
        throw new UserError(
          `${error.message} while it was read, ${attempts} times over: keep more checkpoints.`,
        );
    }
  }
}

/** The mean of these very checkpoints, at least one. A UserError where one is gone, or not what was written. */
export async function averageOf(folders: readonly string[], options: AverageOptions = {}): Promise<Average> {
  try {
    return await meanOf(folders, options);
  } catch (error) {
    throw error instanceof CheckpointGone ? new UserError(`${error.message}: choose others.`) : error;
  }
}

/** The model of the checkpoint that validated best. */
export async function bestCheckpoint(run: string): Promise<Model> {
  for (let attempt = 1; ; attempt++) {
    const best = await readBest(run);
    if (!best) throw new UserError(`${run} has no best checkpoint yet: none has been validated.`);
    try {
      return await readWhole(path.join(run, best.checkpoint));
    } catch (error) {
      if (!(error instanceof CheckpointGone)) throw error;
      if (attempt === attempts) throw new UserError(`${error.message}: export another one with --average.`);
    }
  }
}

class CheckpointGone extends Error {}

async function meanOf(folders: readonly string[], { signal, onProgress }: AverageOptions): Promise<Average> {
  const newest = await readWhole(folders[0]!);
  const sums = new Map([...newest.weights].map(([name, values]) => [name, Float64Array.from(values)]));
  onProgress?.(1, folders.length);
  for (const [index, folder] of folders.entries()) {
    if (index === 0) continue;
    signal?.throwIfAborted();
    const { weights } = await readWhole(folder);
    for (const [name, sum] of sums) {
      const values = weights.get(name)!;
      for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
    }
    onProgress?.(index + 1, folders.length);
  }
  const weights = new Map(
    [...sums].map(([name, sum]) => [name, Float32Array.from(sum, (value) => value / folders.length)]),
  );
  return { model: { ...newest, weights }, folders };
}

async function readWhole(folder: string): Promise<Model> {
  try {
    return await readCheckpointModel(folder);
  } catch (error) {
    // What is removed goes under another name first: a part of a folder is never seen under its own.
    const isThere = await access(folder).then(
      () => true,
      () => false,
    );
    if (!isThere) throw new CheckpointGone(`${folder} was removed`);
    throw new UserError(
      `${folder} is damaged: ${(error as Error).message} Remove it, and average or export the others.`,
    );
  }
}

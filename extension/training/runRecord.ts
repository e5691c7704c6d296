/**
 * What Polyhead keeps of a run beside what the engine writes: its name, how it stands, and what it was asked to do.
 * In sidebar.json in the run's folder. A run that a terminal began has none, and is shown by its folder's name.
 */
import path from 'node:path';
import * as v from 'valibot';
import { form, pauseReasons, runStates, type RunState } from '../../webview/training/messages';
import { readJson, writeJson } from './jsonFile';
import { unreadableInWords } from './wording';

const fileName = 'sidebar.json';

const plan = v.object({
  form,
  /** Absolute paths; `a.en,a.de` for two files that belong together. */
  corpora: v.array(v.string()),
  /** Absolute path of the model that the run goes on from. */
  base: v.optional(v.string()),
  /** That model knows other languages: a vocabulary is learned from the corpora. */
  ownVocabulary: v.optional(v.boolean()),
});
export type RunPlan = v.InferOutput<typeof plan>;

const record = v.object({
  format: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1)),
  /** Milliseconds since 1970. */
  created: v.number(),
  state: v.picklist(runStates),
  /** Since when it waits for its turn: milliseconds since 1970. */
  queued: v.optional(v.number()),
  pausedBy: v.optional(v.picklist(pauseReasons)),
  /** Why it failed or was interrupted, for the person. */
  sentence: v.optional(v.string()),
  plan: v.optional(plan),
});
export type RunRecord = v.InferOutput<typeof record>;

/**
 * Undefined where the folder has no record.
 *
 * @throws Error where it has one that cannot be read, which nobody is to write over; a sentence for the person
 */
export async function readRecord(run: string, read = readJson): Promise<RunRecord | undefined> {
  const file = path.join(run, fileName);
  try {
    const found = await read(file);
    return found && v.parse(record, found);
  } catch (error) {
    throw new Error(unreadableInWords(file, (error as Error).message), { cause: error });
  }
}

/** @throws Error where it could not be read again, too */
export async function writeRecord(run: string, value: RunRecord): Promise<void> {
  await writeJson(path.join(run, fileName), v.parse(record, value));
}

/** A run that has stopped in the middle of its work: those that wait behind it go on waiting. */
export function keepsItsPlace(state: RunState): boolean {
  return state === 'paused' || state === 'interrupted';
}

/** The record in another state: what belonged to the one before is gone. */
export function inState(
  { format, name, created, plan: planned }: RunRecord,
  state: RunState,
  facts: Pick<RunRecord, 'queued' | 'pausedBy' | 'sentence'> = {},
): RunRecord {
  return { format, name, created, state, ...facts, ...(planned !== undefined && { plan: planned }) };
}

/**
 * What Polyhead keeps of a run beside what the engine writes: its name, how it stands, and what it was asked to do.
 * In sidebar.json in the run's folder. A run that a terminal began has none, and is shown by its folder's name.
 */
import path from 'node:path';
import * as v from 'valibot';
import { form, pauseReasons, runStates, type RunState } from '../../webview/training/messages';
import { readJson, writeJson } from './jsonFile';

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

/** Undefined where the folder has no record, or one that cannot be read. */
export async function readRecord(run: string): Promise<RunRecord | undefined> {
  const result = v.safeParse(record, await readJson(path.join(run, fileName)));
  return result.success ? result.output : undefined;
}

export async function writeRecord(run: string, value: RunRecord): Promise<void> {
  await writeJson(path.join(run, fileName), value);
}

/** The record in another state: what belonged to the one before is gone. */
export function inState(
  { format, name, created, plan: planned }: RunRecord,
  state: RunState,
  facts: Pick<RunRecord, 'queued' | 'pausedBy' | 'sentence'> = {},
): RunRecord {
  return { format, name, created, state, ...facts, ...(planned !== undefined && { plan: planned }) };
}

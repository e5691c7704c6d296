/** The models that a run can go on from: those of the person's runs, and those that translate. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { LanguagePair } from '../../models/engine/protocol';
import type { StoredRun } from './runStore';

export interface BaseModel {
  /** What the page calls it: the same in every window, and no path. */
  readonly key: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly folder: string;
}

/** The person's runs first: what they made is what they are likely to go on from. */
export function baseModelsOf(runs: readonly StoredRun[], models: readonly LanguagePair[]): BaseModel[] {
  const ofRuns = runs.flatMap(({ id, from, to, folder, record, checkpoints }) => {
    const best = checkpoints.find((one) => one.best) ?? checkpoints.find((one) => !one.average);
    return best === undefined
      ? []
      : [{ key: `run:${id}`, name: record.name, from, to, folder: path.join(folder, best.name) }];
  });
  const others = models.map(({ from, to, folder, name }) => ({ key: keyOf(folder), name, from, to, folder }));
  return [...ofRuns, ...others];
}

/** A draft is kept: its model must be no other one when one has come or gone. */
function keyOf(folder: string): string {
  return `model:${createHash('sha256').update(folder).digest('hex')}`;
}

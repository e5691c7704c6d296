/**
 * best.json in a run's folder names the checkpoint that validated best. That one stays, however many newer ones come.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../storage/atomic';
import type { ValidationLine } from './metrics/lines';
import { bestValidation, type StopMeasure } from './selection';

const fileName = 'best.json';

export interface Best extends Pick<ValidationLine, 'step' | 'loss' | 'perplexity' | 'bleu' | 'chrf'> {
  /** The checkpoint's folder in the run's. */
  readonly checkpoint: string;
  readonly measure: StopMeasure;
  /** Whether it is not, or no longer, one of the last checkpoints, which averages are made of. */
  readonly apart: boolean;
}

/** Undefined where there is none, or none that can be read. */
export async function readBest(run: string): Promise<Best | undefined> {
  try {
    const best = JSON.parse(await readFile(path.join(run, fileName), 'utf8')) as Best | null;
    return typeof best?.checkpoint === 'string' ? best : undefined;
  } catch {
    return undefined;
  }
}

/** What a run's checkpoints are compared by. */
export interface Contest {
  readonly validations: readonly ValidationLine[];
  readonly measure: StopMeasure;
}

/**
 * Which of a run's checkpoints stay: the `keep` newest of those that were written in turn, and the best, which is
 * written down.
 *
 * @param checkpoints by name, newest first
 * @param apart the name of one among them that was written for being the best alone
 * @param contest where it is not given, or decides nothing, the best is the one that it was
 */
export async function chooseCheckpoints(
  run: string,
  checkpoints: readonly { readonly name: string; readonly step: number }[],
  { keep, apart, contest }: { keep: number; apart?: string | undefined; contest?: Contest | undefined },
): Promise<ReadonlySet<string>> {
  const before = await readBest(run);
  const aside = new Set([apart, before?.apart === true ? before.checkpoint : undefined]);
  const last = checkpoints.filter(({ name }) => !aside.has(name)).slice(0, keep);
  const kept = new Set(last.map(({ name }) => name));
  const best = (contest && winner(checkpoints, contest)) ?? before;
  if (best && checkpoints.some(({ name }) => name === best.checkpoint)) {
    await writeBest(run, { ...best, apart: !kept.has(best.checkpoint) });
    kept.add(best.checkpoint);
  }
  return kept;
}

function winner(
  checkpoints: readonly { readonly name: string; readonly step: number }[],
  { validations, measure }: Contest,
): Omit<Best, 'apart'> | undefined {
  const names = new Map(checkpoints.map(({ name, step }) => [step, name]));
  const validation = bestValidation(
    validations.filter(({ step }) => names.has(step)),
    measure,
  );
  if (!validation) return undefined;
  const { step, loss, perplexity, bleu, chrf } = validation;
  return { checkpoint: names.get(step)!, step, measure, loss, perplexity, bleu, chrf };
}

async function writeBest(run: string, best: Best): Promise<void> {
  await writeFileAtomically(path.join(run, fileName), [`${JSON.stringify(best, undefined, 2)}\n`]);
}

/** Requests about a run's folder: what is in it, its curves, and to delete some of it. */
import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { removeFolderAtomically } from '../../storage/atomic';
import { readModelConfig } from '../../storage/modelFolder';
import { readBest } from '../../training/best';
import { listCheckpoints, readProgress } from '../../training/checkpoints';
import type { MetricsLine, StepLine, ValidationLine } from '../../training/metrics/lines';
import { readMetrics } from '../../training/metrics/metricsFile';
import { holderOf, refuseWhileTrained } from '../../training/runLock';
import { readSettings } from '../../training/runSettings';
import { parameterCount } from '../../transformer/model';
import { UserError } from '../../userError';
import { messageOf } from '../log';
import type { CheckpointDescription, ParametersOf, ReplyOf, RunDescription, StepPoint } from '../protocol';
import { stepPoint, validationPoint } from './events';
import { absolute, settingsOf } from './settings';
import { thin } from './thin';
import { without } from './without';

/** The handler of `readRun`. */
export async function readRun(parameters: ParametersOf<'readRun'>): Promise<ReplyOf<'readRun'>> {
  const folder = absolute(parameters.folder, 'The run’s folder');
  const settings = await readSettings(folder);
  const faults: string[] = [];
  const collect = (error: unknown): undefined => void faults.push(messageOf(error));
  const lines = await readMetrics(folder).then(({ lines: all }) => all, collect);
  const validations = (lines ?? []).filter((line) => line.kind === 'validation');
  const best = await readBest(folder);
  const checkpoints: CheckpointDescription[] = [];
  for (const one of await listCheckpoints(folder)) {
    const description = await describe(one, best?.checkpoint, validations).catch(collect);
    if (description) checkpoints.push(description);
  }
  const [newest] = checkpoints;
  const read = newest && {
    progress: await readProgressOf(newest.folder),
    parameters: parameterCount((await readModelConfig(newest.folder)).transformer),
  };
  const holder = await holderOf(folder);
  const run: RunDescription = {
    folder,
    from: settings.from,
    to: settings.to,
    settings: settingsOf(settings),
    checkpoints,
    ...read,
    bytes: await bytesOf(folder),
    ...(holder && { trainedBy: { pid: holder.pid, host: holder.host } }),
    faults,
  };
  return { run };
}

/** Without the weights being read: a run may have many of them. */
const readProgressOf = (folder: string) => readProgress(folder, { check: false });

async function describe(
  folder: string,
  best: string | undefined,
  validations: readonly ValidationLine[],
): Promise<CheckpointDescription> {
  const { step, targetTokens, seconds } = await readProgressOf(folder);
  const name = path.basename(folder);
  const found = validations.findLast((one) => one.step === step);
  return {
    name,
    folder,
    step,
    targetTokens,
    seconds,
    bytes: await bytesOf(folder),
    time: (await lstat(folder)).mtimeMs / 1000,
    best: name === best,
    ...(found && { validation: without(validationPoint(found), 'samples') }),
  };
}

/** Of all files in a folder; what goes meanwhile does not count. */
async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    bytes += await lstat(path.join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return bytes;
}

/** The handler of `readHistory`. */
export async function readHistory({
  folder,
  afterStep,
  most,
}: ParametersOf<'readHistory'>): Promise<ReplyOf<'readHistory'>> {
  const run = absolute(folder, 'The run’s folder');
  if (!Number.isSafeInteger(most) || most < 4) throw new UserError('A history has at least 4 points.');
  const lines = (await readMetrics(run)).lines.filter(
    (line) => line.step > afterStep || isLegAt(line, afterStep),
  );
  const steps = lines.filter((line) => line.kind === 'step');
  return {
    recorded: steps.length,
    steps: columns(thin(steps, most)),
    validations: lines.filter((line) => line.kind === 'validation').map(validationPoint),
    legs: lines.filter((line) => line.kind === 'leg').map(({ step, time }) => ({ step, time })),
  };
}

/** A leg's line has the step before its first. */
function isLegAt({ kind, step }: MetricsLine, afterStep: number): boolean {
  return kind === 'leg' && step === afterStep;
}

function columns(lines: readonly StepLine[]): ReplyOf<'readHistory'>['steps'] {
  const points = lines.map(stepPoint);
  const column = <Field extends keyof StepPoint>(field: Field): StepPoint[Field][] =>
    points.map((point) => point[field]);
  return {
    time: column('time'),
    step: column('step'),
    epoch: column('epoch'),
    loss: column('loss'),
    smoothedLoss: column('smoothedLoss'),
    perplexity: column('perplexity'),
    learningRate: column('learningRate'),
    targetTokensPerSecond: column('targetTokensPerSecond'),
    paddingShare: column('paddingShare'),
    gradientNorm: column('gradientNorm'),
    targetTokens: column('targetTokens'),
    seconds: column('seconds'),
    secondsLeft: column('secondsLeft'),
    flops: column('flops'),
  };
}

/** The handler of `removeRun`. */
export async function removeRun({ folder, checkpoints }: ParametersOf<'removeRun'>): Promise<null> {
  const run = absolute(folder, 'The run’s folder');
  // What holds no run is not deleted by its name alone.
  await readSettings(run);
  await refuseWhileTrained(run);
  if (checkpoints === 'all') {
    await removeFolderAtomically(run);
    return null;
  }
  const there = (await listCheckpoints(run)).map((one) => path.basename(one));
  for (const name of checkpoints) {
    if (!there.includes(name)) throw new UserError(`${run} has no checkpoint “${name}”.`);
  }
  for (const name of checkpoints) await removeFolderAtomically(path.join(run, name));
  const best = await readBest(run);
  if (best && checkpoints.includes(best.checkpoint)) await rm(path.join(run, 'best.json'), { force: true });
  return null;
}

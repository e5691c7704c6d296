/**
 * Where a card's time goes in a training step, by the times that the card itself takes of each kernel: onnxruntime writes
 * them into its profile where the driver has time stamps. What the processor needs to hand a kernel over stands there too,
 * and says nothing of the card.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { profileSessions } from '../profileSessions';
import { report, round, type Clock } from './report';
import { openState, prepare, trainStep, type TrainingTask } from './training';

const warmUps = 3;
const profiledSteps = 4;

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly ts: number;
}

export async function profileTraining(task: TrainingTask, clock: Clock): Promise<void> {
  const { config, batches } = prepare(task);
  const endProfiles = profileSessions(task.folder);
  const state = await openState(task, config);
  let wall = 0;
  let steps = 0;
  for (let step = 1; step <= warmUps + profiledSteps; step++) {
    if (clock.isOver()) break;
    const begun = performance.now();
    await trainStep(state, batches[step % batches.length]!, step);
    if (step <= warmUps) continue;
    wall += performance.now() - begun;
    steps++;
  }
  endProfiles();
  if (steps === 0) {
    report('end', { complete: false });
    return;
  }
  const kernels = readKernels(task.folder, warmUps + steps, warmUps);
  const total = sum(kernels.values());
  if (total === 0) {
    report('profile', { kernels: null, reason: 'The driver takes no time stamps of kernels.' });
    return;
  }
  const products = sum([...kernels].filter(([name]) => /MatMul|Gemm/i.test(name)).map(([, time]) => time));
  const largest = [...kernels].sort((a, b) => b[1] - a[1]).slice(0, 12);
  report('profile', {
    steps,
    millisecondsAStep: round(wall / steps),
    /** Of what kernels take: all that are no matrix products. */
    shareOutsideProducts: round(1 - products / total),
    /** Of the step, in which the card computed no kernel at all. */
    shareIdle: round(Math.max(0, 1 - total / 1000 / wall)),
    kernels: Object.fromEntries(largest.map(([name, time]) => [name, round(time / total)])),
  });
  report('end', { complete: steps === profiledSteps });
  await state.dispose();
}

/**
 * Microseconds by kernel. Of each session the runs of the first steps are left out: the card's events have no run beside
 * them, but come as often in every one.
 */
function readKernels(folder: string, steps: number, leftOut: number): Map<string, number> {
  const kernels = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => /^session\d+.*\.json$/.test(name))) {
    const events = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as ProfileEvent[];
    const runs = events.filter(({ name }) => name === 'model_run').length;
    // Copies into the card's memory and out of it are not made in every step.
    if (runs !== steps) continue;
    const ofCard = events.filter(({ cat }) => cat === 'Api').sort((a, b) => a.ts - b.ts);
    for (const { name, dur } of ofCard.slice(Math.round((ofCard.length / steps) * leftOut))) {
      const kernel = name.split('&').at(-1)!;
      kernels.set(kernel, (kernels.get(kernel) ?? 0) + dur);
    }
  }
  return kernels;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Twenty kills at random moments of a training, some of them while a checkpoint is written: no bit is other in the end. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomWords } from '../../models/data/random';
import { buildBundle, type Bundle } from '../unit/bundle';
import { KilledTrainings, traceOf } from '../unit/training/killedTrainings';

const seed = Number(process.env['POLYHEAD_KILL_SEED'] ?? 1);
const kills = 20;

let bundle: Bundle;
let folder: string;
beforeAll(async () => {
  bundle = await buildBundle('cli');
  folder = await mkdtemp(path.join(tmpdir(), 'polyhead-training-kills-'));
});
afterAll(async () => {
  await bundle.remove();
  await rm(folder, { recursive: true, force: true });
});

it('a training that is killed twenty times takes the very same steps', async () => {
  const trainings = new KilledTrainings(bundle, folder);
  await trainings.writeCorpus();
  const [killed, never] = [path.join(folder, 'killed'), path.join(folder, 'never')];
  // How long a leg of forty steps takes here, from the start of its process: moments are spread over that.
  const started = performance.now();
  await trainings.finish(path.join(folder, 'measured'), 40);
  const legMs = performance.now() - started;
  const words = randomWords(seed);
  let unfinished = 0;
  let saved = 0;
  for (let kill = 0; kill < kills; kill++) {
    const [after] = await trainings.killAt(killed, [(words() / 2 ** 32) * legMs]);
    expect(after).toBeGreaterThanOrEqual(saved);
    saved = after!;
    unfinished += (await readdir(killed).catch(() => [])).filter((name) =>
      name.startsWith('.unfinished-'),
    ).length;
  }
  expect(saved).toBeGreaterThan(0);
  // Some came in the middle of a write.
  expect(unfinished).toBeGreaterThan(0);
  await trainings.finish(killed, saved + 10);
  await trainings.finish(never, saved + 10);
  expect(await traceOf(killed)).toEqual(await traceOf(never));
});

// `npm run bench -- pack --run runs/mine --output mine.tar.gz`: an archive that goes on with trainings in PyTorch on a
// machine that has nothing of ours and no network, such as one with CUDA: the runs' settings, encoded corpora, newest and
// best checkpoints, and the twin. --run may be repeated. What comes back (NAME-trained.tar.gz) is unpacked into the folder that
// holds the run, and `polyhead train --resume`, `translate` and `export` take it from there.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { enter, Failure, say } from '../../scripts/setup/failure.mjs';
import { inRoot } from '../../scripts/setup/paths.mjs';

const twin = ['twin.py', 'twinBatches.py', 'twinRun.py', 'twinTrain.py'];
const top = 'polyhead-training';

const script = `#!/bin/sh
# sh train.sh [options of twin/twinTrain.py]: goes on with every run in runs/, and packs what came of it. With CUDA in
# bfloat16, else on the processor in float32. PYTHON names a Python that has PyTorch (1.13 or later).
set -e
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- --minutes 60
for run in runs/*/; do
  name=$(basename "$run")
  "\${PYTHON:-python3}" twin/twinTrain.py --run "runs/$name" "$@"
  tar -czf "$name-trained.tar.gz" -C runs --exclude "$name/corpus" --exclude "$name/run.json" "$name"
  echo "$name-trained.tar.gz holds what came of it."
done
`;

const readme = `Trainings of Polyhead, to go on with in PyTorch where Polyhead is not: no network is needed, and no
package but PyTorch (1.13 or later).

    sh train.sh --minutes 60

trains each run in runs/ for an hour, in bfloat16 where there is CUDA, and writes NAME-trained.tar.gz beside this file:
checkpoints and metrics. --steps, --cooldown-steps, --checkpoint-every, --device, --precision and more:
python3 twin/twinTrain.py --help. Again, and it goes on. Ctrl+C saves and ends.

Back where Polyhead is, in the folder that holds the run's own:

    tar -xzf NAME-trained.tar.gz
    polyhead train --output NAME --resume
`;

/** The newest checkpoint's folder name. */
async function newestCheckpoint(run) {
  const names = await readdir(run).catch(() => {
    throw new Failure(`${run} is no folder that can be read.`);
  });
  const [newest] = names
    .filter((name) => /^checkpoint-\d+$/.test(name))
    .sort((a, b) => Number(b.slice('checkpoint-'.length)) - Number(a.slice('checkpoint-'.length)));
  if (newest === undefined || !names.includes('run.json') || !names.includes('corpus')) {
    throw new Failure(
      `${run} holds no training run that has begun: begin it with \`polyhead train --corpus … --steps 1 --output ${run}\`.`,
    );
  }
  return { newest, names };
}

/** The parts of a run that say what is the best of it: without them the twin would take the best of its own for that. */
async function partsOfBest(run) {
  try {
    return ['best.json', JSON.parse(await readFile(path.join(run, 'best.json'), 'utf8')).checkpoint];
  } catch {
    return [];
  }
}

async function gather(folder, runs) {
  await mkdir(path.join(folder, 'twin'), { recursive: true });
  for (const file of twin) await cp(inRoot('test', 'bench', file), path.join(folder, 'twin', file));
  await writeFile(path.join(folder, 'train.sh'), script, { mode: 0o755 });
  await writeFile(path.join(folder, 'README.txt'), readme);
  for (const run of runs) {
    const name = path.basename(run);
    const { newest, names } = await newestCheckpoint(run);
    if (names.includes('training.lock')) throw new Failure(`${run} is being trained: end that first.`);
    const into = path.join(folder, 'runs', name);
    const parts = new Set(['run.json', 'corpus', newest, 'metrics.jsonl', ...(await partsOfBest(run))]);
    for (const part of parts)
      if (names.includes(part)) await cp(path.join(run, part), path.join(into, part), { recursive: true });
    say(`${name}: its corpus, and ${newest}`);
  }
}

await enter(async () => {
  const { values } = parseArgs({
    options: { run: { type: 'string', multiple: true, default: [] }, output: { type: 'string' } },
  });
  const runs = values.run.map((run) => path.resolve(run));
  if (runs.length === 0 || values.output === undefined)
    throw new Failure('Which runs, and where to? --run names a folder, --output the archive.', 2);
  if (new Set(runs.map((run) => path.basename(run))).size < runs.length)
    throw new Failure('Two of the runs have folders of the same name: rename one.', 2);
  const output = path.resolve(values.output);
  const folder = await mkdtemp(path.join(path.dirname(output), '.unfinished-pack-'));
  try {
    await gather(path.join(folder, top), runs);
    const archive = path.join(folder, 'archive.tar.gz');
    await promisify(execFile)('tar', ['-czf', archive, '-C', folder, top]);
    await rename(archive, output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { size } = await stat(output);
  process.stdout.write(`${JSON.stringify({ pack: { file: output, bytes: size } })}\n`);
  return 0;
});

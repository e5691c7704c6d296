// `npm run package`: makes the .vsix of a platform, or of all of them, in out/package/.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildBundles } from './package/bundles.mjs';
import { packStage } from './package/pack.mjs';
import { isWeights, sizeOf, stagePackage } from './package/stage.mjs';
import { targets, thisTarget } from './package/targets.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { inRoot } from './setup/paths.mjs';
import { stopEverythingOnSignals } from './setup/processes.mjs';

const usage = `Usage: npm run package -- [--target TARGET]

Makes out/package/polyhead-TARGET-VERSION.vsix and says how large it is. Publishes nothing.

  --target TARGET  ${Object.keys(targets).join(', ')}, or all; by default this machine's`;

await enter(async () => {
  const names = readArguments();
  if (names === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  await ensureInstalled();
  const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const bundles = await buildBundles();
  process.stdout.write('target        files  unpacked MB  weights MB  .vsix MB  file\n');
  for (const name of names) {
    const stage = stagePackage(name, bundles);
    const { file, bytes } = await packStage(stage, version);
    const sizes = [sizeOf(stage.files), sizeOf(stage.files, isWeights), bytes];
    const [unpacked, weights, packed] = sizes.map((size) => (size / 1_000_000).toFixed(1));
    process.stdout.write(
      `${name.padEnd(12)}  ${String(stage.files.size).padStart(5)}  ${unpacked?.padStart(11)}  ${weights?.padStart(10)}  ${packed?.padStart(8)}  ${path.relative(inRoot(), file)}\n`,
    );
  }
  return 0;
});

/** @returns {string[] | undefined} targets; undefined: help was asked for */
function readArguments() {
  let values;
  try {
    ({ values } = parseArgs({
      options: { target: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    }));
  } catch (error) {
    throw new Failure(`${/** @type {Error} */ (error).message}\n\n${usage}`, 2);
  }
  if (values.help) return undefined;
  const name = values.target ?? thisTarget();
  if (name === undefined) {
    throw new Failure(`There is no package for this machine: name a --target.\n\n${usage}`, 2);
  }
  if (name !== 'all' && !(name in targets)) {
    throw new Failure(`There is no target “${name}”.\n\n${usage}`, 2);
  }
  return name === 'all' ? Object.keys(targets) : [name];
}

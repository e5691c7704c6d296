// `npm test`: installs what it needs, runs every check and test, and ends with a line “N passed, N failed”.
// A stage that fails does not keep the later ones from running.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Failure, enter } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { resultsFolder } from './setup/paths.mjs';
import { isStopping, stopEverythingOnSignals } from './setup/processes.mjs';
import { longStages, stages } from './testStages.mjs';

/** @typedef {import('./testStages.mjs').Stage} Stage */
/** @typedef {import('./testStages.mjs').Counts} Counts */

const allStages = [...stages, ...longStages];
const usage = `Usage: npm test -- [--long] [--only STAGE]

  --long        run the long tests too
  --only STAGE  run one stage: ${allStages.map(({ name }) => name).join(', ')}`;

await enter(async () => {
  const chosen = readArguments();
  if (chosen === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  stopEverythingOnSignals({ announce: () => print('\nStopping …') });
  const begun = performance.now();
  rmSync(resultsFolder, { recursive: true, force: true });
  try {
    await ensureInstalled();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    print(`${error.message}\n0 passed, 1 failed`);
    return error.exitCode;
  }
  /** @type {{ stage: Stage, counts: Counts, seconds: string }[]} */
  const results = [];
  for (const group of sideBySide(chosen)) results.push(...(await Promise.all(group.map(runStage))));
  return summarise(results, seconds(begun));
});

/** @returns {readonly Stage[] | undefined} undefined: help was asked for */
function readArguments() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        long: { type: 'boolean', default: false },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    throw new Failure(`${/** @type {Error} */ (error).message}\n\n${usage}`, 2);
  }
  if (values.help) return undefined;
  if (values.only === undefined) return values.long ? allStages : stages;
  const stage = allStages.find(({ name }) => name === values.only);
  if (stage === undefined) throw new Failure(`There is no stage “${values.only}”.\n\n${usage}`, 2);
  return [stage];
}

/**
 * @param {readonly Stage[]} all
 * @returns {Stage[][]} what runs at the same time, one group after another
 */
function sideBySide(all) {
  /** @type {Stage[][]} */
  const groups = [];
  for (const stage of all) {
    const last = groups.at(-1);
    if (stage.reads && last?.every(({ reads }) => reads)) last.push(stage);
    else groups.push([stage]);
  }
  return groups;
}

/** @param {Stage} stage */
async function runStage(stage) {
  print(`\n── ${stage.title} ──`);
  const begun = performance.now();
  const counts = await stage.run(print).catch((/** @type {unknown} */ error) => {
    const failure = error instanceof Failure ? error.message : error instanceof Error ? error.stack : error;
    print(String(failure));
    return { passed: 0, failed: 1, skipped: 0 };
  });
  // Cut off by Ctrl+C: what came of it means nothing, and the process is about to end.
  if (isStopping()) await new Promise(() => undefined);
  const result = { stage, counts, seconds: seconds(begun) };
  print(line(result));
  return result;
}

/**
 * @param {{ stage: Stage, counts: Counts, seconds: string }[]} results
 * @param {string} duration
 * @returns {number} the exit code
 */
function summarise(results, duration) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  print(`\n── summary (${duration} s) ──`);
  for (const result of results) {
    print(`${result.counts.failed === 0 ? '✓' : '✗'} ${line(result)}`);
    sum.passed += result.counts.passed;
    sum.failed += result.counts.failed;
    sum.skipped += result.counts.skipped;
  }
  if (sum.passed + sum.failed === 0) print('Nothing ran.');
  print(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
}

/** @param {{ stage: Stage, counts: Counts, seconds: string }} result */
function line({ stage, counts: { passed, failed, skipped }, seconds }) {
  return `${stage.title}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds} s)`;
}

/** @param {number} begun @returns {string} */
function seconds(begun) {
  return ((performance.now() - begun) / 1000).toFixed(1);
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}

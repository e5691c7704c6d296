// `npm run bench`: measures what a person waits for, and prints it as JSON. Numbers, no verdict: they belong to the
// machine, so run it on a quiet one.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { runInHost } from '../test/host/launch/browser.mjs';
import { benchAttention } from './bench/attention.mjs';
import { ensureBuilt } from './setup/built.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { inRoot, resultsFolder } from './setup/paths.mjs';
import { stopEverythingOnSignals } from './setup/processes.mjs';
import { ensureQuickHost } from './setup/quickHost.mjs';
import { ensureBrowser } from './setup/systemPackages.mjs';

const mark = '[bench] ';
const limitMs = 5 * 60_000;

/** Milliseconds in VS Code: the extension's activation, the first translation (which starts engine and model), later ones. */
async function benchTranslation() {
  const browser = await ensureBrowser();
  await ensureQuickHost();
  await ensureBuilt();
  const folder = path.join(resultsFolder, 'bench');
  const { report, ending } = await runInHost('translationBench', {
    chromium: browser,
    folder,
    limitMs,
    print: say,
  });
  const line = report.otherLines.find((text) => text.includes(mark));
  if (line === undefined) {
    throw new Failure(
      `${ending} before the benchmark was through.\n${report.otherLines.slice(-10).join('\n')}`,
    );
  }
  return JSON.parse(line.slice(line.indexOf(mark) + mark.length));
}

/** Processor milliseconds of a sentence with the shipped model en-de, in 8 bits, and with its float16 parent, in turns. */
async function benchWeights() {
  await ensureBuilt();
  const { stdout } = await promisify(execFile)(process.execPath, [
    inRoot('out', 'weightsBench.js'),
    inRoot('models'),
  ]);
  return JSON.parse(stdout);
}

/** @type {Readonly<Record<string, () => Promise<unknown>>>} */
const benchmarks = { translation: benchTranslation, weights: benchWeights, attention: benchAttention };

await enter(async () => {
  const [name = 'translation'] = process.argv.slice(2);
  const benchmark = benchmarks[name];
  if (benchmark === undefined) {
    throw new Failure(
      `There is no benchmark “${name}”; there are: ${Object.keys(benchmarks).join(', ')}.`,
      2,
    );
  }
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  await ensureInstalled();
  process.stdout.write(`${JSON.stringify({ [name]: await benchmark() })}\n`);
  return 0;
});

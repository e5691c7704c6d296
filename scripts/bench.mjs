// `npm run bench`: measures what a person waits for, and prints it as JSON. Numbers, no verdict: they belong to the
// machine, so run it on a quiet one.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { runInHost } from '../test/host/launch/browser.mjs';
import { ensureBuilt } from './setup/built.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { inRoot, resultsFolder } from './setup/paths.mjs';
import { run, stopEverythingOnSignals } from './setup/processes.mjs';
import { ensureQuickHost } from './setup/quickHost.mjs';
import { ensureBrowser } from './setup/systemPackages.mjs';

const mark = '[bench] ';
const limitMs = 5 * 60_000;

/**
 * Runs a benchmark inside VS Code.
 * @param {string} bundle its name in out/; it prints one line of JSON
 */
async function inVsCode(bundle) {
  const browser = await ensureBrowser();
  await ensureQuickHost();
  await ensureBuilt();
  const folder = path.join(resultsFolder, 'bench');
  const { report, ending } = await runInHost(bundle, { chromium: browser, folder, limitMs, print: say });
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

/**
 * What must survive a translation and what did, by kind: in made sentences, comments of the packages in node_modules, of
 * Python and of C where they are installed, and, given a folder of corpora (docs/corpus.md), lines of its test sets.
 */
async function benchSpans(corpora = 'corpora') {
  await ensureBuilt();
  const from = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), corpora);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [inRoot('out', 'spansBench.js'), inRoot('models', 'pretrained'), inRoot('.'), from],
    { maxBuffer: 1 << 26 },
  );
  return JSON.parse(stdout);
}

/** Losses of a made-up task in mixed precision beside those in float32, on a device: `cpu`, `webgpu`. */
async function benchPrecision(device = 'cpu') {
  await ensureBuilt();
  const task = JSON.stringify({ device, steps: 200 });
  const { stdout } = await promisify(execFile)(process.execPath, [
    inRoot('out', 'gpuBench.js'),
    'precision',
    task,
  ]);
  return JSON.parse(stdout);
}

/** @type {Readonly<Record<string, (folder?: string) => Promise<unknown>>>} */
const benchmarks = {
  /** Milliseconds: the extension's activation, the first translation (which starts engine and model), later ones. */
  translation: () => inVsCode('translationBench'),
  weights: benchWeights,
  precision: benchPrecision,
  // They bring packages with them, which may have to be installed first.
  attention: async () => (await import('./bench/attention.mjs')).benchAttention(),
  curves: async () => (await import('./bench/curves.mjs')).benchCurves(),
  /** Milliseconds of a warm hover over a new sentence, alone and beside a training; and of typing. */
  hover: () => inVsCode('hoverBench'),
  spans: benchSpans,
};

/**
 * Those with options of their own, which print what they find by themselves: files of test/bench, and options that a person
 * may give otherwise.
 * @type {Readonly<Record<string, readonly [file: string, ...options: string[]]>>}
 */
const programs = {
  training: ['trainingBench.mjs'],
  // As many pairs as WMT 2014 has, and 37,000 merges besides the reserved tokens and the alphabet.
  vocabulary: ['corpus.mjs', '--until', 'learn', '--pairs', '4500000', '--vocabulary', '37400'],
  // How a training step grows with its sizes; and Table 1 of the paper.
  costs: ['../../out/costsBench.js'],
  layers: ['../../out/layersBench.js'],
  pack: ['pack.mjs'],
  decoding: ['decodingBench.mjs'],
};

await enter(async () => {
  const [name = 'translation', ...rest] = process.argv.slice(2);
  const [benchmark, program] = [benchmarks[name], programs[name]];
  if (benchmark === undefined && program === undefined) {
    const names = [...Object.keys(benchmarks), ...Object.keys(programs)].join(', ');
    throw new Failure(`There is no benchmark “${name}”; there are: ${names}.`, 2);
  }
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  await ensureInstalled();
  if (program !== undefined) {
    await ensureBuilt();
    // Paths that a person gives start where the person is.
    const cwd = process.env['INIT_CWD'] ?? process.cwd();
    const [file, ...given] = program;
    const args = [inRoot('test', 'bench', file), ...given, ...rest];
    const { code } = await run(process.execPath, args, { show: true, cwd });
    return code;
  }
  process.stdout.write(`${JSON.stringify({ [name]: await benchmark?.(rest[0]) })}\n`);
  return 0;
});
